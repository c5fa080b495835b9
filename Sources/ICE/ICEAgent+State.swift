import Wire

extension ICEAgent {
    /// Draws every conclusion from what an input has changed.
    mutating func settle(at now: Instant) {
        for stream in streams.indices {
            for session in streams[stream].sessions.indices { select(in: stream, session: session) }
            nominateReady(in: stream, at: now)
            dropOldSessions(of: stream)
        }
        sendOrdinaryChecks(at: now)
        publishState()
        deadline = nextDeadline
    }

    private var nextDeadline: Instant? {
        var earliest: Instant? = hasOrdinaryWork ? pacer.next : nil
        for stream in streams {
            for session in stream.sessions { earliest = sooner(earliest, session.deadline) }
        }
        return earliest
    }

    private mutating func publishState() {
        let newest = overallState
        guard newest != state else { return }
        state = newest
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

    private func state(of stream: Stream) -> ICEConnectionState {
        let current = stream.sessions[0]
        let pairs = (1...stream.components).compactMap { stream.selectedPair(UInt8($0)) }
        guard pairs.count == stream.components else {
            if stream.sessions.contains(where: \.hasLostConsent) { return .failed }
            if current.isExhausted { return .failed }
            return current.pairs.isEmpty ? .new : .checking
        }
        if pairs.contains(where: { $0.liveness?.consent.isSilent ?? false }) {
            return .disconnected
        }
        let isAgreed = pairs.allSatisfy(\.isNominated)
        return isAgreed ? .completed : .connected
    }
}
