/// Which side decides the pairs that will be used (RFC 8445 §6.1.1).
public enum ICERole: Hashable, Sendable {
    /// The side that nominates, as a rule the one that offered.
    case controlling
    /// The side that follows.
    case controlled

    /// The other role.
    public var opposite: ICERole {
        switch self {
        case .controlling: .controlled
        case .controlled: .controlling
        }
    }
}
