import Digests
import Wire

/// Makes nonces that a server recognises without remembering them (RFC 8489 §9.2).
///
/// A nonce is the cookie, then in base64 the second it was made and a code over that second, the
/// cookie and the client's address, under a secret of the server. Nothing is stored for a client
/// that has not shown a password yet.
struct NonceMint: Sendable {
    enum Judgement: Hashable, Sendable { case valid, stale }

    private let hmac: HMACSHA256
    private let lifetimeInSeconds: UInt64
    private let cookie: [UInt8]

    init(features: NonceFeatures, lifetime: Duration, entropy: inout Entropy) {
        let secret = entropy.bytes(32)
        hmac = HMACSHA256(key: secret.span)
        lifetimeInSeconds = UInt64(max(1, lifetime.components.seconds))
        cookie = [UInt8](features.cookie.utf8)
    }

    /// A nonce for the client at `address`.
    func make(for address: IPAddress, at now: Instant) -> [UInt8] {
        cookie + [UInt8](Base64.encode(body(second: Self.second(of: now), address)).utf8)
    }

    /// Whether `nonce` was made here for `address` not too long ago.
    ///
    /// A forged nonce is stale like an old one: the client asks for nothing more than a new one.
    func judge(_ nonce: Span<UInt8>, from address: IPAddress, at now: Instant) -> Judgement {
        guard nonce.count == cookie.count + 32 else { return .stale }
        let digits = [UInt8](copying: nonce.extracting(cookie.count..<nonce.count))
        guard let bytes = Base64.decode(String(decoding: digits, as: UTF8.self)),
            bytes.count == bodyLength
        else { return .stale }
        var second: UInt64 = 0
        for byte in bytes.prefix(6) { second = second << 8 | UInt64(byte) }
        let expected = body(second: second, address)
        let hasCookie = nonce.extracting(0..<cookie.count).hasSameBytes(as: cookie.span)
        guard hasCookie, expected.span.isEqualInConstantTime(to: bytes.span) else { return .stale }
        let age = Self.second(of: now) &- second
        return age < lifetimeInSeconds ? .valid : .stale
    }

    /// Six bytes of time and 18 of the code.
    private func body(second: UInt64, _ address: IPAddress) -> [UInt8] {
        let time = (0..<6).map { UInt8(truncatingIfNeeded: second >> (40 - 8 * $0)) }
        let message = time + cookie + address.unmapped.bytes
        return time + hmac.code(of: message.span).prefix(bodyLength - 6)
    }

    /// Whole seconds, always positive.
    private static func second(of now: Instant) -> UInt64 {
        UInt64(bitPattern: now.nanoseconds &- .min) / 1_000_000_000
    }
}

private let bodyLength = 24
