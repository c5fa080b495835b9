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
        var part = SHA256Message(self)
        part.append(message)
        part.finish(into: &code)
    }

    /// Starts a message that comes in several parts.
    public func message() -> SHA256Message { SHA256Message(self) }

    private static func state(after key: [UInt8], paddedWith pad: UInt8) -> SHA256_CTX {
        var block = InlineArray<64, UInt8>(repeating: pad)
        for (index, byte) in key.enumerated() { block[index] ^= byte }
        var state = SHA256_CTX()
        // The calls work on the local state and keep no pointer.
        unsafe SHA256_Init(&state)
        unsafe block.span.withUnsafeBufferPointer { buffer in
            _ = unsafe SHA256_Update(&state, buffer.baseAddress, buffer.count)
        }
        return state
    }

    /// A message being authenticated part by part.
    public struct SHA256Message {
        private var inner: SHA256_CTX
        private var outer: SHA256_CTX

        init(_ hmac: HMACSHA256) {
            inner = hmac.inner
            outer = hmac.outer
        }

        /// Adds `part` to the message.
        public mutating func append(_ part: Span<UInt8>) {
            // SHA256_Update reads `count` bytes and keeps no pointer.
            unsafe part.withUnsafeBufferPointer { buffer in
                _ = unsafe SHA256_Update(&inner, buffer.baseAddress, buffer.count)
            }
        }

        /// Writes the code of all parts to the start of `code`, which holds at least 32 bytes.
        public mutating func finish(into code: inout MutableSpan<UInt8>) {
            precondition(code.count >= HMACSHA256.codeLength, "an HMAC-SHA256 code has 32 bytes")
            // The span holds 32 bytes, as checked; each call writes as many and keeps no pointer.
            unsafe code.withUnsafeMutableBufferPointer { buffer in
                unsafe SHA256_Final(buffer.baseAddress, &inner)
                unsafe SHA256_Update(&outer, buffer.baseAddress, HMACSHA256.codeLength)
                unsafe SHA256_Final(buffer.baseAddress, &outer)
            }
        }
    }
}

/// RFC 2104 §2: B, the block length of SHA-256.
private let blockLength = 64
