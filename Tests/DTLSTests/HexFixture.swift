import Glibc
import Wire

/// Lines of hexadecimal below `Fixtures/`; lines that begin with `#` are remarks.
enum HexFixture {
    static func lines(of name: String) -> [[UInt8]] {
        text(of: name).split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap(Hex.decode)
    }

    private static func text(of name: String) -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        // The file is closed on every path; fread writes at most the chunk's size.
        guard let file = unsafe fopen("/\(root)/Fixtures/\(name)", "r") else { return "" }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
