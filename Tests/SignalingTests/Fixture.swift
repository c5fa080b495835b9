import Glibc

/// Reads files of `Fixtures`, wherever the package lies.
enum Fixture {
    struct Missing: Error { var path: String }

    static func bytes(_ path: String, file: StaticString = #filePath) throws(Missing) -> [UInt8] {
        let root = file.description.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast(3).joined(separator: "/")
        let full = "\(root)/Fixtures/\(path)"
        guard let handle = unsafe fopen(full, "rb") else { throw Missing(path: full) }
        defer { unsafe _ = fclose(handle) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            // fread fills at most the array it is given.
            let count = unsafe fread(&chunk, 1, chunk.count, handle)
            guard count > 0 else { return content }
            content += chunk[..<count]
        }
    }

    /// The HTTP head and what follows it.
    static func recording(_ name: String) throws(Missing) -> (head: [UInt8], frames: [UInt8]) {
        let all = try bytes("websocket/\(name).bin")
        var end = 0
        while end + 4 <= all.count, Array(all[end..<end + 4]) != [13, 10, 13, 10] { end += 1 }
        return (Array(all[..<(end + 4)]), Array(all[(end + 4)...]))
    }
}
