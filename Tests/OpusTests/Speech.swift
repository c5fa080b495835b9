import Glibc

/// The spoken sample of the fixtures: mono, 48 kHz, 16 bit, behind a header of 44 bytes.
enum Speech {
    static let samples: [Int16] = {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        guard let stream = unsafe fopen("/\(here)/Fixtures/audio/speech.wav", "r") else {
            return []
        }
        defer { unsafe _ = fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1_000_000)
        // `fread` writes at most the size of the array.
        let count = unsafe fread(&bytes, 1, bytes.count, stream)
        return stride(from: 44, to: count - 1, by: 2).map { index in
            Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
    }()

    /// The correlation of `left` and `right`, -1 to 1.
    static func correlation(_ left: ArraySlice<Int16>, _ right: ArraySlice<Int16>) -> Double {
        var (both, ours, theirs) = (0.0, 0.0, 0.0)
        for (a, b) in zip(left, right) {
            both += Double(a) * Double(b)
            ours += Double(a) * Double(a)
            theirs += Double(b) * Double(b)
        }
        return ours > 0 && theirs > 0 ? both / (ours * theirs).squareRoot() : 0
    }
}
