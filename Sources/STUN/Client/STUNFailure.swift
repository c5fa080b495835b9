/// Why a server gave no address.
public enum STUNFailure: Error, Hashable, Sendable {
    /// No answer, though the request was sent again and again.
    case timedOut
    /// The server answered with an error.
    case refused(STUNErrorCode, reason: String)
    /// The server wants a user name and password, and does not accept ours.
    case unauthenticated(LongTermRefusal)
    /// The answer has no address, or something in it that must be understood and is not.
    case unusableAnswer
    /// The server sent us to others too often, or to one that cannot be used.
    case redirectedTooOften
    /// The owner said that nothing gets through to the server: a closed connection, an ICMP error.
    case unreachable
}

extension STUNFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .timedOut: "the server did not answer"
        case .refused(let code, let reason):
            reason.isEmpty
                ? "the server refused (\(code.rawValue))"
                : "the server refused: \(reason) (\(code.rawValue))"
        case .unauthenticated(let refusal): "\(refusal)"
        case .unusableAnswer: "the server's answer cannot be used"
        case .redirectedTooOften: "the server sends us from one to the other"
        case .unreachable: "the server cannot be reached"
        }
    }
}
