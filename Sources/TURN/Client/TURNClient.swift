public import STUN
public import Wire

/// One allocation on a TURN server (RFC 8656): an address of the server's, through which packets go
/// to peers and come from them.
///
/// ```swift
/// var client = TURNClient(configuration, entropy: .system)
/// client.start(at: now)
/// // pop outputs: .transmit goes to client.server, .allocated says the relayed addresses
/// client.permit(peer, at: now)
/// if let data = client.receive(datagram.span, from: source, at: now) {
///     deliver(datagram.span.extracting(data.payload), from: data.peer)
/// }
/// ```
///
/// Requests are signed, repeated and asked again under fresh nonces; allocation, permissions and
/// channels are refreshed before they run out, each at a time that depends on nothing but its grant.
/// Answers count only from the server's address and with its signature.
///
/// Over a stream the owner cuts the bytes into messages with `STUNStreamFraming`.
public struct TURNClient: Machine, Sendable {
    /// One thing the owner must do or know.
    public enum Output: Hashable, Sendable {
        /// Send this to ``TURNClient/server``.
        case transmit([UInt8])
        /// The relay is there: its addresses, and ours as the server sees it.
        case allocated(relayed: [SocketAddress], mapped: SocketAddress)
        /// Packets from and to this peer pass.
        case permitted(IPAddress)
        /// Packets from and to this peer do not pass, or do so no more.
        case denied(IPAddress, TURNError)
        /// Packets to this peer now need four bytes of header instead of thirty-six or more.
        case channelBound(SocketAddress)
        /// Packets to this peer go on with the longer header.
        case channelRefused(SocketAddress, TURNError)
        /// The server has named another one, now ``TURNClient/server`` (300).
        ///
        /// Over a stream: connect to it, and call ``TURNClient/start(at:)`` again.
        case redirected(SocketAddress)
        /// The server takes our path for somebody else's (437): take a new local port or
        /// connection, and call ``TURNClient/start(at:)`` again within ten seconds.
        case needsNewPath
        /// The server has taken over the credentials of ``TURNClient/update(credentials:at:)``.
        case credentialsAccepted
        /// The server insists on the earlier credentials, which the client goes on using.
        ///
        /// With 441, make a second client under the new ones before the earlier ones run out.
        case credentialsRefused(TURNError)
        /// There is no relay. The client has ended.
        case failed(TURNError)
        /// The relay is gone. The client has ended.
        case lost(TURNError)
        /// The relay has been given back after ``TURNClient/close(at:)``. The client has ended.
        case closed
    }

    /// What the client was told to ask for.
    public let configuration: TURNClientConfiguration
    /// Where outputs go to: the server asked first, or the one it named instead.
    public internal(set) var server: SocketAddress
    /// The server's own words about its last error, for people.
    public internal(set) var serverReason: String?

    var phase = Phase.idle
    var signing: Signing
    var requests = RequestTable()
    var permissions = PermissionTable()
    var channels = ChannelTable()
    var outputs = Queue<Output>()
    var entropy: Entropy
    /// The newest time seen: time never goes backwards.
    var clock = Instant(nanoseconds: .min)
    var traffic: Traffic

    /// Where the allocation stands.
    enum Phase: Sendable {
        case idle
        case allocating(Attempt)
        /// Waits for the owner to connect anew and start again.
        case pathless(Attempt, until: Instant)
        case allocated(Allocation)
        case closing
        case ended
    }

    /// What has been tried to get an allocation, so that it ends.
    struct Attempt: Sendable {
        var servers: [SocketAddress]
        var mismatches = 0
        var doesNotFragment: Bool
        var families: TURNAddressFamilies
    }

    /// What the server has granted.
    struct Allocation: Sendable {
        var relayed: [SocketAddress]
        var mapped: SocketAddress
        var doesNotFragment: Bool
        /// Nil while a refresh is under way.
        var refreshAt: Instant?
        var expiresAt: Instant
    }

    /// What concerns the packets that are neither requests nor answers.
    struct Traffic: Sendable {
        /// Identifiers of indications, which nobody answers: they need not be hard to guess.
        var identifiers: SplitMix64
        var keepaliveAt: Instant?
        var hasSent = false
    }

    /// A client that asks for nothing before ``start(at:)``.
    public init(_ configuration: TURNClientConfiguration, entropy: Entropy) {
        self.configuration = configuration
        server = configuration.server
        signing = Signing(configuration.credentials)
        self.entropy = entropy
        traffic = Traffic(identifiers: SplitMix64(seed: self.entropy.next()))
    }

    /// The relayed addresses, IPv4 first; empty while there is no allocation.
    public var relayedAddresses: [SocketAddress] {
        switch phase {
        case .allocated(let allocation): allocation.relayed
        case .idle, .allocating, .pathless, .closing, .ended: []
        }
    }

    /// Our own address as the server sees it: a server-reflexive candidate at no cost.
    public var mappedAddress: SocketAddress? {
        switch phase {
        case .allocated(let allocation): allocation.mapped
        case .idle, .allocating, .pathless, .closing, .ended: nil
        }
    }

    /// Whether the client has come to its end: it asks and answers nothing any more.
    public var hasEnded: Bool {
        switch phase {
        case .ended: true
        case .idle, .allocating, .pathless, .allocated, .closing: false
        }
    }

