import STUN
public import Wire

extension ICEAgent {
    /// Takes any STUN datagram that arrived on `local`, or on the TCP connection that has this name.
    public mutating func receive(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        at now: Instant
    ) {
        guard state != .closed else { return }
        guard let message = try? STUNPacket(parsing: packet), message.method == .binding,
            !message.hasFingerprint || message.hasValidFingerprint(in: packet)
        else {
            counters.malformedPackets += 1
            return
        }
        let arrival = Ends(local: local, remote: source, transport: transport)
        switch message.messageClass {
        case .request:
            guard let check = authenticate(message, packet, arrival) else { return }
            input(at: now) { agent, now in agent.accept(check, at: now) }
        case .success, .error:
            guard let answer = match(message, packet, arrival) else { return }
            input(at: now) { agent, now in agent.accept(answer, at: now) }
        // A keepalive (RFC 8445 §11) asks for nothing.
        case .indication: break
        }
    }

    /// A request that has passed every check, and the session it belongs to.
    struct AuthenticRequest {
        var stream: Int
        var session: Int
        var check: IncomingCheck
        /// How it was signed, and its answer is to be.
        var signature: STUNSignature
        /// The role the peer claims; nil if it claims none.
        var claim: (role: ICERole, tieBreaker: UInt64)?
    }

    /// RFC 8489 §9.1.3, then §6.3.1: nothing of a request counts before its integrity is proven.
    private mutating func authenticate(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends
    ) -> AuthenticRequest? {
        // RFC 8445 §7.1.1: checks carry FINGERPRINT. What does not is none of ours to answer.
        guard message.hasFingerprint else {
            counters.malformedPackets += 1
            return nil
        }
        guard let name = message.range(of: .username, in: packet),
            message.hasIntegrity || message.hasStrongIntegrity
        else {
            refuse(message, packet, arrival, .badRequest, nil)
            return nil
        }
        guard let (stream, session) = session(named: packet.extracting(name)) else {
            counters.unauthenticatedPackets += 1
            refuse(message, packet, arrival, .unauthenticated, nil)
            return nil
        }
        // RFC 8489 §9.1.3: of two codes the stronger counts.
        let signature = STUNSignature(
            key: streams[stream].sessions[session].local.key,
            isStrong: message.hasStrongIntegrity
        )
        guard signature.isValid(for: message, in: packet) else {
            counters.unauthenticatedPackets += 1
            refuse(message, packet, arrival, .unauthenticated, nil)
            return nil
        }
        guard !isRefused(message, packet, arrival, signature),
            let check = understand(message, packet, arrival, stream: stream, session: session)
        else { return nil }
        return AuthenticRequest(
            stream: stream,
            session: session,
            check: check,
            signature: signature,
            claim: message.claimedRole(in: packet)
        )
    }

    /// RFC 8489 §6.3.1: whether a request of the peer cannot be understood.
    private mutating func isRefused(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends,
        _ signature: STUNSignature
    ) -> Bool {
        guard message.unknownRequiredAttributes(in: packet).isEmpty else {
            refuse(message, packet, arrival, .unknownAttribute, signature)
            return true
        }
        guard message.number(.priority, in: packet) != nil else {
            refuse(message, packet, arrival, .badRequest, signature)
            return true
        }
        return false
    }

    /// What a request asks for, once it is known to come from the peer.
    private mutating func understand(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends,
        stream: Int,
        session: Int
    ) -> IncomingCheck? {
        guard let priority = message.number(.priority, in: packet),
            let component = component(of: arrival, stream: stream, session: session)
        else { return nil }
        let isNominating = message.has(.useCandidate, in: packet)
        // Without an agreement on numbers there are none, whatever the request says.
        let number = message.number(.nominationNumber, in: packet).flatMap { number in
            streams[stream].sessions[session].renominates ? number : nil
        }
        return IncomingCheck(
            ends: arrival,
            component: component,
            priority: priority,
            nomination: number ?? (isNominating ? 0 : nil),
            id: message.transactionID
        )
    }

