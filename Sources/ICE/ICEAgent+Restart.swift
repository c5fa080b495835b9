public import Wire

/// Our half of a session that the peer knows nothing of yet, or has not answered (RFC 8445 §9).
struct OfferedRestart: Sendable {
    let local: Session.LocalSide
    /// Checks of the peer that were faster than its answer.
    var earlyChecks: [IncomingCheck] = []

    init(_ credentials: ICECredentials) { local = Session.LocalSide(credentials) }
}

extension ICEAgent {
    /// Begins an ICE restart from our side (RFC 8445 §9): with the peer's new credentials everything
    /// is looked for anew, and the old path carries on until the new one works.
    ///
    /// Until they come everything stays as it is: paths are kept, changed and lost as if nobody had
    /// said anything, and ``takeBackRestart(of:at:)`` is possible.
    public mutating func restart(stream: Int, credentials: ICECredentials, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in
            agent.note(.restarted(stream: stream, byPeer: false))
            let session = agent.streams[index].sessions[0]
            // Only our half is missing when the peer has begun, or nobody has.
            if session.marks.contains(.awaitsLocalRestart) || session.remote == nil {
                agent.streams[index].sessions[0].marks.remove(.awaitsLocalRestart)
                agent.streams[index].sessions[0].local = Session.LocalSide(credentials)
                agent.streams[index].sessions[0].earlyChecks = []
            } else {
                agent.streams[index].offered = OfferedRestart(credentials)
            }
        }
    }

    /// Takes back a restart of ours that the peer has not answered (RFC 9429 §4.1.10.2).
    public mutating func takeBackRestart(of stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in
            guard agent.streams[index].offered != nil else { return }
            agent.streams[index].offered = nil
            // What it was to bring may still be missing.
            agent.streams[index].sessions[0].marks.subtract([.advisedOfLoss, .advisedOfBetter])
        }
    }

    /// Puts a fresh session in front; of the others only one with a path is kept.
    mutating func beginSession(in stream: Int) {
        let current = streams[stream].sessions[0]
        let components = streams[stream].components
        var fresh: Session
        if let offered = streams[stream].offered {
            fresh = Session(offered.local, components: components)
            fresh.earlyChecks = offered.earlyChecks
        } else {
            fresh = Session(current.local, components: components)
            fresh.marks.insert(.awaitsLocalRestart)
        }
        let held =
            streams[stream].sessions.first(where: \.isSelectedWhole)
            ?? streams[stream].sessions.first { $0.paths.contains { $0.selected != nil } }
        streams[stream].offered = nil
        streams[stream].hasRestarted = true
        streams[stream].sessions = [fresh] + (held.map { [$0.remainder] } ?? [])
    }

    /// RFC 8445 §9: when the new session has concluded, nobody uses the old one any more.
    mutating func dropOldSessions(of stream: Int) {
        guard streams[stream].sessions.count > 1 else { return }
        let isUseless = !streams[stream].sessions[1].paths.contains { $0.selected != nil }
        if streams[stream].sessions[0].isConcluded || isUseless {
            streams[stream].sessions.removeLast()
        }
    }
}
