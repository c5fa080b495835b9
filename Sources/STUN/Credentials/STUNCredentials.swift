/// A user's name and password.
///
/// ```swift
/// let credentials = STUNCredentials(username: "alice", password: "secret")
/// var authenticator = try LongTermAuthenticator(credentials)
/// ```
public struct STUNCredentials: Hashable, Sendable {
    /// Who asks.
    public var username: String
    /// What both sides know and nobody sends.
    public var password: String

    /// Credentials of these texts, as the user wrote them.
    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    /// The same as they take part in keys: both texts under the profile OpaqueString (RFC 8265 §4.2).
    public func prepared() throws(STUNCredentialError) -> STUNCredentials {
        let username: String
        let password: String
        do throws(OpaqueStringError) {
            username = try OpaqueString.prepare(self.username)
        } catch { throw .username(error) }
        // RFC 8489 §14.3: less than 509 bytes.
        guard username.utf8.count < 509 else { throw .username(.tooLong) }
        do throws(OpaqueStringError) {
            password = try OpaqueString.prepare(self.password)
        } catch { throw .password(error) }
        return STUNCredentials(username: username, password: password)
    }
}

/// Which of the two texts cannot be used, and why.
public enum STUNCredentialError: Error, Hashable, Sendable {
    case username(OpaqueStringError)
    case password(OpaqueStringError)
}

extension STUNCredentialError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .username(let error): "the user name \(error)"
        case .password(let error): "the password \(error)"
        }
    }
}
