import Wire

/// What a server tells at the start of its nonce, where nobody can take it out unnoticed
/// (RFC 8489 §9.2, the "nonce cookie").
public struct NonceFeatures: OptionSet, Hashable, Sendable {
    /// The 24 bits (RFC 8489 §18.1).
    public var rawValue: UInt32

    /// The features of these bits.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue & 0xFF_FFFF }

    /// The server sends PASSWORD-ALGORITHMS.
    public static let passwordAlgorithms = NonceFeatures(rawValue: 1)
    /// The server wants USERHASH instead of USERNAME.
    public static let usernameAnonymity = NonceFeatures(rawValue: 2)

    /// The features that `nonce` begins with; nil if it has no cookie.
    public init?(nonce: Span<UInt8>) {
        guard nonce.count >= nonceCookieLength else { return nil }
        for (index, byte) in nonceCookie.utf8.enumerated() where nonce[index] != byte {
            return nil
        }
        let digits = [UInt8](copying: nonce.extracting(nonceCookie.utf8.count..<nonceCookieLength))
        guard let bits = Base64.decode(String(decoding: digits, as: UTF8.self)), bits.count == 3
        else { return nil }
        self.init(rawValue: UInt32(bits[0]) << 16 | UInt32(bits[1]) << 8 | UInt32(bits[2]))
    }

    /// The cookie that a nonce of these features begins with, 13 characters.
    var cookie: String {
        let bits = [
            UInt8(rawValue >> 16 & 0xFF), UInt8(rawValue >> 8 & 0xFF), UInt8(rawValue & 0xFF),
        ]
        return nonceCookie + Base64.encode(bits)
    }
}

/// RFC 8489 §9.2.
private let nonceCookie = "obMatJos2"
/// The cookie and 24 bits in base64.
let nonceCookieLength = 13
