/// What was wrong with a message, as a word that programs can compare.
public struct SignalingErrorCode: RawRepresentable, Hashable, Sendable {
    /// The word in the field `code`.
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// Nobody is registered under the target's id.
    public static let unknownTarget = SignalingErrorCode(rawValue: "unknown-target")
    /// Another connection holds the id.
    public static let idTaken = SignalingErrorCode(rawValue: "id-taken")
    /// The connection holds another id already.
    public static let alreadyRegistered = SignalingErrorCode(rawValue: "already-registered")
    /// The connection has not registered an id yet.
    public static let notRegistered = SignalingErrorCode(rawValue: "not-registered")
    /// The message is no JSON object, or lacks a field it must have.
    public static let malformed = SignalingErrorCode(rawValue: "malformed")
    /// The type means nothing here.
    public static let unknownType = SignalingErrorCode(rawValue: "unknown-type")
    /// The message is larger than the server forwards.
    public static let tooLarge = SignalingErrorCode(rawValue: "too-large")
}

extension SignalingErrorCode: CustomStringConvertible {
    public var description: String { rawValue }
}
