public import Wire

/// Finds out how the NAT between us and a server behaves (RFC 5780 §4.3, §4.4).
///
/// The server must know RFC 5780, or only the mapped address comes of it. Filtering is asked about
/// first: the questions about mapping go to the server's other address, and would open the filter
/// for it.
///
/// ```swift
/// var discovery = NATDiscovery(server: server, locals: [local], entropy: .system, at: now)
/// // .transmit: send from the socket it names; .finished: the result
/// ```
public struct NATDiscovery: Machine, Sendable {
    /// Which of the owner's sockets; the second one serves the question about hairpinning only.
    public enum Socket: Hashable, Sendable { case main, second }

    /// One thing the owner must do or know.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8], to: SocketAddress, from: Socket)
        case finished(NATBehavior)
        case failed(NATDiscoveryFailure)
    }

    private let server: SocketAddress
    private let locals: [SocketAddress]
    private let asksAboutHairpin: Bool
    private let timing: RetransmissionTiming
    private var entropy: Entropy
    private var stage = Stage.asking
    private var probes: [NATProbe] = []
    private var outputs = Queue<Output>()

    /// What is known so far, stage by stage.
    private enum Stage: Sendable {
        case asking
        case filtering(NATBehavior, other: SocketAddress)
        case mapping(NATBehavior, other: SocketAddress)
        case meetingOurselves(NATBehavior, second: SocketAddress?)
        case finished
    }

    /// Starts to ask; `locals` are the addresses that the main socket is seen under where there is no
    /// NAT: its own, or those of all interfaces if it is bound to none of them.
    ///
    /// A question that a filter swallows costs the whole time of `timing`: 3.5 s unless said
    /// otherwise.
    public init(
        server: SocketAddress,
        locals: [SocketAddress],
        asksAboutHairpin: Bool = false,
        timing: RetransmissionTiming = RetransmissionTiming(
            initialRTO: .milliseconds(500),
            maximumRequests: 3,
            finalWaitMultiplier: 4
        ),
        entropy: Entropy,
        at now: Instant
    ) {
        self.server = server
        self.locals = locals
        self.asksAboutHairpin = asksAboutHairpin
        self.timing = timing
        self.entropy = entropy
        start(.address, to: server, at: now)
    }

    public var deadline: Instant? { probes.compactMap(\.deadline).min() }

    public mutating func advance(to now: Instant) {
        for index in probes.indices {
            probes[index].transaction.advance(to: now)
            flush(index)
        }
        proceed(at: now)
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Takes a packet that came from `source` to one of our sockets.
    public mutating func receive(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        on socket: Socket = .main,
        at now: Instant
    ) {
        guard let message = try? STUNPacket(parsing: packet),
            !message.hasFingerprint || message.hasValidFingerprint(in: packet)
        else { return }
        for index in probes.indices {
            probes[index].receive(message, in: packet, from: source, on: socket)
        }
        proceed(at: now)
    }

    private mutating func start(
        _ question: NATProbe.Question,
        to target: SocketAddress,
        from socket: Socket = .main,
        answerFrom source: SocketAddress? = nil,
        at now: Instant
    ) {
        let id = STUNTransactionID(using: &entropy)
        guard
            let probe = NATProbe(
                question,
                to: target,
                from: socket,
                answerFrom: source ?? target,
                id: id,
                timing: timing,
                at: now
            )
        else { return }
        probes.append(probe)
        flush(probes.count - 1)
    }

    private mutating func flush(_ index: Int) {
        while let output = probes[index].transaction.popOutput() {
            switch output {
            case .transmit(let bytes):
                guard probes[index].result == nil else { break }
                outputs.append(
                    .transmit(bytes, to: probes[index].target, from: probes[index].socket)
                )
            case .timedOut: probes[index].timeOut()
            case .answered: break
            }
        }
    }

    private func result(of question: NATProbe.Question) -> NATProbe.Result? {
        probes.first { $0.question == question }?.result
    }
}

// MARK: - Stages

extension NATDiscovery {
    /// Moves on when the stage's questions are decided.
    private mutating func proceed(at now: Instant) {
        switch stage {
        case .asking:
            guard let result = result(of: .address) else { return }
            beginFiltering(result, at: now)
        case .filtering(let behavior, let other): concludeFiltering(behavior, other, at: now)
        case .mapping(let behavior, let other): concludeMapping(behavior, other, at: now)
        case .meetingOurselves(let behavior, let second):
            concludeMeeting(behavior, second, at: now)
        case .finished: break
        }
    }

