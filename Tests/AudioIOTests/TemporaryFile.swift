import Glibc

/// A file that is gone when the value is.
struct TemporaryFile: ~Copyable {
    let path: String

    init(_ bytes: [UInt8] = []) {
        var template = [CChar]("/tmp/swiftlet-audio-XXXXXX".utf8.map { CChar($0) } + [0])
        // `mkstemp` replaces the six letters in place.
        let descriptor = unsafe mkstemp(&template)
        unsafe _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
        path = String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self)
    }

    deinit { unsafe _ = unlink(path) }

    var bytes: [UInt8] {
        guard let stream = unsafe fopen(path, "r") else { return [] }
        defer { unsafe _ = fclose(stream) }
        var content = [UInt8](repeating: 0, count: 1_000_000)
        // `fread` writes at most the size of the array.
        let count = unsafe fread(&content, 1, content.count, stream)
        return [UInt8](content.prefix(count))
    }
}

enum Fixture {
    static let speechPath: String = {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(here)/Fixtures/audio/speech.wav"
    }()
}
