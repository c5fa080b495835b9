import ICE
import SDP
import STUN
import TURN
public import Wire

// MARK: - What the owner finds out

extension PeerSession {
    /// The answer to ``NetworkRequest/resolve(host:)``; empty if there is no such host.
    public mutating func resolved(
        _ host: String,
        to addresses: [IPAddress],
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.resolved(host, to: addresses, at: now)
        for waiting in gathering.names.take(host) {
            for address in addresses.prefix(maximumAddresses) {
                var attribute = waiting.candidate
                attribute.address = .ip(address)
                guard let candidate = Candidate(attribute) else { continue }
                use(candidate, of: waiting.stream, at: now)
            }
        }
        pump(at: now)
    }

    /// The stream asked for is open, and `local` is our end of it.
    public mutating func streamOpened(_ id: Int, on local: SocketAddress, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.streamOpened(id, on: local, at: now)
        pump(at: now)
    }

    /// The socket asked for is open, and bound to `local`.
    public mutating func socketOpened(_ id: Int, on local: SocketAddress, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.socketOpened(id, on: local, at: now)
        pump(at: now)
    }

    /// The socket asked for cannot be had.
    public mutating func socketFailed(_ id: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.socketFailed(id, at: now)
        pump(at: now)
    }

    /// Bytes have come through a stream.
    public mutating func receive(_ bytes: Span<UInt8>, fromStream id: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        counters.bytesReceived += bytes.count
        for packet in gathering.gatherer.receive(bytes, fromStream: id, at: now) {
            var payload = packet.payload
            var span = payload.mutableSpan
            receive(&span, from: packet.source, on: packet.destination, at: now)
        }
        pump(at: now)
    }

    /// A TCP connection that ICE asked for is open (RFC 6544 §7).
    public mutating func connectionOpened(
        from local: SocketAddress,
        to remote: SocketAddress,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        agent.tcpConnected(from: local, to: remote, at: now)
        pump(at: now)
    }

    /// A TCP connection of ICE could not be opened, or has ended, whoever had opened it.
    public mutating func connectionClosed(
        from local: SocketAddress,
        to remote: SocketAddress,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        agent.tcpFailed(from: local, to: remote, at: now)
        pump(at: now)
    }

    /// A stream could not be opened, or has ended.
    public mutating func streamClosed(_ id: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        gathering.gatherer.streamClosed(id, at: now)
        pump(at: now)
    }
}

// MARK: - What the gatherer finds out

extension PeerSession {
    mutating func pumpGatherer(at now: Instant) -> Bool {
        var hasMoved = false
        while let output = gathering.gatherer.popOutput() {
            hasMoved = true
            switch output {
            case .transmit(let datagram):
                counters.bytesSent += datagram.payload.count
                outgoing.append(datagram)
            case .network(let request): outputs.append(.network(request))
            case .reflexive(let address, let base, let server, let component):
                addReflexive(address, base: base, by: server, component, at: now)
            case .relayed(let candidates, let component):
                for candidate in candidates where !isClosed {
                    add(
                        candidate,
                        published: hidingBase(candidate),
                        to: component.stream,
                        at: now
                    )
                }
            case .lost(let addresses, let component):
                lose(addresses, at: now)
                lookAgain(component.stream, at: now)
            case .failed(let error):
                gathering.note(error)
                outputs.append(.event(.candidateError(error)))
            case .refused(let addresses, let peer, let error):
                let code = error.code.map { Int($0.rawValue) }
                for relayed in addresses {
                    agent.relayRefused(from: relayed, to: peer, code: code, at: now)
                }
            case .finished(let stream): completeGathering(of: stream, at: now)
            }
        }
        return hasMoved
    }

    mutating func addReflexive(
        _ address: SocketAddress,
        base: SocketAddress,
        by server: SocketAddress,
        _ component: ICEComponent,
        at now: Instant
    ) {
        let stream = gathering.stream(component.stream)
        // RFC 8445 §5.1.3: one that equals its base says nothing new.
        guard address != base, configuration.gathering.allows(.serverReflexive),
            !stream.candidates.contains(where: { $0.address == address && $0.base == base }),
            let socket = stream.sockets.first(where: { $0.address == base })
        else { return }
        let candidate = Candidate.serverReflexive(
            address,
            base: base,
            server: server,
            component: component.component,
            localPreference: socket.preference
        )
        // A NAT that forgets us now and then must not make our offers longer each time.
        let former = stream.candidates.filter {
            $0.kind == .serverReflexive && $0.base == base && $0.component == component.component
                && $0.foundation == candidate.foundation
        }
        gathering.forget(former, of: component.stream)
        add(candidate, published: hidingBase(candidate), to: component.stream, at: now)
    }

    private mutating func completeGathering(of stream: Int, at now: Instant) {
        guard !isClosed, !gathering.stream(stream).isComplete else { return }
        let before = gathering.state
        gathering.complete(stream)
        guard !gathering.stream(stream).isPooled else { return }
        agent.endOfLocalCandidates(of: stream, at: now)
        publishGatheringState(since: before)
    }

    /// Looks for candidates once more, as after a relay was lost.
    mutating func lookAgain(_ stream: Int, at now: Instant) {
        guard !isClosed, gathers(stream) else { return }
        let before = gathering.state
        gathering.resume(stream)
        gathering.gatherer.renew(stream, at: now)
        publishGatheringState(since: before)
    }
}

// MARK: - Relays

extension PeerSession {
    /// Gives a candidate of the peer to the agent, and lets our relays know of it.
    mutating func use(_ remote: Candidate, of stream: Int, at now: Instant) {
        let component = ICEComponent(stream: stream, component: remote.component)
        gathering.gatherer.expect(remote.address, on: component, at: now)
        agent.add(remote: remote, to: stream, at: now)
    }

    /// Keeps a candidate with a name until that has an address.
    mutating func use(named candidate: CandidateAttribute, of stream: Int) {
        guard let host = gathering.names.keep(candidate, of: stream) else { return }
        outputs.append(.network(.resolve(host: host)))
    }

    /// How packets of a path leave; nil while a relay does not let them pass.
    mutating func route(for path: Transport.Path) -> Route? {
        guard let index = gathering.gatherer.relays.firstIndex(where: { $0.owns(path.local) })
        else { return .direct(path, path.transport) }
        guard let local = gathering.gatherer.relays[index].local,
            let framing = gathering.gatherer.relays[index].client.framing(to: path.remote)
        else { return nil }
        let server = gathering.gatherer.relays[index].client.server
        return .relayed(
            from: local,
            to: server,
            gathering.gatherer.relays[index].transport,
            framing
        )
    }

    /// Asks a relay to let packets of a path pass, before the first of them goes.
    mutating func permit(_ path: Transport.Path, at now: Instant) {
        guard gathering.gatherer.relays.contains(where: { $0.owns(path.local) }) else { return }
        gathering.gatherer.permit(path.remote, through: path.local, at: now)
        _ = pumpGatherer(at: now)
    }

    /// Four bytes of header are enough for the path in use (RFC 8656 §12).
    mutating func bindChannel(_ path: Transport.Path, at now: Instant) {
        gathering.gatherer.bindChannel(to: path.remote, through: path.local, at: now)
    }
}

/// A name of mDNS has one address of each family, seldom more.
private let maximumAddresses = 4
