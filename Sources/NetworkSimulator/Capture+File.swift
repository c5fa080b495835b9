import Glibc

/// Why a capture could not be written to a file.
public struct CaptureFileError: Error, Hashable, Sendable {
    /// The number of the system's error, as in `errno`.
    public let code: CInt

    /// The error with this number.
    public init(code: CInt) { self.code = code }
}

extension CaptureFileError: CustomStringConvertible {
    public var description: String {
        // strerror returns a valid string for every number; it is copied at once.
        unsafe "cannot write the capture: \(String(cString: strerror(code)))"
    }
}

extension Capture {
    /// Writes ``pcap()`` to the file at `path`, in place of what is there.
    public func write(to path: String) throws(CaptureFileError) {
        guard let file = unsafe fopen(path, "wb") else { throw CaptureFileError(code: errno) }
        let bytes = pcap()
        // The array outlives the call, which reads as many bytes as it is told.
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        let failure = written < bytes.count ? errno : 0
        let closing = unsafe fclose(file)
        guard failure == 0 else { throw CaptureFileError(code: failure) }
        guard closing == 0 else { throw CaptureFileError(code: errno) }
    }
}
