import STUN
import Wire

/// A connectivity check on its way (RFC 8445 §7.2).
struct Check: Sendable {
    let id: STUNTransactionID
    let request: [UInt8]
    /// The role the request speaks of, which is not ours any more after a conflict.
    let role: ICERole
    /// Whether the peer was known to reach us when this check was started.
    let isTriggered: Bool
    let sentAt: Instant
    var schedule: RetransmissionSchedule
    /// Until when a repetition waits for its turn among all checks of the agent.
    var heldUntil: Instant?

    var deadline: Instant { max(schedule.deadline, heldUntil ?? schedule.deadline) }

    /// Whether another check would tell nothing that this one will not tell as soon.
    var isFreshlyTriggered: Bool { isTriggered && schedule.requests == 1 }

    /// What is left to remember when nobody waits for the answer any more.
    var sent: SentCheck { SentCheck(id: id, at: sentAt, isMeasurable: schedule.requests == 1) }
}

/// A request whose answer would still be believed.
struct SentCheck: Sendable {
    let id: STUNTransactionID
    let at: Instant
    /// Whether it was sent only once, so that its answer tells the round trip.
    var isMeasurable = true

    func roundTripTime(at now: Instant) -> Duration? { isMeasurable ? at.duration(to: now) : nil }
}

/// Everything a connectivity check says.
struct CheckContents {
    var username: [UInt8]
    var priority: UInt32
    var role: ICERole
    var tieBreaker: UInt64
    /// Nil if the check nominates nothing.
    var nomination: UInt32?

    /// The request's bytes, signed with the remote password (RFC 8445 §7.1).
    func request(id: STUNTransactionID, key: STUNKey) -> [UInt8] {
        encoded(reserving: username.count + 128) { writer throws(WriteError) in
            try STUNWriter.begin(.request, id: id, to: &writer)
            try STUNWriter.append(.username, username.span, to: &writer)
            try STUNWriter.append(.priority, priority, to: &writer)
            switch role {
            case .controlling: try STUNWriter.append(.iceControlling, tieBreaker, to: &writer)
            case .controlled: try STUNWriter.append(.iceControlled, tieBreaker, to: &writer)
            }
            if let nomination {
                try STUNWriter.append(.useCandidate, to: &writer)
                if nomination > 0 {
                    try STUNWriter.append(.nominationNumber, nomination, to: &writer)
                }
            }
            try STUNWriter.finish(key: key, to: &writer)
        }
    }
}

extension STUNAttributeType {
    /// How often the controlling side has nominated (draft-thatcher-ice-renomination §4).
    ///
    /// Browsers use this number for it.
    static let nominationNumber = STUNAttributeType(rawValue: 0xC001)
}

/// Bytes written by `body`; none if they did not fit, which our own messages always do.
func encoded(
    reserving capacity: Int,
    _ body: (inout SpanWriter) throws(WriteError) -> Void
) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: capacity)
    var writer = SpanWriter(bytes.mutableSpan)
    do throws(WriteError) { try body(&writer) } catch { return [] }
    let length = writer.offset
    bytes.removeLast(capacity - length)
    return bytes
}
