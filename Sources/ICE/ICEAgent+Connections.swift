public import Wire

/// A TCP connection between two candidates (RFC 6544 §7).
struct TCPConnection: Sendable {
    enum State: Equatable {
        case opening
        case open
        /// Open, and the peer has sent a check whose pair is still to come: before its answer, or
        /// before it has changed its role. It stays until then.
        case awaited(until: Instant)
    }

    var ends: Ends
    var state: State

    var isOpen: Bool { state != .opening }

    /// When to give the connection back unless a pair uses it.
    var deadline: Instant? {
        switch state {
        case .opening, .open: nil
        case .awaited(let end): end
        }
    }
}

extension ICEAgent {
    /// A connection that ``Output/connect(from:to:)`` has asked for is open.
    ///
    /// Nothing need be said about connections that others have opened to us.
    public mutating func tcpConnected(
        from local: SocketAddress,
        to remote: SocketAddress,
        at now: Instant
    ) {
        let ends = Ends(local: local, remote: remote, transport: .tcp)
        input(at: now) { agent, now in
            guard let index = agent.connections.firstIndex(where: { $0.ends == ends }) else {
                return
            }
            agent.connections[index].state = .open
            for path in agent.allPaths
            where agent[path].isConnecting && agent[path].candidates.connects(ends) {
                agent.sendCheck(on: path, isTriggered: true, at: now)
            }
        }
    }

    /// A connection could not be opened, or was closed, whoever had opened it.
    public mutating func tcpFailed(
        from local: SocketAddress,
        to remote: SocketAddress,
        at now: Instant
    ) {
        let ends = Ends(local: local, remote: remote, transport: .tcp)
        input(at: now) { agent, _ in
            agent.connections.removeAll { $0.ends == ends }
            var lost: [ICEComponent] = []
            for path in agent.allPaths where agent[path].candidates.connects(ends) {
                if agent.lose(path) { lost.append(agent.component(at: path)) }
            }
            // Behind the loop: this adds and removes pairs.
            for component in lost { agent.lookAround(for: component) }
        }
    }

    /// The server of a relay of ours does not let packets to the peer's address pass (RFC 8656 §10.3).
    ///
    /// Checks from the relayed address `local` to any port of `remote` cannot succeed, so that their
    /// pairs fail at once. One that has succeeded is left to its consent: the server may only have
    /// been slow, and is asked again with the next packet.
    public mutating func relayRefused(
        from local: SocketAddress,
        to remote: IPAddress,
        code: Int?,
        at now: Instant
    ) {
        input(at: now) { agent, _ in
            for path in agent.allPaths {
                let ends = agent[path].candidates.ends
                guard ends.local == local, ends.remote.address == remote else { continue }
                switch agent[path].state {
                case .frozen, .waiting, .connecting, .inProgress:
                    agent.fail(path, .relayRefused(code: code))
                case .succeeded, .failed: break
                }
            }
        }
    }

    /// Says whether the pair was in use.
    private mutating func lose(_ path: PairPath) -> Bool {
        switch self[path].state {
        case .failed, .frozen, .waiting: return false
        case .connecting:
            fail(path, .connectionFailed)
            return false
        case .inProgress:
            fail(path, .connectionClosed)
            return false
        case .succeeded:
            let wasInUse = path.session == 0 && isSelected(path)
            fail(path, .connectionClosed)
            return wasInUse
        }
    }

    /// Whether a check of this pair can leave now; if a connection is missing, it is asked for.
    mutating func isConnected(_ path: PairPath, at now: Instant) -> Bool {
        let ends = self[path].candidates.ends
        guard ends.transport == .tcp else { return true }
        if connections.contains(where: { $0.ends == ends && $0.isOpen }) { return true }
        // Who only accepts has lost the connection: the other side may open it again.
        guard !self[path].candidates.local.transport.isPassive else {
            fail(path, .connectionClosed)
            return false
        }
        self[path].state = .connecting(until: now.advanced(by: configuration.tcpTimeout))
        if !connections.contains(where: { $0.ends == ends }) {
            connections.append(TCPConnection(ends: ends, state: .opening))
            outputs.append(.connect(from: ends.local, to: ends.remote))
        }
        return false
    }

    /// Remembers that an authenticated check came over a connection, which therefore is open.
    mutating func noteConnection(_ ends: Ends, at now: Instant) {
        guard ends.transport == .tcp else { return }
        let state = TCPConnection.State.awaited(until: now.advanced(by: configuration.tcpTimeout))
        if let index = connections.firstIndex(where: { $0.ends == ends }) {
            connections[index].state = state
        } else {
            connections.append(TCPConnection(ends: ends, state: state))
        }
    }

    /// Gives back the connections whose pairs have all gone or failed.
    mutating func closeUnusedConnections() {
        guard !connections.isEmpty else { return }
        var used: Set<Ends> = []
        for path in allPaths where !self[path].isFailed { used.insert(self[path].candidates.ends) }
        for index in connections.indices where used.contains(connections[index].ends) {
            if connections[index].isOpen { connections[index].state = .open }
        }
        let awaited = state == .closed ? [] : awaitedConnections()
        for connection in connections where !used.contains(connection.ends) {
            let ends = connection.ends
            guard !awaited.contains(ends) else { continue }
            outputs.append(.disconnect(from: ends.local, to: ends.remote))
        }
        connections.removeAll { !used.contains($0.ends) && !awaited.contains($0.ends) }
    }

    /// The connections that pairs may still come to, the newest of them where there are many.
    private func awaitedConnections() -> Set<Ends> {
        let waiting = connections.compactMap { connection in
            connection.deadline.flatMap { $0 > clock ? (connection.ends, $0) : nil }
        }
        let newest = waiting.sorted { $0.1 > $1.1 }.prefix(configuration.maximumEarlyChecks)
        return Set(newest.map(\.0))
    }
}
