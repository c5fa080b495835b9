import COpenSSL
import Wire

/// What OpenSSL does to its retransmission timer, overheard in its callbacks (RFC 6347 §4.2.4).
///
/// The timer callback gives the timeouts; the control command that is meant for a socket tells when
/// the timer starts and stops. So the deadline is known without asking OpenSSL's clock.
struct FlightTimer {
    /// The timeout a flight starts with, in microseconds.
    var first: UInt32 = 0
    /// Where doubling ends.
    let maximum: UInt32
    /// The timeout now in force.
    private var current: UInt32 = 0
    private var change = Change.none

    enum Change: Equatable {
        case none
        case started(Duration)
        case stopped
    }

    init(maximum: UInt32) { self.maximum = maximum }

    /// The next timeout: the first of a flight for 0, and double the last one otherwise.
    mutating func timeout(after last: UInt32) -> UInt32 {
        current = last == 0 ? first : last < maximum / 2 ? last * 2 : maximum
        return current
    }

    /// OpenSSL started its timer, or stopped it with a time of zero.
    mutating func note(_ time: timeval) {
        let isStopped = time.tv_sec == 0 && time.tv_usec == 0
        change = isStopped ? .stopped : .started(.microseconds(Int64(current)))
    }

    /// What happened since the last call.
    mutating func takeChange() -> Change {
        defer { change = .none }
        return change
    }
}

extension Duration {
    var wholeMicroseconds: UInt32 { UInt32(clamping: nanoseconds / 1_000) }
}
