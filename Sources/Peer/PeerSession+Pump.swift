import DTLS
import ICE
import SRTP
import Wire

extension PeerSession {
    /// Moves outputs between the children until none is left: one input, drain to nil.
    mutating func pump(at now: Instant) {
        var isMoving = true
        while isMoving {
            isMoving = pumpICE(at: now)
            if pumpGatherer(at: now) { isMoving = true }
            for transport in transports where pump(transport, at: now) { isMoving = true }
            if pumpReports(at: now) { isMoving = true }
        }
        guard !isClosed else { return }
        publishStates()
    }

    private mutating func pumpICE(at now: Instant) -> Bool {
        var hasMoved = false
        while let output = agent.popOutput() {
            hasMoved = true
            switch output {
            case .transmit(let datagram): append(datagram)
            case .selected(let component, let pair): select(pair, for: component, at: now)
            // RFC 7675 §5.1: without consent nothing more is sent, whatever the layer above wants.
            case .pathLost(let component):
                transports.first { $0.component == component }?.path = nil
            case .stateChanged, .roleChanged: break  // publishStates() reads the state itself
            case .connect(let local, let remote):
                outputs.append(.network(.connect(from: local, to: remote)))
            case .disconnect(let local, let remote):
                outputs.append(.network(.disconnect(from: local, to: remote)))
            case .restartAdvised(let stream, let reason): heal(stream, reason, at: now)
            }
        }
        return hasMoved
    }

    /// Without the user's help: looks for candidates anew, and asks for a restart.
    private mutating func heal(_ stream: Int, _ reason: ICERestartReason, at now: Instant) {
        switch reason {
        case .pathLost: lookAgain(stream, at: now)
        case .betterPath: break
        // The path goes on; the peer learns the new candidates by signaling.
        case .addressChanged: return lookAgain(stream, at: now)
        }
        guard configuration.restartsByItself else { return }
        restartICE(at: now)
    }

    private mutating func select(
        _ pair: CandidatePair,
        for component: ICEComponent,
        at now: Instant
    ) {
        guard let transport = transports.first(where: { $0.component == component }) else { return }
        let path = Transport.Path(
            local: pair.local.base,
            remote: pair.remote.address,
            transport: pair.local.transport.transportProtocol
        )
        guard transport.path != path else { return }
        bindChannel(path, at: now)
        transport.path = path
        transport.selectedAt = now
        if published.timeline.pathFound == nil { published.timeline.pathFound = now }
        outputs.append(
            .event(.pathChanged(SelectedPath(local: pair.local, remote: pair.remote)))
        )
        start(transport, at: now)
    }

    /// Starts DTLS if all it needs is there, and gives it what came too early.
    mutating func start(_ transport: Transport, at now: Instant) {
        do throws(DTLSError) {
            try transport.startIfReady(
                certificate: certificate,
                configuration: configuration.dtls,
                roundTripTime: agent.roundTripTime,
                at: now
            )
        } catch {
            transport.end(.failed)
        }
        replayEarly(on: transport, at: now)
    }

    private mutating func replayEarly(on transport: Transport, at now: Instant) {
        guard transport.dtls != nil, transport.awaitsHandshake, !transport.early.entries.isEmpty
        else { return }
        let component = transport.component
        let usable = transport.early.entries.map {
            agent.isValidated(
                remote: $0.source,
                on: $0.local,
                over: $0.transport,
                component: component
            )
        }
        guard usable.contains(true) else { return }
        for entry in transport.early.take(whereUsable: usable) {
            transport.dtls?.receive(entry.payload.span, at: now)
        }
    }

    private mutating func pump(_ transport: Transport, at now: Instant) -> Bool {
        replayEarly(on: transport, at: now)
        var hasMoved = false
        while let output = transport.dtls?.popOutput() {
            hasMoved = true
            switch output {
            case .transmit(let bytes): append(bytes, on: transport)
            case .connected(let material, _): connect(transport, with: material, at: now)
            case .applicationData: counters.unexpectedApplicationData += 1
            case .closed: peerClosed(transport, at: now)
            case .failed: transport.end(.failed)
            }
        }
        return hasMoved
    }

    /// The peer has closed one association; with the last of them the session ends.
    private mutating func peerClosed(_ transport: Transport, at now: Instant) {
        let others = transports.filter { $0 !== transport }
        guard others.allSatisfy(\.hasEnded) else { return transport.end(.closed) }
        finish(.peer, at: now)
    }

    /// RFC 8827 §6.5: media is protected with keys of this handshake or it does not flow at all.
    private func connect(
        _ transport: Transport,
        with material: KeyingMaterial?,
        at now: Instant
    ) {
        guard let material else { return transport.end(.failed) }
        do throws(SRTPError) {
            try transport.install(material, at: now)
            transport.state = .connected
            transport.early.removeAll()
        } catch {
            transport.end(.failed)
        }
    }

    /// Tells the program which states have changed since it was last told.
    mutating func publishStates() {
        let ice = agent.state
        if published.ice != ice {
            published.ice = ice
            outputs.append(.event(.iceConnectionStateChanged(ice)))
        }
        let connection = PeerConnectionState(ice: ice, dtls: transports.lazy.map(\.state))
        if published.connection != connection {
            published.connection = connection
            if connection == .connected {
                media.connect(at: clock.now)
                if published.timeline.connected == nil { published.timeline.connected = clock.now }
            }
            outputs.append(.event(.connectionStateChanged(connection)))
        }
    }

    /// Puts `datagram` into the batch, through a relay if its source is a relay's.
    mutating func append(_ datagram: Datagram) {
        guard !gathering.gatherer.relays.isEmpty else {
            counters.bytesSent += datagram.payload.count
            return outgoing.append(datagram)
        }
        let path = Transport.Path(
            local: datagram.source,
            remote: datagram.destination,
            transport: datagram.transport
        )
        permit(path, at: clock.now)
        guard let route = route(for: path) else { return }
        let payload = datagram.payload
        counters.bytesSent += outgoing.append(on: route, capacity: payload.count) { packet in
            for index in payload.indices { packet[index] = payload[index] }
            return payload.count
        }
    }

    /// Puts `bytes` into the batch, if there is a way to send them.
    mutating func append(_ bytes: [UInt8], on transport: Transport) {
        guard let path = transport.path, !bytes.isEmpty else { return }
        append(
            Datagram(
                from: path.local,
                to: path.remote,
                over: path.transport,
                payload: bytes
            )
        )
    }
}

/// The states the program was last told.
struct PublishedStates: Sendable {
    var ice = ICEConnectionState.new
    var connection = PeerConnectionState.new
    var timeline = PeerTimeline()
}
