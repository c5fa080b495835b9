import RTP
import Wire

/// The time of day, given by whoever can read it.
public struct WallClock: Hashable, Sendable {
    /// Nanoseconds since 1970, UTC.
    public var unixNanoseconds: Int64

    /// The time `unixNanoseconds` after 1970.
    public init(unixNanoseconds: Int64) { self.unixNanoseconds = unixNanoseconds }
}

/// A session's two times: the newest instant seen, and the time of day that belongs to it.
struct SessionClock: Sendable {
    private(set) var now: Instant
    private let start: Instant
    private let ntpAtStart: NTPTime

    init(start: Instant, wallClock: WallClock) {
        now = start
        self.start = start
        ntpAtStart = NTPTime(unixNanoseconds: wallClock.unixNanoseconds)
    }

    /// Time never goes backwards: an older `now` is treated as the newest seen.
    mutating func advance(to now: Instant) -> Instant {
        self.now = max(self.now, now)
        return self.now
    }

    var ntp: NTPTime { ntpAtStart.advanced(by: start.duration(to: now)) }
}
