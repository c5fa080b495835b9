import Wire

/// One question of ``NATDiscovery``.
struct NATProbe: Sendable {
    enum Question: Hashable, Sendable {
        case address
        case otherAddressAndPort, otherPort
        case mappingForOtherAddress, mappingForOtherAddressAndPort
        case secondAddress
        case meetingFromMain, meetingFromSecond
    }

    enum Result: Hashable, Sendable {
        case mapped(SocketAddress, other: SocketAddress?)
        /// The question itself came back to one of our sockets.
        case arrived
        case failed(STUNFailure)
    }

    let question: Question
    let target: SocketAddress
    let socket: NATDiscovery.Socket
    private let answerSource: SocketAddress
    var transaction: ClientTransaction
    private(set) var result: Result?

    /// Nil if the request cannot be written, which nothing makes happen.
    init?(
        _ question: Question,
        to target: SocketAddress,
        from socket: NATDiscovery.Socket,
        answerFrom source: SocketAddress,
        id: STUNTransactionID,
        timing: RetransmissionTiming,
        at now: Instant
    ) {
        self.question = question
        self.target = target
        self.socket = socket
        answerSource = source
        var attributes: [STUNAttribute] = []
        switch question {
        case .otherAddressAndPort: attributes = [.changeRequest([.address, .port])]
        case .otherPort: attributes = [.changeRequest(.port)]
        case .address, .mappingForOtherAddress, .mappingForOtherAddressAndPort, .secondAddress,
            .meetingFromMain, .meetingFromSecond:
            break
        }
        let message = STUNMessage(.request, id: id, attributes: attributes)
        guard let request = try? message.write(),
            let transaction = try? ClientTransaction(request: request, timing: timing, at: now)
        else { return nil }
        self.transaction = transaction
    }

    /// When to send again; nil once the question is decided.
    var deadline: Instant? { result == nil ? transaction.deadline : nil }

    private var isMeeting: Bool {
        switch question {
        case .meetingFromMain, .meetingFromSecond: true
        case .address, .otherAddressAndPort, .otherPort, .mappingForOtherAddress,
            .mappingForOtherAddressAndPort, .secondAddress:
            false
        }
    }

    mutating func timeOut() {
        if result == nil { result = .failed(.timedOut) }
    }

    mutating func receive(
        _ packet: STUNPacket,
        in bytes: Span<UInt8>,
        from source: SocketAddress,
        on socket: NATDiscovery.Socket
    ) {
        guard result == nil, packet.transactionID == transaction.id else { return }
        if isMeeting {
            if packet.messageClass == .request, socket != self.socket { result = .arrived }
            return
        }
        guard transaction.isAnswered(by: packet), socket == self.socket else { return }
        if packet.messageClass == .error {
            let code = packet.errorCode(in: bytes) ?? .serverError
            result = .failed(.refused(code, reason: packet.errorReason(in: bytes)))
            return
        }
        guard source.unmapped == answerSource.unmapped else {
            // The server answered, but not from where it was asked to: it cannot.
            if source.unmapped == target.unmapped { result = .failed(.unusableAnswer) }
            return
        }
        let mapped = packet.mappedAddress(in: bytes) ?? packet.address(.mappedAddress, in: bytes)
        guard let mapped else {
            result = .failed(.unusableAnswer)
            return
        }
        result = .mapped(mapped, other: packet.address(.otherAddress, in: bytes))
    }
}
