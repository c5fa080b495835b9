import Wire

extension ICEAgent {
    /// Draws every conclusion from what an input has changed.
    mutating func settle(at now: Instant) {
        for stream in streams.indices {
            for session in streams[stream].sessions.indices {
                select(in: stream, session: session, at: now)
            }
            announce(stream, at: now)
            nominateReady(in: stream, at: now)
            dropOldSessions(of: stream)
        }
        sendOrdinaryChecks(at: now)
        adviseRestarts()
        closeUnusedConnections()
        publishState()
        deadline = nextDeadline
    }

    private var nextDeadline: Instant? {
        var earliest: Instant? = hasOrdinaryWork ? pacer.next : nil
        for stream in streams {
            for session in stream.sessions { earliest = sooner(earliest, session.deadline) }
        }
        for connection in connections { earliest = sooner(earliest, connection.deadline) }
        return earliest
    }

    private mutating func publishState() {
        let newest = overallState
        guard newest != state else { return }
        state = newest
        note(.stateChanged(newest))
        outputs.append(.stateChanged(newest))
    }

    /// The worst of all streams, in the order the W3C gives `RTCIceConnectionState`.
    private var overallState: ICEConnectionState {
        let states = streams.map(state(of:))
        if states.contains(.failed) { return .failed }
        if states.contains(.disconnected) { return .disconnected }
        if states.allSatisfy({ $0 == .new }) { return .new }
        if states.contains(.new) || states.contains(.checking) { return .checking }
        return states.contains(.connected) ? .connected : .completed
    }

    /// The worst of all components of a stream.
    func state(of stream: Stream) -> ICEConnectionState {
        let current = stream.sessions[0]
        var hasSilence = false
        var isAgreed = true
        for component in 1...stream.components {
            guard let pair = stream.selectedPair(UInt8(component)) else {
                return stateWithoutPath(of: UInt8(component), stream, current)
            }
            if pair.liveness?.consent.isSilent ?? false { hasSilence = true }
            if !pair.isNominated { isAgreed = false }
        }
        if hasSilence { return .disconnected }
        return isAgreed ? .completed : .connected
    }

    private func stateWithoutPath(
        of component: UInt8,
        _ stream: Stream,
        _ current: Session
    ) -> ICEConnectionState {
        let hasHope = current.pairs.contains(where: \.isHopeful)
        let hasLost = stream.sessions.contains { $0.marks.contains(.lostConsent) }
        if current.isExhausted || hasLost && !hasHope { return .failed }
        if stream.hasWorked(component) { return .disconnected }
        if configuration.isLite { return current.remote == nil ? .new : liteHope(current) }
        // W3C WebRTC §5.6.4: a restart makes nothing new again.
        return current.pairs.isEmpty && !stream.hasRestarted ? .new : .checking
    }

    /// A lite agent has no checks that could be exhausted: it waits as long as others would.
    private func liteHope(_ session: Session) -> ICEConnectionState {
        switch session.patience {
        case .notStarted, .waiting: .checking
        case .over: .failed
        }
    }
}
