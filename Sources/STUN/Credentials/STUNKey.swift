import Digests
import Wire

/// The key that signs and checks messages, ready for use.
///
/// Keep one for each credential: making it costs two hash blocks, using it none of them.
public struct STUNKey: Sendable {
    let hmac: HMACSHA1
    private let bytes: [UInt8]

    /// A key of these bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
        hmac = HMACSHA1(key: bytes.span)
    }

    /// The key of a short-term credential: the password itself (RFC 8489 §9.1.1).
    public init(password: String) {
        self.init(bytes: [UInt8](password.utf8))
    }

    /// The key of a long-term credential (RFC 8489 §9.2.2); the parts are prepared already.
    public init(username: String, realm: String, password: String) {
        let text = [UInt8]("\(username):\(realm):\(password)".utf8)
        self.init(bytes: HashFunction.md5.hash(text.span))
    }

    /// The key of a long-term credential under the password algorithm SHA-256 (RFC 8489 §18.5.1.2).
    public init(username: String, realm: String, passwordSHA256 password: String) {
        let text = [UInt8]("\(username):\(realm):\(password)".utf8)
        self.init(bytes: HashFunction.sha256.hash(text.span))
    }

    /// The same key for the longer code, made when it is needed.
    var strong: HMACSHA256 { HMACSHA256(key: bytes.span) }
}
