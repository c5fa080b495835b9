import ICE
import STUN
import TURN
import Wire

// Who is asked, and when enough is known.
extension Gatherer {
    /// Draws every conclusion from what an input has changed.
    mutating func settle(at now: Instant) {
        for name in servers.takeUnknown() where !jobs.isEmpty {
            outputs.append(.network(.resolve(host: name)))
        }
        if !servers.isResolving {
            for index in jobs.indices where !jobs[index].hasAsked {
                jobs[index].hasAsked = true
                for socket in jobs[index].sockets {
                    ask(from: socket.address, of: socket.component, at: now)
                }
            }
        }
        drainProbes(at: now)
        drainRelays(at: now)
        for index in jobs.indices where !jobs[index].isServed && isServed(jobs[index]) {
            jobs[index].isServed = true
            let elapsed = jobs[index].began.duration(to: now)
            let soon = now.advanced(by: max(graceOfOthers, elapsed * 3))
            jobs[index].limit = min(jobs[index].limit, soon)
        }
        for index in jobs.indices where !jobs[index].isFinished && isDone(jobs[index]) {
            jobs[index].isFinished = true
            giveUp(on: jobs[index].stream)
            outputs.append(.finished(stream: jobs[index].stream))
        }
    }

    /// Whether nothing more is worth waiting for.
    private func isDone(_ job: Job) -> Bool {
        guard job.hasAllSockets, job.hasAsked else { return false }
        let isMapping = probes.contains {
            $0.component.stream == job.stream && !$0.hasMapped && !$0.waiting.isEmpty
        }
        let isRelaying = relays.contains {
            $0.component.stream == job.stream && !$0.isInUse && isWanted($0)
        }
        return !isMapping && !isRelaying
    }

    /// Whether each component has an answer of each kind; other interfaces may bring more.
    private func isServed(_ job: Job) -> Bool {
        guard job.hasAllSockets, job.hasAsked else { return false }
        let components = Set(job.sockets.map(\.component))
        return components.allSatisfy { component in
            let mappings = probes.filter { $0.component == component }
            let tries = relays.filter { $0.component == component }
            return (mappings.isEmpty || mappings.contains(where: \.hasMapped))
                && (tries.isEmpty || tries.contains { $0.isInUse && !$0.isDoubted })
        }
    }

    /// Whether a relay that is being tried would be used: one for each socket is enough, and a stream
    /// from its address serves only where it does not.
    func isWanted(_ relay: Relay) -> Bool {
        !relays.contains { other in
            guard other.isInUse, !other.isDoubted, other.component == relay.component else {
                return false
            }
            return other.home == relay.home && (relay.hop.isStream || !other.hop.isStream)
        }
    }

    /// Asks every server from one socket.
    mutating func ask(from socket: SocketAddress, of component: ICEComponent, at now: Instant) {
        let family = socket.address.family
        // Loopback leads to servers on loopback only, and those are reached from nowhere else.
        let reachable = servers.entries.enumerated().compactMap { index, entry in
            entry.address(family).map { (index, entry, $0) }
        }.filter { $0.2.address.isLoopback || !socket.address.isLoopback }
        let isShared = shared.contains(socket)
        if !isShared {
            probe(
                reachable.filter { !$0.1.uri.scheme.isRelay }.map(\.2),
                from: socket,
                component,
                now
            )
        }
        guard wantsRelayed else { return }
        for (index, entry, address) in reachable where entry.uri.scheme.isRelay {
            switch entry.uri.transport {
            case .udp:
                let hop = isShared ? Relay.Hop.binding(lastStream + 1) : .socket(socket)
                begin(index, entry, address, hop: hop, home: socket, component, at: now)
            case .tcp:
                let hop = Relay.Hop.opening(lastStream + 1)
                begin(index, entry, address, hop: hop, home: socket, component, at: now)
            }
        }
    }

    private mutating func probe(
        _ addresses: [SocketAddress],
        from socket: SocketAddress,
        _ component: ICEComponent,
        _ now: Instant
    ) {
        guard wantsReflexive, !addresses.isEmpty else { return }
        let known = probes.firstIndex { $0.socket == socket && $0.component == component }
        if known == nil {
            let client = BindingClient(entropy: entropy.split())
            probes.append(Probe(component: component, socket: socket, client: client))
        }
        let index = known ?? probes.count - 1
        // Asked once more, the NAT may have given us another address.
        probes[index].hasMapped = false
        for address in addresses where !probes[index].waiting.contains(address) {
            probes[index].waiting.append(address)
            probes[index].client.query(address, at: now)
        }
    }

    private mutating func begin(
        _ index: Int,
        _ entry: ServerTable.Entry,
        _ address: SocketAddress,
        hop: Relay.Hop,
        home: SocketAddress,
        _ component: ICEComponent,
        at now: Instant
    ) {
        guard let credentials = entry.credentials, relays.count < maximumRelays,
            !relays.contains(where: {
                $0.component == component && $0.url == entry.url && $0.home == home
            })
        else { return }
        appendRelay(
            index,
            entry,
            address,
            hop: hop,
            home: home,
            component,
            credentials
        )
        for peer in peers[component] ?? [] {
            relays[relays.count - 1].client.permit(peer, at: now)
        }
        switch hop {
        case .socket: relays[relays.count - 1].client.start(at: now)
        case .binding, .opening:
            lastStream += 1
            requestPath(of: relays.count - 1)
        case .stream: break
        }
    }

