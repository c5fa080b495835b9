import COpenSSL
import Wire

/// HMAC-SHA1 (RFC 2104) under one key.
///
/// Keeps the hash states behind the inner and the outer pad, so a message costs neither the key's two
/// blocks nor an allocation; copying the value copies 200 bytes.
///
/// ```swift
/// let hmac = HMACSHA1(key: password.span)
/// let code = hmac.code(of: message.span)
/// ```
public struct HMACSHA1: Sendable {
    /// A code's length in bytes.
    public static let codeLength = 20

    private let inner: SHA_CTX
    private let outer: SHA_CTX

    /// Takes over `key`, of any length.
    public init(key: Span<UInt8>) {
        let short = key.count > blockLength ? HashFunction.sha1.hash(key) : [UInt8](copying: key)
        inner = Self.state(after: short, paddedWith: 0x36)
        outer = Self.state(after: short, paddedWith: 0x5C)
    }

    /// The 20 bytes that authenticate `message`.
    public func code(of message: Span<UInt8>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Self.codeLength)
        var span = code.mutableSpan
        write(codeOf: message, to: &span)
        return code
    }

    /// Writes the 20 bytes that authenticate `message` to the start of `code`.
    public func write(codeOf message: Span<UInt8>, to code: inout MutableSpan<UInt8>) {
        var part = SHA1Message(self)
        part.append(message)
        part.finish(into: &code)
    }

    /// Starts a message that comes in several parts.
    public func message() -> SHA1Message { SHA1Message(self) }

    private static func state(after key: [UInt8], paddedWith pad: UInt8) -> SHA_CTX {
        var block = [UInt8](repeating: pad, count: blockLength)
        for (index, byte) in key.enumerated() { block[index] ^= byte }
        var state = SHA_CTX()
        // Both calls work on the local state and keep no pointer.
        unsafe SHA1_Init(&state)
        unsafe SHA1_Update(&state, block, block.count)
        return state
    }

    /// A message being authenticated part by part.
    public struct SHA1Message {
        private var inner: SHA_CTX
        private var outer: SHA_CTX

        init(_ hmac: HMACSHA1) {
            inner = hmac.inner
            outer = hmac.outer
        }

        /// Adds `part` to the message.
        public mutating func append(_ part: Span<UInt8>) {
            // SHA1_Update reads `count` bytes and keeps no pointer.
            unsafe part.withUnsafeBufferPointer { buffer in
                _ = unsafe SHA1_Update(&inner, buffer.baseAddress, buffer.count)
            }
        }

        /// Writes the code of all parts to the start of `code`, which holds at least 20 bytes.
        public mutating func finish(into code: inout MutableSpan<UInt8>) {
            precondition(code.count >= HMACSHA1.codeLength, "an HMAC-SHA1 code has 20 bytes")
            // The span holds 20 bytes, as checked; each call writes as many and keeps no pointer.
            unsafe code.withUnsafeMutableBufferPointer { buffer in
                unsafe SHA1_Final(buffer.baseAddress, &inner)
                unsafe SHA1_Update(&outer, buffer.baseAddress, HMACSHA1.codeLength)
                unsafe SHA1_Final(buffer.baseAddress, &outer)
            }
        }
    }
}

/// RFC 2104 §2: B, the block length of SHA-1.
private let blockLength = 64
