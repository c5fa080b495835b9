public import Wire

extension ICEAgent {
    /// Forgets a local address that has gone, and every pair that used it.
    ///
    /// The call moves to another valid pair if there is one. If there is none the agent looks for
    /// one among all addresses that are left, and is ``ICEConnectionState/disconnected`` meanwhile.
    public mutating func remove(localAddress: SocketAddress, at now: Instant) {
        removeLocal(localAddress, at: now) { $0.base == localAddress }
    }

    /// Forgets every local address of a host's interface that has gone, whatever its port.
    public mutating func remove(localHost: IPAddress, at now: Instant) {
        removeLocal(SocketAddress(localHost, port: 0), at: now) { $0.base.address == localHost }
    }

    private mutating func removeLocal(
        _ address: SocketAddress,
        at now: Instant,
        where isGone: (Candidate) -> Bool
    ) {
        input(at: now) { agent, now in
            agent.note(.localAddressRemoved(address))
            for stream in agent.streams.indices {
                agent.streams[stream].localCandidates.removeAll(where: isGone)
                for session in agent.streams[stream].sessions.indices {
                    agent.dropPairs(of: stream, session: session, at: now, where: isGone)
                }
                agent.pairUp(stream)
            }
        }
    }

    private mutating func dropPairs(
        of stream: Int,
        session: Int,
        at now: Instant,
        where isGone: (Candidate) -> Bool
    ) {
        let gone = streams[stream].sessions[session].pairs.filter { isGone($0.candidates.local) }
        guard !gone.isEmpty else { return }
        for pair in gone { note(.pairDropped(pair: pair.id, .localAddressRemoved)) }
        streams[stream].sessions[session].pairs.removeAll { isGone($0.candidates.local) }
        guard session == 0, streams[stream].sessions[0].remote != nil else { return }
        streams[stream].sessions[0].marks.insert(.lostAddress)
        // Other pairs were let go when this one was chosen: they deserve the time they had then.
        streams[stream].sessions[0].patience = .waiting(
            until: now.advanced(by: configuration.patience)
        )
    }

    /// Data that was proven to be the peer's arrived: a sign of life, though no consent.
    ///
    /// Tell this of media and data whose own integrity was checked. It keeps a path that only
    /// loses our checks from counting as disconnected; it costs next to nothing otherwise.
    ///
    /// A lite agent that was told of data moves to another path only when data comes from there, too.
    public mutating func noteReceived(
        from remote: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        at now: Instant
    ) {
        let ends = Ends(local: local, remote: remote, transport: transport)
        follow(dataOn: ends, at: now)
        guard let path = livePath(of: ends) else { return }
        let isWaiting = self[path].liveness?.consent.isUnanswered ?? false
        guard isWaiting else { return }
        input(at: now) { agent, now in agent[path].liveness?.consent.heard(at: now) }
    }

    private func livePath(of ends: Ends) -> PairPath? {
        for stream in streams.indices {
            for session in streams[stream].sessions.indices {
                for pair in streams[stream].sessions[session].pairs.indices
                where streams[stream].sessions[session].pairs[pair].liveness != nil
                    && streams[stream].sessions[session].pairs[pair].candidates.connects(ends)
                {
                    return PairPath(stream: stream, session: session, pair: pair)
                }
            }
        }
        return nil
    }
}