    /// The component that a check is for: active TCP candidates of all components share a base, but
    /// not their connections.
    private func component(of arrival: Ends, stream: Int, session: Int) -> UInt8? {
        let pair = streams[stream].sessions[session].pairs.first {
            $0.candidates.connects(arrival)
        }
        return pair?.component
            ?? streams[stream].localCandidate(at: arrival.local, over: arrival.transport)?.component
    }

    /// The session whose user name this is: better one that both halves name.
    private func session(named username: Span<UInt8>) -> (stream: Int, session: Int)? {
        for exactly in [true, false] {
            for stream in streams.indices {
                for session in streams[stream].sessions.indices
                where streams[stream].sessions[session].isNamed(by: username, exactly: exactly) {
                    return (stream, session)
                }
            }
        }
        return nil
    }

    private mutating func accept(_ request: AuthenticRequest, at now: Instant) {
        let check = request.check
        noteConnection(check.ends, at: now)
        if let claim = request.claim, claim.role == role, !yields(to: claim.tieBreaker) {
            counters.roleConflicts += 1
            let response = encoded(reserving: 128) { writer throws(WriteError) in
                try STUNWriter.begin(.error, id: check.id, to: &writer)
                try STUNWriter.append(.roleConflict, to: &writer)
                try request.signature.finish(to: &writer)
            }
            return send(response, between: check.ends)
        }
        let response = encoded(reserving: 128) { writer throws(WriteError) in
            try STUNWriter.begin(.success, id: check.id, to: &writer)
            try STUNWriter.appendMapped(check.ends.remote, id: check.id, to: &writer)
            try request.signature.finish(to: &writer)
        }
        send(response, between: check.ends)
        use(check, stream: request.stream, session: request.session, at: now)
    }

    /// RFC 8445 §7.3.1.1: whether we change our role rather than tell the peer to change its own.
    private mutating func yields(to tieBreaker: UInt64) -> Bool {
        // RFC 8445 §6.1.1: a lite agent stays controlled; the peer must take the other role.
        guard !configuration.isLite else { return false }
        switch role {
        case .controlling:
            guard self.tieBreaker < tieBreaker else { return false }
            take(.controlled)
        case .controlled:
            guard self.tieBreaker >= tieBreaker else { return false }
            take(.controlling)
        }
        counters.roleConflicts += 1
        return true
    }

    /// Plays `role` from now on; priorities of pairs follow by themselves.
    mutating func take(_ role: ICERole) {
        guard role != self.role else { return }
        self.role = role
        note(.roleChanged(role))
        outputs.append(.roleChanged(role))
    }

    /// Refuses a request; an answer that cannot be signed is never longer than its question.
    private mutating func refuse(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends,
        _ error: STUNErrorCode,
        _ signature: STUNSignature?
    ) {
        let unknown =
            error == .unknownAttribute ? message.unknownRequiredAttributes(in: packet) : []
        let response = encoded(reserving: 256) { writer throws(WriteError) in
            try STUNWriter.begin(.error, id: message.transactionID, to: &writer)
            try STUNWriter.append(error, to: &writer)
            if !unknown.isEmpty { try STUNWriter.append(unknown: unknown, to: &writer) }
            if let signature {
                try signature.finish(to: &writer)
            } else {
                try STUNWriter.finish(key: nil, to: &writer)
            }
        }
        guard signature != nil || response.count <= packet.count else { return }
        send(response, between: arrival)
    }
}

extension STUNPacket {
    /// ICE-CONTROLLING or ICE-CONTROLLED; nil unless exactly one is there.
    fileprivate func claimedRole(in bytes: Span<UInt8>) -> (role: ICERole, tieBreaker: UInt64)? {
        let controlling = longNumber(.iceControlling, in: bytes)
        let controlled = longNumber(.iceControlled, in: bytes)
        switch (controlling, controlled) {
        case (let tieBreaker?, nil): return (.controlling, tieBreaker)
        case (nil, let tieBreaker?): return (.controlled, tieBreaker)
        case (nil, nil), (.some, .some): return nil
        }
    }
}
