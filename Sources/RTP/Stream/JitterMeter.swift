import Wire

/// The interarrival jitter of a stream (RFC 3550 §6.4.1, A.8).
struct JitterMeter: Sendable {
    private let clockRate: Double
    private var jitter = 0.0
    private var last: (timestamp: Int64, arrival: Instant)?

    init(clockRate: UInt32) { self.clockRate = Double(clockRate) }

    var inSeconds: Double { jitter / clockRate }

    var inClockUnits: UInt32 { UInt32(max(0, min(jitter, 4_294_967_295))) }

    mutating func note(timestamp: Int64, at now: Instant) {
        defer { last = (timestamp, now) }
        guard let last else { return }
        let apart = Double(now.nanoseconds &- last.arrival.nanoseconds) * clockRate * 1e-9
        let difference = abs(apart - Double(timestamp &- last.timestamp))
        // A step of the source's clock is no jitter.
        guard difference < largestDifference * clockRate else { return }
        jitter += (difference - jitter) / 16
    }

    mutating func restart() { last = nil }
}

/// In seconds.
private let largestDifference = 5.0
