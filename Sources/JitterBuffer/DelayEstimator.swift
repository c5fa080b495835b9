/// How late packets come compared with the fastest, and the delay that follows from it.
///
/// The fastest packet of the last seconds stands for the undisturbed network. How much later each
/// packet comes goes into a histogram, and the aim is the delay that all but a few packets need.
/// Times are nanoseconds: `Duration` has 128 bits, and its arithmetic shows in every packet.
struct DelayEstimator: Sendable {
    private let nanosecondsPerSample: Double
    private let quantile: Double
    private var histogram: Histogram
    private var origin: Origin?
    private var fastest = SlidingMinimum()
    private var packets = 0
    private var bunch: Bunch?
    /// The delay the network asks for, limits not applied.
    private(set) var needed: Int64 = 0

    /// Packets that came at the same time: the network held them back once, not many times, so
    /// they are one observation.
    private struct Bunch: Sendable {
        var start: Int64
        var late: Int64
    }

    private struct Origin: Sendable {
        var timestamp: Int64
        var arrival: Int64
    }

    init(configuration: JitterBufferConfiguration, clockRate: Int) {
        nanosecondsPerSample = 1e9 / Double(max(1, clockRate))
        quantile = max(0, min(configuration.quantile, 1))
        histogram = Histogram(buckets: bucketCount, memory: configuration.memory)
    }

    /// Whether enough packets came for ``needed`` to mean something.
    var isSettled: Bool { packets >= packetsToSettle }

    /// When the sample at `timestamp` would come over the undisturbed network.
    func undisturbedArrival(of timestamp: Int64) -> Int64? {
        guard let origin, let least = fastest.value else { return nil }
        return origin.arrival &+ duration(of: timestamp &- origin.timestamp) &+ least
    }

    /// How much later than the fastest a packet that comes at `now` is, noting nothing; negative if
    /// it is itself the fastest.
    func lateness(of timestamp: Int64, at now: Int64) -> Int64? {
        guard let undisturbed = undisturbedArrival(of: timestamp) else { return nil }
        return now &- undisturbed
    }

    mutating func note(timestamp: Int64, at now: Int64) {
        let origin = self.origin ?? Origin(timestamp: timestamp, arrival: now)
        self.origin = origin
        let transit = now &- origin.arrival &- duration(of: timestamp &- origin.timestamp)
        fastest.note(transit, at: now)
        let late = transit &- (fastest.value ?? transit)
        packets &+= 1
        if let bunch, bunch.start <= now, now &- bunch.start < bunchLength {
            self.bunch?.late = max(bunch.late, late)
            return
        }
        if let bunch { observe(bunch.late) }
        bunch = Bunch(start: now, late: late)
    }

    private mutating func observe(_ late: Int64) {
        histogram.add(Int(truncatingIfNeeded: min(late, longestDelay) / bucketWidth))
        let bucket = Int64(histogram.bucket(at: quantile))
        needed = (bucket + 1) * bucketWidth
    }

    /// Forgets where the source's clock stood, but not how the network behaves.
    mutating func restart() {
        origin = nil
        fastest = SlidingMinimum()
    }

    /// In nanoseconds; right to the nanosecond for a hundred days, and limited for any timestamp.
    private func duration(of samples: Int64) -> Int64 {
        let nanoseconds = Double(samples) * nanosecondsPerSample
        return Int64(max(-longestDuration, min(nanoseconds, longestDuration)))
    }
}

/// The least of the values noted in the last five to ten seconds.
///
/// A longer path, or a slower clock, shows within that time.
private struct SlidingMinimum: Sendable {
    private var previous: Int64?
    private var current: Int64?
    private var turn: Int64 = 0

    var value: Int64? {
        guard let current else { return previous }
        return min(current, previous ?? current)
    }

    mutating func note(_ value: Int64, at now: Int64) {
        if current == nil {
            turn = now &+ halfWindow
        } else if now >= turn {
            previous = current
            current = nil
            turn = now &+ halfWindow
        }
        current = min(current ?? value, value)
    }
}

private let halfWindow: Int64 = 5_000_000_000
private let bucketWidth: Int64 = 5_000_000
private let bucketCount = 200
private let longestDelay = bucketWidth * Int64(bucketCount)
/// Nanoseconds: a little below the largest 64-bit number.
private let longestDuration = 9e18
private let packetsToSettle = 50
private let bunchLength: Int64 = 10_000_000