    public var deadline: Instant? {
        var earliest = requests.deadline
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            earliest = earliest.map { min($0, instant) } ?? instant
        }
        switch phase {
        case .idle, .allocating, .closing, .ended: break
        case .pathless(_, let until): consider(until)
        case .allocated(let allocation):
            consider(allocation.refreshAt)
            consider(allocation.expiresAt)
            consider(permissions.deadline)
            consider(channels.deadline)
            consider(traffic.keepaliveAt)
        }
        return earliest
    }

    public mutating func advance(to now: Instant) {
        note(now)
        while let expiry = requests.popDue(at: clock) {
            switch expiry {
            case .retransmit(let bytes): transmit(bytes)
            case .giveUp(let request): conclude(request, with: .unanswered)
            }
        }
        switch phase {
        case .idle, .allocating, .closing, .ended: break
        case .pathless(let attempt, let until):
            guard until <= clock else { break }
            end(with: .failed(attempt.mismatches > 0 ? .allocationMismatch : .unusableAlternate))
        case .allocated: refreshWhatIsDue()
        }
        askForWhatIsWanted()
    }

    public mutating func popOutput() -> Output? {
        // Peers permitted one after the other, before anything was sent, share a request.
        if outputs.isEmpty { askForWhatIsWanted() }
        return outputs.popFirst()
    }

    mutating func note(_ now: Instant) { clock = max(clock, now) }

    mutating func transmit(_ bytes: [UInt8]) {
        traffic.hasSent = true
        outputs.append(.transmit(bytes))
    }

    mutating func end(with output: Output) {
        phase = .ended
        requests.removeAll()
        permissions = PermissionTable()
        channels = ChannelTable()
        outputs.append(output)
    }
}

// MARK: - Commands

extension TURNClient {
    /// Asks for an allocation, or asks again after ``Output/needsNewPath`` or ``Output/redirected(_:)``.
    ///
    /// Over a stream: once it is connected.
    public mutating func start(at now: Instant) {
        note(now)
        switch phase {
        case .idle:
            let attempt = Attempt(
                servers: [server],
                doesNotFragment: configuration.doesNotFragment,
                families: configuration.families
            )
            phase = .allocating(attempt)
            ask(.allocate)
        case .pathless(let attempt, _):
            phase = .allocating(attempt)
            ask(.allocate)
        case .allocating, .allocated, .closing, .ended: break
        }
    }

    /// Lets packets of `peer` pass, now and until ``forget(_:at:)``; all ports of its address count.
    ///
    /// May be called before there is an allocation. Packets may be sent to it at once: the server
    /// sees the request first, unless the network swaps them.
    public mutating func permit(_ peer: SocketAddress, at now: Instant) {
        note(now)
        let address = peer.address.unmapped
        switch phase {
        case .idle, .allocating, .pathless: break
        case .allocated(let allocation):
            guard allocation.hasFamily(of: address) else {
                return outputs.append(.denied(address, .peerAddressFamilyMismatch))
            }
        case .closing, .ended: return
        }
        guard permissions.index(of: address) == nil else { return }
        guard permissions.entries.count < configuration.maximumPeers else {
            return outputs.append(.denied(address, .tooManyPeers))
        }
        permissions.want(address)
    }

    /// Lets the permission of `peer` run out, and with it the channels of its address.
    public mutating func forget(_ peer: SocketAddress, at now: Instant) {
        note(now)
        permissions.remove(peer.address.unmapped)
        channels.drop(address: peer.address.unmapped)
    }

    /// Asks for a channel to `peer`, which makes the header of its packets shorter.
    ///
    /// Permits the peer as well. Does nothing while there is no allocation.
    public mutating func bindChannel(_ peer: SocketAddress, at now: Instant) {
        note(now)
        let peer = peer.unmapped
        guard case .allocated(let allocation) = phase, !channels.isInUse(by: peer) else { return }
        guard allocation.hasFamily(of: peer.address) else {
            return outputs.append(.channelRefused(peer, .peerAddressFamilyMismatch))
        }
        permit(peer, at: now)
        guard permissions.index(of: peer.address) != nil, let number = channels.add(peer) else {
            return outputs.append(.channelRefused(peer, .tooManyPeers))
        }
        // One that was asked for before the peer was forgotten.
        requests.remove(.bind(number))
        ask(.bind(number))
    }

    /// Goes over to new credentials without interrupting anything.
    ///
    /// The next refresh, made now, tries them; everything else goes on under the earlier ones until
    /// it has been accepted. A server that ties an allocation to one user name refuses with 441.
    public mutating func update(credentials: STUNCredentials, at now: Instant) {
        note(now)
        switch phase {
        case .idle, .pathless: signing = Signing(credentials)
        case .allocating:
            signing = Signing(credentials)
            requests.removeAll()
            ask(.allocate)
        case .allocated:
            requests.remove(.renew)
            signing.prepare(credentials)
            ask(.renew)
        case .closing, .ended: break
        }
    }

    /// Gives the relay back; ``Output/closed`` says when that is done, or has been tried for long
    /// enough.
    public mutating func close(at now: Instant) {
        note(now)
        switch phase {
        case .idle, .allocating, .pathless: end(with: .closed)
        case .allocated:
            requests.removeAll()
            phase = .closing
            ask(.release)
        case .closing, .ended: break
        }
    }
}

extension TURNClient.Allocation {
    func hasFamily(of address: IPAddress) -> Bool {
        relayed.contains { $0.address.family == address.family }
    }
}
