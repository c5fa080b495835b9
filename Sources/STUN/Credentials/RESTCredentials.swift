import Digests
import Wire

/// Credentials with a time limit, made by a web service and checked by a server that shares a secret
/// with it: the user name says when they end, the password is a code over it.
///
/// ```swift
/// let credentials = RESTCredentials.make(
///     for: "alice", validUntil: secondsSince1970 + 3_600, secret: secret
/// )                                   // "1796000000:alice"
/// ```
public enum RESTCredentials {
    /// Credentials for `name` until `expiry`, in seconds since 1970.
    public static func make(
        for name: String,
        validUntil expiry: Int64,
        secret: String
    ) -> STUNCredentials {
        let username = "\(expiry):\(name)"
        return STUNCredentials(
            username: username,
            password: password(for: username, secret: secret)
        )
    }

    /// The credentials behind a user name that a request brought; nil if their time is over at
    /// `time`, in seconds since 1970, or the name has not the form.
    public static func lookUp(
        _ username: String,
        at time: Int64,
        secret: String
    ) -> STUNCredentials? {
        guard let expiry = expiry(of: username), expiry > time else { return nil }
        return STUNCredentials(
            username: username,
            password: password(for: username, secret: secret)
        )
    }

    /// When the credentials of this name end, in seconds since 1970; nil if the name says nothing.
    ///
    /// Some services write the time behind the name instead, which is not accepted here.
    public static func expiry(of username: String) -> Int64? {
        let digits = username.utf8.prefix { $0 != UInt8(ascii: ":") }
        guard (1...18).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Base64 of HMAC-SHA1 of the name under the secret.
    static func password(for username: String, secret: String) -> String {
        let (key, message) = ([UInt8](secret.utf8), [UInt8](username.utf8))
        return Base64.encode(HMACSHA1(key: key.span).code(of: message.span))
    }
}
