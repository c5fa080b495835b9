public import Wire

extension ICEAgent {
    /// Forgets the last component of a stream, which the peer does not need: with RTCP on the
    /// component of RTP there is one less (RFC 5761 §5.1.1).
    ///
    /// The only component of a stream stays.
    public mutating func removeComponent(_ component: ICEComponent, at now: Instant) {
        guard let index = index(of: component.stream), component.component > 1,
            streams[index].components == Int(component.component)
        else { return }
        input(at: now) { agent, _ in
            agent.streams[index].components -= 1
            agent.streams[index].announced[component.component] = nil
            agent.streams[index].localCandidates.removeAll {
                $0.component == component.component
            }
            for session in agent.streams[index].sessions.indices {
                agent.streams[index].sessions[session].forget(component.component)
            }
            agent.pairUp(index)
        }
    }
}

extension Session {
    fileprivate mutating func forget(_ component: UInt8) {
        remoteCandidates.removeAll { $0.component == component }
        pairs.removeAll { $0.component == component }
        earlyChecks.removeAll { $0.component == component }
        paths.removeAll { $0.component == component }
    }
}
