public import ICE
import SDP
public import Wire

// MARK: - Addresses of ours

extension PeerSession {
    /// How many sockets on each address the transport `stream` needs: one for each component.
    public func componentCount(of stream: Int) -> Int { gathering.stream(stream).components }

    /// A socket for the transport `stream` is bound to `address`: a host candidate.
    ///
    /// With two components, 1 is for RTP and 2 for RTCP. Over TCP the address is that of a listener
    /// (`.passive`), or one that connections can be opened from (`.active`). A socket that is shared with
    /// other sessions asks no servers: see ``PortMapping``; relays get sockets of their own.
    public mutating func addLocalAddress(
        _ address: SocketAddress,
        to stream: Int,
        component: Int = 1,
        over kind: CandidateTransport = .udp,
        isShared: Bool = false,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed, gathers(stream), let component = UInt8(exactly: component),
            1...gathering.stream(stream).components ~= Int(component)
        else { return }
        let rank = gathering.stream(stream).sockets.count { $0.component == component }
        let socket = Gathering.Socket(
            address: kind == .tcp(.active) ? SocketAddress(address.address, port: 9) : address,
            component: component,
            transport: kind,
            // Neighbours differ in the 13 bits that TCP leaves (RFC 6544 §4.2).
            preference: UInt16(clamping: 65_535 - rank * 8)
        )
        gathering.add(socket, to: stream)
        addHost(on: socket, to: stream, at: now)
        addRewritten(on: socket, to: stream, at: now)
        if kind == .udp {
            let name = ICEComponent(stream: stream, component: component)
            gathering.gatherer.add(address, of: name, isShared: isShared, at: now)
        }
        pump(at: now)
    }

    /// The outside knows the socket `local`, which is shared, as `address`: a server has said so.
    public mutating func addMappedAddress(
        _ address: SocketAddress,
        of local: SocketAddress,
        by server: SocketAddress,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        for stream in gathering.streams {
            for socket in stream.sockets where socket.address == local && socket.transport == .udp {
                let component = ICEComponent(stream: stream.number, component: socket.component)
                addReflexive(address, base: local, by: server, component, at: now)
            }
        }
        pump(at: now)
    }

    /// The candidate of a socket of this host (RFC 8445 §5.1.1.1).
    private mutating func addHost(on socket: Gathering.Socket, to stream: Int, at now: Instant) {
        let settings = configuration.gathering
        guard settings.allows(.host) else { return }
        let candidate = Candidate.host(
            socket.address,
            component: socket.component,
            transport: socket.transport,
            localPreference: socket.preference
        )
        var told = candidate
        if let rewrite = settings.rewrite(of: socket.address.address),
            rewrite.style == .replacingHost
        {
            told.address = SocketAddress(rewrite.outside, port: socket.address.port)
        }
        switch settings.hostPrivacy {
        case .shown: add(candidate, published: told.attribute, to: stream, at: now)
        case .named: add(candidate, published: named(told), to: stream, at: now)
        case .withheld: add(candidate, published: nil, to: stream, at: now)
        }
    }

    /// Makes candidates of sockets whose kind was not wanted when they were opened.
    mutating func addMissingHosts(to stream: Int, at now: Instant) {
        let known = gathering.stream(stream)
        for socket in known.sockets
        where !known.candidates.contains(where: {
            $0.kind == .host && $0.base == socket.address && $0.component == socket.component
        }) {
            addHost(on: socket, to: stream, at: now)
        }
    }

    /// The candidate under a name in place of its address.
    private mutating func named(_ candidate: Candidate) -> CandidateAttribute {
        let address = candidate.address.address
        let isNew = gathering.names.own[address] == nil
        let name = gathering.names.name(of: address, entropy: &gathering.gatherer.entropy)
        if isNew { outputs.append(.network(.announce(name: name, address: address))) }
        var told = candidate.attribute
        told.address = .name(name)
        return told
    }

