import ICE
import STUN
import TURN
import Wire

// What servers say.
extension Gatherer {
    /// What became of a datagram.
    enum Arrival {
        /// It is not from a server.
        case foreign
        /// It was for us.
        case taken
        /// There is a packet of a peer in it, for the relayed address.
        case relayed(Range<Int>, from: SocketAddress, on: SocketAddress)
    }

    /// Takes a datagram, if a server has sent it.
    mutating func receive(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        at now: Instant
    ) -> Arrival {
        if let index = relays.firstIndex(where: { $0.isServer(source, on: local) }) {
            let data = relays[index].client.receive(datagram, from: source, at: now)
            if let data, let relayed = relays[index].relayed(for: data.peer) {
                return .relayed(data.payload, from: data.peer, on: relayed)
            }
            // A server may offer STUN and TURN on one port: the other client looks, too.
            probeAnswered(datagram, from: source, on: local, at: now)
            settle(at: now)
            return .taken
        }
        return probeAnswered(datagram, from: source, on: local, at: now) ? .taken : .foreign
    }

    @discardableResult
    private mutating func probeAnswered(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        at now: Instant
    ) -> Bool {
        // Only answers: a peer may live at the address of a server.
        guard !probes.isEmpty, datagram.count > 1, datagram[0] == 1 else { return false }
        var isTaken = false
        for index in probes.indices
        where probes[index].socket == local && probes[index].client.deadline != nil {
            probes[index].client.receive(datagram, from: source, at: now)
            isTaken = isTaken || probes[index].waiting.contains(source)
        }
        if isTaken { settle(at: now) }
        return isTaken
    }

    // MARK: Probes

    mutating func drainProbes(at now: Instant) {
        for index in probes.indices {
            while let output = probes[index].client.popOutput() {
                switch output {
                case .transmit(let bytes, let server):
                    let socket = probes[index].socket
                    outputs.append(
                        .transmit(Datagram(from: socket, to: server, payload: bytes))
                    )
                case .mapped(let address, let server, _):
                    probes[index].waiting.removeAll { $0 == server }
                    mapped(address.unmapped, by: server, index)
                case .failed(let failure, let server):
                    probes[index].waiting.removeAll { $0 == server }
                    report(failure, of: server, at: probes[index].socket)
                }
            }
        }
    }

    /// The fastest answer counts; the others would say the same, or know another NAT.
    private mutating func mapped(
        _ address: SocketAddress,
        by server: SocketAddress,
        _ index: Int
    ) {
        guard !probes[index].hasMapped else { return }
        probes[index].hasMapped = true
        for server in probes[index].waiting { probes[index].client.cancel(server) }
        probes[index].waiting = []
        outputs.append(
            .reflexive(
                address,
                base: probes[index].socket,
                by: server,
                probes[index].component
            )
        )
    }

    private mutating func report(
        _ failure: STUNFailure,
        of server: SocketAddress,
        at socket: SocketAddress
    ) {
        let entry = servers.entries.first { $0.address(server.address.family) == server }
        outputs.append(
            .failed(
                ICECandidateError(
                    local: "\(socket)",
                    url: entry?.url ?? "stun:\(server)",
                    errorCode: failure.code,
                    errorText: "\(failure)"
                )
            )
        )
    }

    // MARK: Relays

    mutating func drainRelays(at now: Instant) {
        var index = 0
        while index < relays.count {
            var isAlive = true
            while isAlive, let output = relays[index].client.popOutput() {
                isAlive = take(output, index, at: now)
            }
            if isAlive { index += 1 } else { relays.remove(at: index) }
        }
    }

