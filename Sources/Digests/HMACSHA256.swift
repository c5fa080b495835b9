import COpenSSL
import Wire

/// HMAC-SHA256 (RFC 2104) under one key.
///
/// Like ``HMACSHA1`` it keeps the states behind the pads and allocates nothing for a message.
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
        var (first, second) = (inner, outer)
        // `code` holds 32 bytes; each call reads or writes as many as it is told, keeping no pointer.
        unsafe message.withUnsafeBufferPointer { buffer in
            _ = unsafe SHA256_Update(&first, buffer.baseAddress, buffer.count)
        }
        unsafe SHA256_Final(&code, &first)
        unsafe SHA256_Update(&second, code, code.count)
        unsafe SHA256_Final(&code, &second)
        return code
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