    private mutating func appendRelay(
        _ index: Int,
        _ entry: ServerTable.Entry,
        _ address: SocketAddress,
        hop: Relay.Hop,
        home: SocketAddress,
        _ component: ICEComponent,
        _ credentials: STUNCredentials
    ) {
        let isStream = hop.isStream
        var configuration = TURNClientConfiguration(
            server: address,
            transport: isStream ? .stream : .datagram,
            credentials: credentials
        )
        configuration.families = .both
        let relay = Relay(
            component: component,
            server: index,
            url: entry.url,
            tlsName: entry.uri.tlsName,
            credentials: credentials,
            hop: hop,
            home: home,
            client: TURNClient(configuration, entropy: entropy.split())
        )
        relays.append(relay)
    }

    /// Asks for a relay under new credentials beside one whose server insists on the old ones.
    ///
    /// RFC 8656 §5: one path has one allocation, so that it needs a socket or a stream of its own. The
    /// old one serves until its credentials run out.
    mutating func replace(_ index: Int, at now: Instant) {
        let old = relays[index]
        let place = servers.entries.firstIndex { $0.url == old.url }
        guard let place, let credentials = servers.entries[place].credentials,
            credentials != old.client.configuration.credentials, old.isInUse, !old.isReplaced,
            relays.count < maximumRelays
        else { return }
        relays[index].isDoubted = true
        relays[index].isReplaced = true
        lastStream += 1
        appendRelay(
            place,
            servers.entries[place],
            old.client.configuration.server,
            hop: old.hop.isStream ? .opening(lastStream) : .binding(lastStream),
            home: old.home,
            old.component,
            credentials
        )
        for peer in peers[old.component] ?? [] {
            relays[relays.count - 1].client.permit(peer, at: now)
        }
        requestPath(of: relays.count - 1)
    }

    /// Asks the owner for the socket or the stream that a relay waits for.
    mutating func requestPath(of index: Int) {
        let relay = relays[index]
        guard case .binding(let id) = relay.hop else { return requestStream(of: index) }
        let request = SocketRequest(id: id, stream: relay.component.stream, near: relay.home)
        outputs.append(.network(.openSocket(request)))
    }

    private mutating func requestStream(of index: Int) {
        let relay = relays[index]
        guard let number = relay.stream else { return }
        let request = StreamRequest(
            id: number,
            local: relay.home.address,
            remote: relay.client.server,
            tlsName: relay.tlsName
        )
        outputs.append(.network(.openStream(request)))
    }

    /// Stops waiting for servers that have not answered.
    mutating func giveUp(on stream: Int) {
        for index in probes.indices
        where probes[index].component.stream == stream && !probes[index].waiting.isEmpty {
            for server in probes[index].waiting {
                probes[index].client.cancel(server)
                if !probes[index].hasMapped { reportSilence(of: server, at: probes[index].socket) }
            }
            probes[index].waiting = []
        }
        let isTried = relays.map { $0.component.stream == stream && !$0.isInUse }
        for (relay, isTried) in zip(relays, isTried) where isTried {
            if isWanted(relay) {
                outputs.append(.failed(relay.failure(.unanswered)))
            }
            if let number = relay.stream { outputs.append(.network(.closeStream(number))) }
            if let own = relay.ownSocket { outputs.append(.network(.closeSocket(own))) }
        }
        relays = zip(relays, isTried).filter { !$0.1 }.map(\.0)
    }

    private mutating func reportSilence(of server: SocketAddress, at socket: SocketAddress) {
        let entry = servers.entries.first { $0.address(server.address.family) == server }
        let error = ICECandidateError(
            local: "\(socket)",
            url: entry?.url ?? "stun:\(server)",
            errorText: "the server did not answer"
        )
        outputs.append(.failed(error))
    }
}

extension Relay.Hop {
    var isStream: Bool {
        switch self {
        case .socket, .binding: false
        case .opening, .stream: true
        }
    }
}

extension Relay {
    func failure(_ error: TURNError) -> ICECandidateError {
        ICECandidateError(
            local: local.map { "\($0)" },
            url: url,
            errorCode: error.code.map { Int($0.rawValue) } ?? 701,
            errorText: client.serverReason.flatMap { $0.isEmpty ? nil : $0 } ?? "\(error)"
        )
    }
}

extension ICEServerURI {
    fileprivate var tlsName: String? {
        guard scheme.isSecure else { return nil }
        switch host {
        case .name(let name): return name
        case .address(let address): return "\(address)"
        }
    }
}

/// How long interfaces without an answer are waited for when others have one: a request may be lost.
private let graceOfOthers = Duration.milliseconds(1_500)
/// Two components on several interfaces, with several servers.
private let maximumRelays = 64
