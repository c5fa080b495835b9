public import Wire

/// What an agent knows of its peer's being at an address, the more the higher.
public enum ICEPresence: Hashable, Comparable, Sendable {
    /// Nothing, or nothing any more.
    case unknown
    /// An authentic check has come from there; its source may be forged by whoever knows the names.
    case heard
    /// A check of ours that went there was answered from there (RFC 8445 §7.2.5.3).
    case answered
    /// Data takes this way.
    case selected
}

extension ICEAgent {
    /// What is known of the peer's being at `remote`, for who shares `local` among agents.
    public func presence(
        of remote: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        component: ICEComponent
    ) -> ICEPresence {
        let ends = Ends(local: local, remote: remote, transport: transport)
        guard let stream = stream(component.stream) else { return .unknown }
        if stream.selectedPair(component.component)?.candidates.connects(ends) ?? false {
            return .selected
        }
        let known = pairs(of: component, between: ends).map(\.presence)
        let early = stream.sessions.flatMap(\.earlyChecks).filter {
            $0.component == component.component && $0.ends == ends
        }
        return (known + early.map { _ in .heard }).max() ?? .unknown
    }

    /// How many authentic answers to checks of ours have come from `remote`.
    ///
    /// A check's transaction identifier is known only where it was sent to, so that each answer proves
    /// that the peer is there at this time.
    public func answers(
        from remote: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        component: ICEComponent
    ) -> Int {
        let ends = Ends(local: local, remote: remote, transport: transport)
        return pairs(of: component, between: ends).map(\.counters.responsesReceived).reduce(0, +)
    }

    private func pairs(of component: ICEComponent, between ends: Ends) -> [Pair] {
        let sessions = stream(component.stream)?.sessions ?? []
        return sessions.flatMap { session in
            session.pairs.filter {
                $0.component == component.component && $0.candidates.connects(ends)
            }
        }
    }
}

extension Pair {
    /// What its own checks and the peer's tell.
    fileprivate var presence: ICEPresence {
        // Who has not answered for so long is not there any more.
        if isFailed { return .unknown }
        if counters.responsesReceived > 0 { return .answered }
        return counters.requestsReceived > 0 ? .heard : .unknown
    }
}
