public import Wire

/// One STUN request and its retransmissions over UDP (RFC 8489 §6.2.1), or its one transmission over
/// TCP and TLS (§6.2.2).
///
/// ```swift
/// var transaction = try ClientTransaction(request: bytes, at: now)
/// transaction.receive(datagram.span, at: now)
/// ```
public struct ClientTransaction: Machine, Sendable {
    /// One thing the owner must do.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8])
        /// An answer came: success or error, integrity not yet checked. The round trip is known
        /// when the request was sent only once.
        case answered(response: [UInt8], roundTripTime: Duration?)
        case timedOut
    }

    private let request: [UInt8]
    /// What ties the answer to the request.
    public let id: STUNTransactionID
    private let start: Instant
    private var phase: Phase
    private var outputs = Queue<Output>()

    /// Sends `request`, which must be a STUN message.
    public init(
        request: [UInt8],
        initialRTO: Duration = .milliseconds(500),
        at now: Instant
    ) throws(ParseError) {
        try self.init(
            request: request,
            timing: RetransmissionTiming(initialRTO: initialRTO),
            at: now
        )
    }

    /// Sends `request`, which must be a STUN message, as `timing` says.
    public init(
        request: [UInt8],
        timing: RetransmissionTiming,
        at now: Instant
    ) throws(ParseError) {
        id = try STUNPacket(parsing: request.span).transactionID
        self.request = request
        start = now
        phase = .waiting(RetransmissionSchedule(timing, at: now))
        outputs.append(.transmit(request))
    }

    public var deadline: Instant? {
        switch phase {
        case .waiting(let schedule): schedule.deadline
        case .finished: nil
        }
    }

    /// Whether a packet is an answer to this request, the first one.
    ///
    /// Ask before ``receive(_:at:)`` where answers are signed: one that is not authentic must be
    /// dropped as if it had never come, and the request goes on (RFC 8489 §9.1.4).
    public func isAnswered(by packet: STUNPacket) -> Bool {
        guard deadline != nil, packet.transactionID == id else { return false }
        return packet.messageClass == .success || packet.messageClass == .error
    }

    /// Takes a packet; anything but the first answer to this request is ignored.
    public mutating func receive(_ packet: Span<UInt8>, at now: Instant) {
        guard let response = try? STUNPacket(parsing: packet), isAnswered(by: response) else {
            return
        }
        switch step(&phase, { $0.finishing() }) {
        case .ignored: return
        case .finished(let requests):
            let roundTripTime = requests == 1 ? start.duration(to: now) : nil
            let bytes = [UInt8](copying: packet)
            outputs.append(.answered(response: bytes, roundTripTime: roundTripTime))
        }
    }

    public mutating func advance(to now: Instant) {
        switch step(&phase, { $0.expiring(at: now) }) {
        case .notDue: break
        case .retransmit: outputs.append(.transmit(request))
        case .giveUp: outputs.append(.timedOut)
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    fileprivate enum Phase: Sendable {
        case waiting(RetransmissionSchedule)
        case finished
    }
}

extension ClientTransaction.Phase {
    enum Finish { case ignored, finished(requests: Int) }

    consuming func finishing() -> (Self, Finish) {
        switch consume self {
        case .waiting(let schedule): (.finished, .finished(requests: schedule.requests))
        case .finished: (.finished, .ignored)
        }
    }

    consuming func expiring(at now: Instant) -> (Self, RetransmissionSchedule.Expiry) {
        switch consume self {
        case .waiting(var schedule):
            let expiry = schedule.expire(at: now)
            return (expiry == .giveUp ? .finished : .waiting(schedule), expiry)
        case .finished:
            return (.finished, .notDue)
        }
    }
}
