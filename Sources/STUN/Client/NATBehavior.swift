public import Wire

/// How much of the remote endpoint a NAT's decision depends on (RFC 4787 §4.1, §5).
public enum NATDependence: Hashable, Sendable, CaseIterable {
    case endpointIndependent, addressDependent, addressAndPortDependent
}

/// What was found out about the way to the internet (RFC 5780 §4).
public struct NATBehavior: Hashable, Sendable {
    /// The address the server sees.
    public var mappedAddress: SocketAddress
    /// Whether it differs from our own.
    public var isTranslated: Bool
    /// Whether different destinations see different ports; nil when it could not be found out.
    public var mapping: NATDependence?
    /// Who may send in once something was sent out; nil when it could not be found out.
    public var filtering: NATDependence?
    /// Whether two hosts behind the NAT reach each other by their outside addresses; nil when it was
    /// not asked for or could not be found out.
    public var hairpins: Bool?

    /// The name people know it under; nil when mapping or filtering is not known.
    public var name: String? {
        guard let mapping, let filtering else { return nil }
        guard isTranslated else {
            return filtering == .endpointIndependent ? "no NAT" : "no NAT, but a firewall"
        }
        switch (mapping, filtering) {
        case (.endpointIndependent, .endpointIndependent): return "full cone"
        case (.endpointIndependent, .addressDependent): return "address-restricted cone"
        case (.endpointIndependent, .addressAndPortDependent): return "port-restricted cone"
        case (.addressDependent, _), (.addressAndPortDependent, _): return "symmetric"
        }
    }
}

/// Why nothing could be found out.
public enum NATDiscoveryFailure: Error, Hashable, Sendable {
    /// The first question was not answered, or refused.
    case server(STUNFailure)
}

extension NATDiscoveryFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .server(let failure): "\(failure)"
        }
    }
}
