import Glibc

/// Arrivals recorded from others, one a line: milliseconds, sequence number, timestamp, bytes.
enum Recordings {
    struct Arrival: Sendable {
        var milliseconds: Int64
        var sequence: Int64
        var timestamp: Int64
    }

    static func arrivals(in file: String) -> [Arrival] {
        text(of: file).split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { Int64($0) }
            guard numbers.count == 4 else { return nil }
            return Arrival(milliseconds: numbers[0], sequence: numbers[1], timestamp: numbers[2])
        }
    }

    private static func text(of file: String) -> String {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        guard let stream = unsafe fopen("/\(here)/Fixtures/rtp/\(file)", "r") else { return "" }
        defer { unsafe _ = fclose(stream) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            // `fread` writes at most the size of the chunk.
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { break }
            content.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: content, as: UTF8.self)
    }
}
