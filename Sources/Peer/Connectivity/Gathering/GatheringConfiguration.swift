public import ICE
public import Wire

/// Which candidates of ours there are, and what the peer is told of them.
///
/// ```swift
/// var gathering = GatheringConfiguration()
/// gathering.transportPolicy = .relay      // the peer never learns an address of ours
/// gathering.rewrites = [AddressRewrite(to: publicAddress)]    // 1:1 NAT of a cloud
/// ```
public struct GatheringConfiguration: Hashable, Sendable {
    /// Which kinds of paths may be used: W3C's `RTCIceTransportPolicy`.
    public var transportPolicy = ICETransportPolicy.all
    /// Kinds of candidates that are used; the policy may leave fewer.
    public var kinds: Set<CandidateKind> = [.host, .serverReflexive, .relayed]
    /// What the outside calls our addresses; the first that fits an address counts.
    public var rewrites: [AddressRewrite] = []
    /// Whether the peer is told the addresses of our interfaces.
    public var hostPrivacy = HostPrivacy.shown

    /// Everything is used and shown as it is.
    public init() {}

    func allows(_ kind: CandidateKind) -> Bool {
        switch transportPolicy {
        case .all: kinds.contains(kind)
        case .relay: kind == .relayed && kinds.contains(kind)
        }
    }

    func rewrite(of address: IPAddress) -> AddressRewrite? {
        rewrites.first { $0.fits(address) }
    }
}

/// Which kinds of paths may be used: W3C's `RTCIceTransportPolicy`.
public enum ICETransportPolicy: String, Hashable, Sendable, CaseIterable {
    case all
    /// Only through TURN servers.
    case relay
}

/// Whether the peer is told the addresses of our interfaces (RFC 8828 §5).
public enum HostPrivacy: String, Hashable, Sendable, CaseIterable {
    case shown
    /// Under a name that only the local network can resolve (mDNS).
    case named
    /// Not at all: they are used, but the peer sees them only from the outside.
    case withheld
}

/// One address of ours that the outside knows under another, as behind the 1:1 NAT of a cloud.
///
/// Ports are the same on both sides.
public struct AddressRewrite: Hashable, Sendable {
    /// How the outside address is told.
    public enum Style: Hashable, Sendable {
        /// In place of the host candidate: nobody on the inside is to be met.
        case replacingHost
        /// As one more candidate, server-reflexive, beside that of the host.
        case addingServerReflexive
    }

    /// Our address; nil for each of the family of ``outside``.
    public var inside: IPAddress?
    /// What the outside knows it as.
    public var outside: IPAddress
    /// How it is told.
    public var style: Style

    /// Tells `outside` where we have `inside`.
    public init(
        from inside: IPAddress? = nil,
        to outside: IPAddress,
        style: Style = .replacingHost
    ) {
        self.inside = inside
        self.outside = outside
        self.style = style
    }

    func fits(_ address: IPAddress) -> Bool {
        guard let inside else { return address.family == outside.family && !address.isLoopback }
        return inside == address
    }
}
