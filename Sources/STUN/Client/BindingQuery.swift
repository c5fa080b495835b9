import Wire

/// One server's part in a ``BindingClient``.
struct BindingQuery: Sendable {
    /// What a response asks for.
    enum Step {
        case ignore
        case again
        case fail(STUNFailure)
        case succeed(SocketAddress)
    }

    /// The server that was asked for.
    let server: SocketAddress
    /// The server that is being asked, after redirections.
    private(set) var target: SocketAddress
    private let transport: STUNTransport
    private let timing: RetransmissionTiming
    private var authenticator: LongTermAuthenticator?
    private var wasSigned = false
    private var redirections = 0
    var transaction: ClientTransaction?

    init(
        server: SocketAddress,
        transport: STUNTransport,
        timing: RetransmissionTiming,
        authenticator: LongTermAuthenticator?
    ) {
        self.server = server
        target = server
        self.transport = transport
        self.timing = timing
        self.authenticator = authenticator
    }

    /// Starts a transaction; false if the request cannot be written.
    mutating func start(at now: Instant, using entropy: inout Entropy) -> Bool {
        let id = STUNTransactionID(using: &entropy)
        var bytes = [UInt8](repeating: 0, count: 2_560)
        var request: [UInt8]?
        do throws(WriteError) {
            var writer = SpanWriter(bytes.mutableSpan)
            try STUNWriter.begin(.request, id: id, to: &writer)
            if let authenticator {
                try authenticator.finish(to: &writer)
            } else {
                try STUNWriter.addFingerprint(to: &writer)
            }
            request = [UInt8](copying: writer.written)
        } catch {
            // A realm or a nonce longer than any server's.
            return false
        }
        wasSigned = authenticator?.isChallenged ?? false
        guard let request else { return false }
        transaction = try? ClientTransaction(request: request, timing: timing, at: now)
        return transaction != nil
    }

    func isAnswered(by packet: STUNPacket, from source: SocketAddress) -> Bool {
        // Over UDP anybody can send; the answer has to come from where the question went.
        source.unmapped == target.unmapped && transaction?.isAnswered(by: packet) == true
    }

    mutating func judge(_ packet: STUNPacket, in bytes: Span<UInt8>) -> Step {
        if var authenticator {
            let verdict = authenticator.receive(packet, in: bytes, wasSigned: wasSigned)
            self.authenticator = authenticator
            switch verdict {
            case .believe: break
            case .retry: return .again
            case .discard: return .ignore
            case .giveUp(let refusal): return .fail(.unauthenticated(refusal))
            }
        }
        guard packet.unknownRequiredAttributes(in: bytes, understanding: .binding).isEmpty else {
            return .fail(.unusableAnswer)  // RFC 8489 §6.3.3, §6.3.4
        }
        guard packet.messageClass == .success else { return judgeError(packet, in: bytes) }
        let mapped = packet.mappedAddress(in: bytes) ?? packet.address(.mappedAddress, in: bytes)
        return mapped.map(Step.succeed) ?? .fail(.unusableAnswer)
    }

    private mutating func judgeError(_ packet: STUNPacket, in bytes: Span<UInt8>) -> Step {
        guard let code = packet.errorCode(in: bytes) else { return .fail(.unusableAnswer) }
        // RFC 8489 §10; over a stream the alternate would need a connection of its own.
        guard code == .tryAlternate, transport == .datagram else {
            return .fail(.refused(code, reason: packet.errorReason(in: bytes)))
        }
        redirections += 1
        guard redirections <= maximumRedirections,
            let alternate = packet.address(.alternateServer, in: bytes),
            alternate.address.family == server.address.family, alternate != target,
            !alternate.address.isUnspecified, !alternate.address.isMulticast, alternate.port != 0
        else { return .fail(.redirectedTooOften) }
        target = alternate
        return .again
    }

    /// How long the answer took.
    mutating func roundTripTime(to packet: Span<UInt8>, at now: Instant) -> Duration? {
        transaction?.receive(packet, at: now)
        var time: Duration?
        while let output = transaction?.popOutput() {
            switch output {
            case .answered(_, let roundTripTime): time = roundTripTime
            case .transmit, .timedOut: break
            }
        }
        return time
    }
}

private let maximumRedirections = 3
