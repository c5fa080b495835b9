/// What an agent uses STUN for, and so which attributes it understands (RFC 8489 §13).
///
/// A request with a comprehension-required attribute from outside its usages is refused with 420
/// (RFC 8489 §6.3.1).
///
/// ```swift
/// packet.unknownRequiredAttributes(in: bytes.span, understanding: [.binding, .relay])
/// ```
public struct STUNUsage: OptionSet, Hashable, Sendable {
    /// The set as bits.
    public var rawValue: UInt8

    /// The usages of these bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What every agent understands: RFC 8489, authentication included.
    public static let binding = STUNUsage(rawValue: 1)
    /// Connectivity checks (RFC 8445 §16.1).
    public static let connectivity = STUNUsage(rawValue: 2)
    /// TURN (RFC 8656 §18).
    public static let relay = STUNUsage(rawValue: 4)
    /// Discovery of NAT behaviour (RFC 5780 §7).
    public static let behaviorDiscovery = STUNUsage(rawValue: 8)
}

extension STUNAttributeType {
    /// Whether an ICE agent understands the attribute, so that it need not be refused.
    public var isUnderstood: Bool { isUnderstood(in: [.binding, .connectivity]) }

    /// Whether an agent of these usages understands the attribute, or may pass over it.
    public func isUnderstood(in usages: STUNUsage) -> Bool {
        switch self {
        case .mappedAddress, .username, .messageIntegrity, .errorCode, .unknownAttributes, .realm,
            .nonce, .messageIntegritySHA256, .passwordAlgorithm, .userHash, .xorMappedAddress:
            true
        case .priority, .useCandidate: usages.contains(.connectivity)
        case .channelNumber, .lifetime, .xorPeerAddress, .data, .xorRelayedAddress,
            .requestedAddressFamily, .evenPort, .requestedTransport, .dontFragment,
            .reservationToken:
            usages.contains(.relay)
        case .changeRequest, .padding, .responsePort: usages.contains(.behaviorDiscovery)
        default: !isComprehensionRequired
        }
    }
}