    private mutating func beginFiltering(_ result: NATProbe.Result, at now: Instant) {
        probes = []
        switch result {
        case .failed(let failure):
            stage = .finished
            outputs.append(.failed(.server(failure)))
        case .arrived:
            stage = .finished
            outputs.append(.failed(.server(.unusableAnswer)))
        case .mapped(let address, let other):
            let behavior = NATBehavior(
                mappedAddress: address,
                isTranslated: !locals.contains { $0.unmapped == address.unmapped }
            )
            guard let other, STUNServerEndpoints(primary: server, alternate: other) != nil,
                other.port != 0, !other.address.isUnspecified, !other.address.isMulticast
            else { return finish(behavior) }
            stage = .filtering(behavior, other: other)
            // RFC 5780 §4.4, tests II and III; together, because neither opens anything for the
            // other's answer.
            start(.otherAddressAndPort, to: server, answerFrom: other, at: now)
            let sibling = SocketAddress(server.address, port: other.port)
            start(.otherPort, to: server, answerFrom: sibling, at: now)
        }
    }

    private mutating func concludeFiltering(
        _ behavior: NATBehavior,
        _ other: SocketAddress,
        at now: Instant
    ) {
        var behavior = behavior
        switch (result(of: .otherAddressAndPort), result(of: .otherPort)) {
        case (.mapped?, _): behavior.filtering = .endpointIndependent
        case (.failed(.timedOut)?, .mapped?): behavior.filtering = .addressDependent
        case (.failed(.timedOut)?, .failed(.timedOut)?):
            behavior.filtering = .addressAndPortDependent
        case (nil, _), (_, nil): return
        // The server does not do what it is asked.
        case (.failed?, _), (_, .failed?), (.arrived?, _), (_, .arrived?): break
        }
        probes = []
        guard behavior.isTranslated else {
            behavior.mapping = .endpointIndependent
            return finish(behavior)
        }
        stage = .mapping(behavior, other: other)
        // RFC 5780 §4.3, tests II and III; together, because each has a destination of its own.
        let sibling = SocketAddress(other.address, port: server.port)
        start(.mappingForOtherAddress, to: sibling, at: now)
        start(.mappingForOtherAddressAndPort, to: other, at: now)
    }

    private mutating func concludeMapping(
        _ behavior: NATBehavior,
        _ other: SocketAddress,
        at now: Instant
    ) {
        guard let second = result(of: .mappingForOtherAddress),
            let third = result(of: .mappingForOtherAddressAndPort)
        else { return }
        var behavior = behavior
        if case .mapped(let address, _) = second, case .mapped(let another, _) = third {
            behavior.mapping =
                address == behavior.mappedAddress && another == address
                ? .endpointIndependent
                : address == another ? .addressDependent : .addressAndPortDependent
        }
        probes = []
        guard asksAboutHairpin else { return finish(behavior) }
        stage = .meetingOurselves(behavior, second: nil)
        start(.secondAddress, to: server, from: .second, at: now)
    }

    /// RFC 5780 §3.4, from both sides: a filter that lets in only those who were sent to would hide
    /// the answer otherwise.
    private mutating func concludeMeeting(
        _ behavior: NATBehavior,
        _ second: SocketAddress?,
        at now: Instant
    ) {
        guard second != nil else {
            guard let result = result(of: .secondAddress) else { return }
            probes = []
            guard case .mapped(let address, _) = result else { return finish(behavior) }
            stage = .meetingOurselves(behavior, second: address)
            start(.meetingFromMain, to: address, at: now)
            start(.meetingFromSecond, to: behavior.mappedAddress, from: .second, at: now)
            return
        }
        var behavior = behavior
        switch (result(of: .meetingFromMain), result(of: .meetingFromSecond)) {
        case (.arrived?, _), (_, .arrived?): behavior.hairpins = true
        case (nil, _), (_, nil): return
        case (.failed?, _), (.mapped?, _): behavior.hairpins = false
        }
        finish(behavior)
    }

    private mutating func finish(_ behavior: NATBehavior) {
        probes = []
        stage = .finished
        outputs.append(.finished(behavior))
    }
}
