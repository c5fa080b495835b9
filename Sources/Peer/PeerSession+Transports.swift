import DTLS
import ICE
import Wire

// MARK: - What negotiation asks for

extension PeerSession {
    /// Carries out what a description has decided.
    mutating func carryOut(_ outcome: NegotiationOutcome, at now: Instant) {
        if let role = outcome.role { agent.setRole(role) }
        agent.hold()
        for change in outcome.transports { useLocal(change, at: now) }
        for change in outcome.transports { useRemote(change, at: now) }
        agent.release(at: now)
        // Not behind a rollback: then the first negotiation is still to come.
        if gathering.pool.isFrozen, negotiator.state == .stable, negotiator.current != nil {
            emptyPool(at: now)
        }
        for stream in outcome.closedTransports { closeTransport(stream, at: now) }
        if let sections = outcome.sections {
            media.apply(sections)
        }
    }

    private mutating func useLocal(_ change: TransportChange, at now: Instant) {
        switch change.local {
        case .unchanged: break
        case .start(let credentials): begin(change, with: credentials)
        case .restart(let credentials): restart(change.id, with: credentials, at: now)
        case .takeBackRestart: takeBackRestart(of: change.id, at: now)
        }
    }

    private mutating func begin(_ change: TransportChange, with credentials: ICECredentials) {
        guard transport(change.id) == nil else { return }
        let components = min(max(change.components, 1), 2)
        for component in 1...components {
            let name = ICEComponent(stream: change.id, component: UInt8(component))
            transports.append(Transport(component: name))
        }
        agent.addStream(change.id, components: components, credentials: credentials)
        listen(to: credentials)
        let before = gathering.state
        gathering.pool.isFrozen = true
        setServers(at: clock.now)
        if !adopt(for: change.id, components: components, at: clock.now) {
            gathering.begin(change.id, components: components)
            outputs.append(.gather(stream: change.id))
        }
        publishGatheringState(since: before)
    }

    private mutating func restart(
        _ stream: Int,
        with credentials: ICECredentials,
        at now: Instant
    ) {
        agent.restart(stream: stream, credentials: credentials, at: now)
        listen(to: credentials)
        regather(stream, at: now)
        for candidate in gathering.stream(stream).published { announce(candidate, of: stream) }
    }

    /// RFC 9429 §4.1.10.2: the session in use goes on with its own credentials.
    private mutating func takeBackRestart(of stream: Int, at now: Instant) {
        agent.takeBackRestart(of: stream, at: now)
        // What was found in the meantime was told under a name that nobody knows now.
        for candidate in gathering.stream(stream).published { announce(candidate, of: stream) }
    }

    private mutating func listen(to credentials: ICECredentials) {
        let fragment = credentials.usernameFragment
        outputs.append(.network(.listen(usernameFragment: fragment)))
    }

    private mutating func useRemote(_ change: TransportChange, at now: Instant) {
        let stream = change.id
        guard transport(stream) != nil else { return }
        if let remote = change.remote { useRemote(remote, of: stream, at: now) }
        for transport in transports where transport.component.stream == stream {
            if let parameters = change.dtls { transport.agree(on: parameters) }
            start(transport, at: now)
        }
        // RFC 5761 §5.1.1: the peer takes RTCP with RTP, so its own component is not needed.
        let isAnswered = change.remote != nil || change.dtls != nil
        if isAnswered, change.components == 1 { dropControlComponent(of: stream, at: now) }
    }

    private mutating func useRemote(_ remote: RemoteTransport, of stream: Int, at now: Instant) {
        if let credentials = remote.credentials {
            agent.setRemote(
                credentials,
                isLite: remote.isLite,
                pacing: remote.pacing,
                renominates: remote.renominates,
                of: stream,
                at: now
            )
        }
        for candidate in remote.candidates { use(candidate, of: stream, at: now) }
        for candidate in remote.named { use(named: candidate, of: stream) }
        if remote.isComplete { agent.endOfRemoteCandidates(of: stream, at: now) }
    }
}

// MARK: - Transports that are not needed any more

extension PeerSession {
    /// A transport whose sections ride on another one from now on (RFC 9429 §5.11).
    ///
    /// It goes in silence: the peer closes its end for the same reason.
    mutating func closeTransport(_ stream: Int, at now: Instant) {
        guard transport(stream) != nil else { return }
        for transport in transports where transport.component.stream == stream {
            transport.end(.closed)
            transport.path = nil
        }
        transports.removeAll { $0.component.stream == stream }
        agent.removeStream(stream, at: now)
        let before = gathering.state
        gathering.remove(stream)
        gathering.gatherer.remove(stream, at: now)
        outputs.append(.network(.release(stream: stream)))
        publishGatheringState(since: before)
    }

    private mutating func dropControlComponent(of stream: Int, at now: Instant) {
        let control = ICEComponent(stream: stream, component: 2)
        guard let index = transports.firstIndex(where: { $0.component == control }) else { return }
        transports[index].end(.closed)
        transports.remove(at: index)
        agent.removeComponent(control, at: now)
    }

    /// Sends our close_notify, in answer to the peer's or of our own will (RFC 5246 §7.2.1).
    mutating func closeTransports(at now: Instant) {
        for transport in transports {
            transport.dtls?.close(at: now)
            while let output = transport.dtls?.popOutput() {
                switch output {
                case .transmit(let bytes): append(bytes, on: transport)
                case .connected, .applicationData, .closed, .failed: break  // too late to matter
                }
            }
            transport.end(.closed)
        }
        for stream in gathering.streams { gathering.gatherer.remove(stream.number, at: now) }
        _ = pumpGatherer(at: now)
    }

    /// Tells the program how far gathering has come, if that has changed.
    mutating func publishGatheringState(since before: ICEGatheringState) {
        guard gathering.state != before else { return }
        outputs.append(.event(.gatheringStateChanged(gathering.state)))
    }
}

// MARK: - Finding them

extension PeerSession {
    /// The transport of the stream, or its component for RTCP.
    func transport(_ stream: Int, component: UInt8 = 1) -> Transport? {
        let name = ICEComponent(stream: stream, component: component)
        return transports.first { $0.component == name }
    }

    /// What RTCP of the transport takes: its own component while there is one.
    func controlTransport(of stream: Int) -> Transport? {
        transport(stream, component: 2) ?? transport(stream)
    }

    /// The transport that packets of a path belong to.
    ///
    /// Transports that share a socket are told apart by what ICE knows of the other end.
    func transport(of path: Transport.Path) -> Transport? {
        guard transports.count != 1 else { return transports[0] }
        if let known = transports.first(where: { $0.path == path }) { return known }
        let owners = transports.filter { gathering.isOwner($0.component, of: path.local) }
        guard owners.count > 1 else { return owners.first }
        return owners.first { isValidated(path, for: $0) }
            ?? owners.first { isHeard(path, for: $0) }
            ?? owners.first(where: \.awaitsHandshake)
    }

    /// Whether ICE has seen that the peer answers there: nothing else is believed.
    func isValidated(_ path: Transport.Path, for transport: Transport) -> Bool {
        transport.path == path
            || agent.isValidated(
                remote: path.remote,
                on: path.local,
                over: path.transport,
                component: transport.component
            )
    }

    /// Whether an authentic check has come from there.
    func isHeard(_ path: Transport.Path, for transport: Transport) -> Bool {
        agent.hasHeard(
            from: path.remote,
            on: path.local,
            over: path.transport,
            component: transport.component
        )
    }
}