    /// Returns whether the relay is still of use.
    private mutating func take(
        _ output: TURNClient.Output,
        _ index: Int,
        at now: Instant
    ) -> Bool {
        switch output {
        case .transmit(let bytes):
            guard let local = relays[index].local else { break }
            let datagram = Datagram(
                from: local,
                to: relays[index].client.server,
                over: relays[index].transport,
                payload: bytes
            )
            outputs.append(.transmit(datagram))
        case .allocated(let relayed, let mapped):
            allocated(index, relayed, mapped: mapped, at: now)
        case .redirected:
            guard relays[index].hop.isStream else { break }
            reopen(index)
        case .needsNewPath:
            // The server takes our path for that of somebody who was here before.
            reopen(index)
        case .failed(let error):
            outputs.append(.failed(relays[index].failure(error)))
            closePath(index)
            return false
        case .lost(let error):
            lost(index, error, at: now)
            return false
        case .closed:
            closePath(index)
            return false
        case .credentialsAccepted: relays[index].isDoubted = false
        case .credentialsRefused(.unanswered):
            // It was asked whether it lives, for seconds on end.
            lost(index, .unanswered, at: now)
            return false
        case .credentialsRefused(let error):
            outputs.append(.failed(relays[index].failure(error)))
            replace(index, at: now)
        case .denied(let peer, let error):
            outputs.append(.refused(relays[index].addresses, peer: peer, error))
        // Without a channel packets go on with the longer header.
        case .permitted, .channelBound, .channelRefused: break
        }
        return true
    }

    private mutating func allocated(
        _ index: Int,
        _ relayed: [SocketAddress],
        mapped: SocketAddress,
        at now: Instant
    ) {
        guard isWanted(relays[index]) else { return relays[index].client.close(at: now) }
        relays[index].addresses = relayed
        let relay = relays[index]
        if case .socket(let socket) = relay.hop, relay.ownSocket == nil, wantsReflexive,
            !probes.contains(where: {
                $0.socket == socket && $0.component == relay.component && $0.hasMapped
            })
        {
            noteMapped(mapped, socket, by: relay.client.server, relay.component)
        }
        let candidates = relay.candidates(interface: interface(of: relay))
        outputs.append(.relayed(candidates, relay.component))
    }

    /// A number for the address of ours that a relay is reached from.
    private func interface(of relay: Relay) -> Int {
        var known: [IPAddress] = []
        for job in jobs {
            for socket in job.sockets where !known.contains(socket.address.address) {
                known.append(socket.address.address)
            }
        }
        return known.firstIndex(of: relay.home.address) ?? 0
    }

    /// A relay's server is a STUN server, too.
    private mutating func noteMapped(
        _ address: SocketAddress,
        _ socket: SocketAddress,
        by server: SocketAddress,
        _ component: ICEComponent
    ) {
        if let index = probes.firstIndex(where: {
            $0.socket == socket && $0.component == component
        }) {
            return mapped(address, by: server, index)
        }
        var probe = Probe(
            component: component,
            socket: socket,
            client: BindingClient(entropy: entropy.split())
        )
        probe.hasMapped = true
        probes.append(probe)
        outputs.append(.reflexive(address, base: socket, by: server, component))
    }

    private mutating func lost(_ index: Int, _ error: TURNError, at now: Instant) {
        let relay = relays[index]
        outputs.append(.failed(relay.failure(error)))
        if relay.isInUse { outputs.append(.lost(relay.addresses, relay.component)) }
        closePath(index)
    }

    /// Opens another stream or socket for a relay.
    private mutating func reopen(_ index: Int) {
        closePath(index)
        lastStream += 1
        let isStream = relays[index].hop.isStream
        relays[index].hop = isStream ? .opening(lastStream) : .binding(lastStream)
        relays[index].framing = STUNStreamFraming(acceptsChannelData: true)
        requestPath(of: index)
    }

    /// Closes what serves a relay alone.
    private mutating func closePath(_ index: Int) {
        if let own = relays[index].ownSocket { outputs.append(.network(.closeSocket(own))) }
        guard let number = relays[index].stream else { return }
        outputs.append(.network(.closeStream(number)))
    }

    /// Gives a relay back; it goes when the server has heard of it.
    mutating func release(_ index: Int, at now: Instant) {
        relays[index].addresses = []
        relays[index].client.close(at: now)
    }
}

extension STUNFailure {
    /// W3C's error code: the server's, or 701 if it was not reached.
    fileprivate var code: Int {
        switch self {
        case .refused(let code, _): Int(code.rawValue)
        case .timedOut, .unauthenticated, .unusableAnswer, .redirectedTooOften, .unreachable: 701
        }
    }
}
