public import Wire

/// The user name fragment and the password of one side of an ICE session (RFC 8445 §5.3).
///
/// ```swift
/// var entropy = Entropy.system
/// let credentials = ICECredentials.random(using: &entropy)
/// ```
public struct ICECredentials: Hashable, Sendable {
    /// What names a session in the checks that reach it (`a=ice-ufrag`).
    public var usernameFragment: String
    /// What signs the checks that reach a session (`a=ice-pwd`).
    public var password: String

    /// Credentials as the other side signalled them.
    public init(usernameFragment: String, password: String) {
        self.usernameFragment = usernameFragment
        self.password = password
    }

    /// Fresh credentials: 48 random bits of name, 144 of password.
    public static func random(using entropy: inout Entropy) -> ICECredentials {
        ICECredentials(
            usernameFragment: text(length: 8, from: &entropy),
            password: text(length: 24, from: &entropy)
        )
    }

    /// Whether both parts have the length and the characters that RFC 8839 §5.4 asks for.
    public var isValid: Bool {
        4...256 ~= usernameFragment.utf8.count && 22...256 ~= password.utf8.count
            && usernameFragment.utf8.allSatisfy(alphabet.contains)
            && password.utf8.allSatisfy(alphabet.contains)
    }

    private static func text(length: Int, from entropy: inout Entropy) -> String {
        // 64 characters: six bits choose one without bias.
        String(decoding: entropy.bytes(length).map { alphabet[Int($0 & 63)] }, as: UTF8.self)
    }
}

/// RFC 8839 §5.1: ice-char = ALPHA / DIGIT / "+" / "/".
private let alphabet = [UInt8](
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
)
