public import Wire

/// A network address translator, in the terms of RFC 4787.
///
/// ```swift
/// let home = network.addNetwork(
///     behind: NAT(kind: .portRestricted, publicAddress: address, mappingTimeout: .seconds(30))
/// )
/// ```
///
/// Packets of the other IP family are not translated, as in a home network with IPv4 behind a NAT and
/// IPv6 without: they keep their addresses, but the filter applies to them as a stateful firewall.
public struct NAT: Hashable, Sendable {
    /// The four classic kinds.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// One port for all destinations, open to everyone.
        case fullCone
        /// One port for all destinations, open to the addresses that were sent to.
        case addressRestricted
        /// One port for all destinations, open to the addresses and ports that were sent to.
        case portRestricted
        /// A port of its own for each destination, open to that destination only.
        case symmetric
    }

    /// How much of the remote endpoint a decision depends on (RFC 4787 §4.1, §5).
    public enum Dependence: Hashable, Sendable, CaseIterable {
        case endpointIndependent, addressDependent, addressAndPortDependent
    }

    /// How the port of a new mapping is chosen (RFC 4787 §4.2).
    public enum PortAllocation: Hashable, Sendable, CaseIterable {
        /// By chance.
        case random
        /// The host's own port if it is free, else by chance.
        case preserving
        /// One after the other.
        case sequential
    }

    /// The address that the outside sees.
    public var publicAddress: IPAddress
    /// When packets of one inside endpoint share a port.
    public var mapping: Dependence
    /// Which outside endpoints may send in.
    public var filtering: Dependence
    /// Whether hosts inside reach each other by their public endpoints (RFC 4787 §6).
    public var hairpin: Bool
    /// How long an unused mapping, and an unused permission to send in, lasts (RFC 4787 §4.3).
    public var mappingTimeout: Duration
    /// Whether packets coming in keep a mapping alive; packets going out always do (RFC 4787 §4.3).
    public var refreshesOnInbound: Bool
    /// How ports are chosen.
    public var portAllocation: PortAllocation

    /// A NAT of one of the classic kinds; its parts can be changed one by one afterwards.
    public init(
        kind: Kind,
        publicAddress: IPAddress,
        hairpin: Bool = true,
        mappingTimeout: Duration = .seconds(120),
        refreshesOnInbound: Bool = false,
        portAllocation: PortAllocation = .random
    ) {
        self.publicAddress = publicAddress
        mapping = kind.mapping
        filtering = kind.filtering
        self.hairpin = hairpin
        self.mappingTimeout = mappingTimeout
        self.refreshesOnInbound = refreshesOnInbound
        self.portAllocation = portAllocation
    }
}

extension NAT.Kind {
    /// When packets of one inside endpoint share a port.
    public var mapping: NAT.Dependence {
        switch self {
        case .fullCone, .addressRestricted, .portRestricted: .endpointIndependent
        case .symmetric: .addressAndPortDependent
        }
    }

    /// Which outside endpoints may send in.
    public var filtering: NAT.Dependence {
        switch self {
        case .fullCone: .endpointIndependent
        case .addressRestricted: .addressDependent
        case .portRestricted, .symmetric: .addressAndPortDependent
        }
    }
}
