import Digests
import Wire

extension STUNKey {
    /// The key of a long-term credential under `algorithm` (RFC 8489 §18.5.1).
    ///
    /// Nil if the algorithm is not known. The parts are prepared already.
    public init?(
        credentials: STUNCredentials,
        realm: String,
        algorithm: STUNPasswordAlgorithm
    ) {
        let (username, password) = (credentials.username, credentials.password)
        switch algorithm {
        case .md5: self.init(username: username, realm: realm, password: password)
        case .sha256: self.init(username: username, realm: realm, passwordSHA256: password)
        default: return nil
        }
    }
}

/// The value of USERHASH (RFC 8489 §14.4): 32 bytes that hide the user's name.
public enum STUNUserHash {
    /// The hash of a user name within a realm, both prepared.
    public static func hash(username: String, realm: String) -> [UInt8] {
        let text = [UInt8]("\(username):\(realm)".utf8)
        return HashFunction.sha256.hash(text.span)
    }
}