    /// What a 1:1 NAT makes of a socket's address; no server need be asked.
    private mutating func addRewritten(
        on socket: Gathering.Socket,
        to stream: Int,
        at now: Instant
    ) {
        let settings = configuration.gathering
        guard settings.allows(.serverReflexive),
            let rewrite = settings.rewrite(of: socket.address.address),
            rewrite.style == .addingServerReflexive, socket.transport != .tcp(.active)
        else { return }
        let candidate = Candidate.serverReflexive(
            SocketAddress(rewrite.outside, port: socket.address.port),
            base: socket.address,
            component: socket.component,
            transport: socket.transport,
            localPreference: socket.preference
        )
        add(candidate, published: hidingBase(candidate), to: stream, at: now)
    }

    /// A reflexive candidate as the peer is told it.
    ///
    /// RFC 8839 §5.1: where host addresses are private, what it is the outside of is not said.
    func hidingBase(_ candidate: Candidate) -> CandidateAttribute {
        var told = candidate
        let settings = configuration.gathering
        switch (settings.hostPrivacy, settings.transportPolicy) {
        case (.shown, .all): break
        case (.named, _), (.withheld, _), (.shown, .relay):
            let family = candidate.address.address.family
            told.relatedAddress = SocketAddress(family == .v4 ? .any4 : .any6, port: 0)
        }
        return told.attribute
    }

    /// No more sockets will be opened for the transport `stream`.
    public mutating func endOfLocalAddresses(of stream: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed, gathers(stream), !gathering.stream(stream).isComplete else {
            return
        }
        gathering.gatherer.endSockets(of: stream, at: now)
        pump(at: now)
    }

    /// A local address has gone, as when an interface went down.
    ///
    /// The call moves to another path if there is one, and otherwise ICE is to be restarted.
    public mutating func removeLocalAddress(_ address: SocketAddress, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.remove(socket: address, at: now)
        lose([address], at: now)
        pump(at: now)
    }

    /// An address of this host has gone, and with it every socket and listener there.
    public mutating func removeLocalHost(_ host: IPAddress, at now: Instant) {
        var gone: [SocketAddress] = []
        for socket in gathering.streams.flatMap(\.sockets)
        where socket.address.address == host && !gone.contains(socket.address) {
            gone.append(socket.address)
        }
        for address in gone { removeLocalAddress(address, at: now) }
    }

    /// Candidates at `addresses` are of no use any more.
    ///
    /// The agent moves to another path, or says that a restart would help.
    mutating func lose(_ addresses: [SocketAddress], at now: Instant) {
        for address in addresses {
            gathering.removeCandidates(at: address)
            agent.remove(localAddress: address, at: now)
        }
    }

    /// Gives a candidate to the agent and tells the peer of it.
    mutating func add(
        _ candidate: Candidate,
        published: CandidateAttribute?,
        to stream: Int,
        at now: Instant
    ) {
        let told = gathering.add(candidate, published: published, to: stream)
        guard !gathering.stream(stream).isPooled else { return }
        agent.add(local: candidate, to: stream, at: now)
        if let told { announce(told, of: stream) }
    }

    /// What is known of the peer's being at `source`, for who shares a port among sessions.
    ///
    /// Over TCP it says whether a connection is the peer's at all.
    public func presence(
        of source: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp
    ) -> ICEPresence {
        transports.map {
            agent.presence(of: source, on: local, over: transport, component: $0.component)
        }.max() ?? .unknown
    }

    /// How many authentic answers have come from `source`: each proves that the peer is there.
    public func answers(from source: SocketAddress, on local: SocketAddress) -> Int {
        transports.map { agent.answers(from: source, on: local, component: $0.component) }
            .reduce(0, +)
    }

    /// Hands a candidate to signaling.
    mutating func announce(_ candidate: CandidateAttribute, of stream: Int) {
        outputs.append(.event(.candidate(negotiator.candidate(candidate, of: stream))))
    }
}
