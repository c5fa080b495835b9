public import Wire

/// Which sockets a connection opens.
///
/// ```swift
/// configuration.sockets.ports = 50_000...50_999
/// configuration.sockets.excludedInterfaces = ["docker*", "veth*"]
/// ```
public struct SocketConfiguration: Hashable, Sendable {
    /// Ports to choose from; nil leaves it to the system.
    public var ports: ClosedRange<UInt16>?
    /// Names of interfaces to use; a star at the end stands for any ending.
    ///
    /// Empty for all.
    public var includedInterfaces: [String] = []
    /// Names of interfaces not to use, in the same way.
    public var excludedInterfaces: [String] = []
    /// Addresses to use; empty for all.
    public var includedRanges: [AddressRange] = []
    /// Addresses not to use.
    public var excludedRanges: [AddressRange] = []
    /// IPv4, IPv6 or both.
    public var families: Set<IPAddress.Family> = [.v4, .v6]
    /// Which of the remaining addresses are used at all.
    public var mode = AddressMode.allInterfaces
    /// At most so many addresses get a socket.
    public var maximumAddresses = 16

    /// Any port on every interface.
    public init() {}

    func allows(interface name: String) -> Bool {
        (includedInterfaces.isEmpty || includedInterfaces.contains { name.fits(pattern: $0) })
            && !excludedInterfaces.contains { name.fits(pattern: $0) }
    }

    func allows(_ address: IPAddress) -> Bool {
        families.contains(address.family)
            && (includedRanges.isEmpty || includedRanges.contains { $0.contains(address) })
            && !excludedRanges.contains { $0.contains(address) }
    }
}

/// How much of our network the peer may learn (RFC 8828 §5.2).
public enum AddressMode: Hashable, Sendable {
    /// Mode 1: every interface.
    case allInterfaces
    /// Mode 2: the interface of the default route, with its addresses.
    case defaultRoute
    /// Mode 3: the interface of the default route, seen from the outside only.
    case defaultRouteHidden
    /// Mode 4: nothing but relayed candidates.
    case relayOnly
}

extension String {
    fileprivate func fits(pattern: String) -> Bool {
        pattern.last == "*" ? hasPrefix(pattern.dropLast()) : self == pattern
    }
}
