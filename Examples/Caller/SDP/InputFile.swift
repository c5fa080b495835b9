import Glibc

/// Why a file could not be read.
struct InputError: Error, Hashable, CustomStringConvertible {
    let name: String
    let code: CInt

    var description: String {
        // The text belongs to the C library and is copied at once.
        let reason = unsafe String(cString: strerror(code))
        return "cannot read \(name): \(reason)."
    }
}

/// Files as bytes.
enum InputFile {
    /// More than any description may have; the parser says so when it is exceeded.
    private static let most = 2_000_000

    /// The bytes of a file, or of standard input for `-`.
    static func read(_ name: String) throws(InputError) -> [UInt8] {
        guard name != "-" else { return try read(STDIN_FILENO, of: "standard input") }
        // The path is read before the call returns.
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(name: name, code: errno) }
        defer { close(descriptor) }
        return try read(descriptor, of: name)
    }

    private static func read(
        _ descriptor: CInt,
        of name: String
    ) throws(InputError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < most {
            // The kernel fills the buffer before the call returns.
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputError(name: name, code: errno) }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}
