import Glibc

/// An open file.
///
/// Closed when the value goes away.
@safe struct FileStream: ~Copyable {
    let path: String
    private let handle: UnsafeMutablePointer<FILE>

    enum Mode: String { case read = "re", write = "we" }

    init(path: String, mode: Mode) throws(AudioError) {
        guard let opened = unsafe fopen(path, mode.rawValue) else {
            throw .file(path: path, operation: .open, code: errno)
        }
        self.path = path
        unsafe handle = opened
    }

    deinit { unsafe _ = fclose(handle) }

    /// Reads up to `count` bytes; fewer only at the end of the file.
    mutating func read(_ count: Int) throws(AudioError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // `fread` writes at most `count` bytes, which the array has.
        let read = unsafe fread(&bytes, 1, count, handle)
        let hasFailed = unsafe ferror(handle) != 0
        guard read == count || !hasFailed else {
            throw .file(path: path, operation: .read, code: errno)
        }
        bytes.removeLast(count - read)
        return bytes
    }

    mutating func write(_ bytes: [UInt8]) throws(AudioError) {
        guard unsafe fwrite(bytes, 1, bytes.count, handle) == bytes.count else {
            throw .file(path: path, operation: .write, code: errno)
        }
    }

    mutating func seek(to offset: Int) throws(AudioError) {
        guard unsafe fseek(handle, offset, SEEK_SET) == 0 else {
            throw .file(path: path, operation: .write, code: errno)
        }
    }

    mutating func flush() throws(AudioError) {
        guard unsafe fflush(handle) == 0 else {
            throw .file(path: path, operation: .write, code: errno)
        }
    }
}
