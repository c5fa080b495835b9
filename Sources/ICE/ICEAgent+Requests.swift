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

    /// Whose credentials a request was signed with.
    enum Addressee {
        case session(Int)
        /// The restart that we have offered.
        case offered
    }

    /// A request that has passed every check, and what it belongs to.
    struct AuthenticRequest {
        var stream: Int
        var addressee: Addressee
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
        // RFC 8489 §9.1.3: of two codes the stronger counts.
        guard let (stream, addressee) = addressee(named: packet.extracting(name)),
            let key = key(of: addressee, in: stream),
            case let signature = STUNSignature(key: key, isStrong: message.hasStrongIntegrity),
            signature.isValid(for: message, in: packet)
        else {
            counters.unauthenticatedPackets += 1
            refuse(message, packet, arrival, .unauthenticated, nil)
            return nil
        }
        var session = 0
        if case .session(let index) = addressee { session = index }
        let place = (stream: stream, session: session)
        guard let check = understand(message, packet, arrival, place, signature) else {
            return nil
        }
        return AuthenticRequest(
            stream: stream,
            addressee: addressee,
            check: check,
            signature: signature,
            claim: message.claimedRole(in: packet)
        )
    }

    /// RFC 8489 §6.3.1: what a request asks for, once it is known to come from the peer.
    private mutating func understand(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends,
        _ place: (stream: Int, session: Int),
        _ signature: STUNSignature
    ) -> IncomingCheck? {
        guard message.unknownRequiredAttributes(in: packet).isEmpty else {
            refuse(message, packet, arrival, .unknownAttribute, signature)
            return nil
        }
        guard let priority = message.number(.priority, in: packet) else {
            refuse(message, packet, arrival, .badRequest, signature)
            return nil
        }
        guard let component = component(of: arrival, place) else { return nil }
        let isNominating = message.has(.useCandidate, in: packet)
        // Without an agreement on numbers there are none, whatever the request says.
        let number = message.number(.nominationNumber, in: packet).flatMap { number in
            streams[place.stream].sessions[place.session].renominates ? number : nil
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
    private func component(of arrival: Ends, _ place: (stream: Int, session: Int)) -> UInt8? {
        let stream = streams[place.stream]
        return stream.sessions[place.session].pairs.first { $0.candidates.connects(arrival) }?
            .component
            ?? stream.localCandidate(at: arrival.local, over: arrival.transport)?.component
    }

    /// Whose user name this is: better a session that both halves name.
    private func addressee(
        named username: Span<UInt8>
    ) -> (stream: Int, addressee: Addressee)? {
        for exactly in [true, false] {
            for stream in streams.indices {
                for session in streams[stream].sessions.indices
                where streams[stream].sessions[session].isNamed(by: username, exactly: exactly) {
                    return (stream, .session(session))
                }
            }
        }
        for stream in streams.indices
        where streams[stream].offered?.local.isNamed(by: username) ?? false {
            return (stream, .offered)
        }
        return nil
    }

    private func key(of addressee: Addressee, in stream: Int) -> STUNKey? {
        switch addressee {
        case .session(let session): streams[stream].sessions[session].local.key
        case .offered: streams[stream].offered?.local.key
        }
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
        switch request.addressee {
        case .session(let session):
            use(check, stream: request.stream, session: session, at: now)
        case .offered: rememberForRestart(check, of: request.stream)
        }
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
