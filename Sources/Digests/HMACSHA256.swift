import COpenSSL
import Wire

/// HMAC-SHA256 (RFC 2104) under one key.
///
/// Like ``HMACSHA1`` it keeps the states behind the pads, so writing a code allocates nothing.
public struct HMACSHA256: Sendable {
    /// A code's length in bytes.
    public static let codeLength = 32

    private let inner: SHA256_CTX
    private let outer: SHA256_CTX

    /// Takes over `key`, of any length.
    public init(key: Span<UInt8>) {
        let short = key.count > blockLength ? HashFunction.sha256.hash(key) : [UInt8](copying: key)
        inner = Self.state(after: short, paddedWith: 0x36)
        outer = Self.state(after: short, paddedWith: 0x5C)
    }

    /// The 32 bytes that authenticate `message`.
    public func code(of message: Span<UInt8>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Self.codeLength)
        var span = code.mutableSpan
        write(codeOf: message, to: &span)
        return code
    }

    /// Writes the 32 bytes that authenticate `message` to the start of `code`.
    public func write(codeOf message: Span<UInt8>, to code: inout MutableSpan<UInt8>) {
        precondition(code.count >= Self.codeLength, "an HMAC-SHA256 code has 32 bytes")
        var (first, second) = (inner, outer)
        // SHA256_Update reads `count` bytes and keeps no pointer.
        unsafe message.withUnsafeBufferPointer { buffer in
            _ = unsafe SHA256_Update(&first, buffer.baseAddress, buffer.count)
        }
        // The span holds 32 bytes, as checked; each call writes as many and keeps no pointer.
        unsafe code.withUnsafeMutableBufferPointer { buffer in
            unsafe SHA256_Final(buffer.baseAddress, &first)
            unsafe SHA256_Update(&second, buffer.baseAddress, Self.codeLength)
            unsafe SHA256_Final(buffer.baseAddress, &second)
        }
    }

    private static func state(after key: [UInt8], paddedWith pad: UInt8) -> SHA256_CTX {
        var block = [UInt8](repeating: pad, count: blockLength)
        for (index, byte) in key.enumerated() { block[index] ^= byte }
        var state = SHA256_CTX()
        // Both calls work on the local state and keep no pointer.
        unsafe SHA256_Init(&state)
        unsafe SHA256_Update(&state, block, block.count)
        return state
    }
}

/// RFC 2104 §2: B, the block length of SHA-256.
private let blockLength = 64
