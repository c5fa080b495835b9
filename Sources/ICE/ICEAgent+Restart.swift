public import Wire

extension ICEAgent {
    /// Begins an ICE restart from our side (RFC 8445 §9): everything is looked for anew, and the
    /// old path carries on until the new one works.
    public mutating func restart(stream: Int, credentials: ICECredentials, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in
            agent.note(.restarted(stream: stream, byPeer: false))
            // Only our half is missing when the peer has begun.
            if agent.streams[index].sessions[0].marks.contains(.awaitsLocalRestart) {
                agent.streams[index].sessions[0].marks.remove(.awaitsLocalRestart)
                agent.streams[index].sessions[0].local = Session.LocalSide(credentials)
            } else {
                agent.beginSession(in: index, isLocal: true)
                agent.streams[index].sessions[0].local = Session.LocalSide(credentials)
            }
        }
    }

    /// Puts a fresh session in front; of the others only one with a path is kept.
    mutating func beginSession(in stream: Int, isLocal: Bool) {
        let current = streams[stream].sessions[0]
        var fresh = Session(
            credentials: current.local.credentials,
            components: streams[stream].components
        )
        if !isLocal { fresh.marks.insert(.awaitsLocalRestart) }
        let held =
            streams[stream].sessions.first(where: \.isSelectedWhole)
            ?? streams[stream].sessions.first { $0.paths.contains { $0.selected != nil } }
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
