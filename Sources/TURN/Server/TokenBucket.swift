import Wire

/// Lets so many units pass a second, and a burst of as many as come in one interval.
struct TokenBucket: Sendable {
    private var tokens: Double
    private var updated: Instant
    private let rate: Double
    private let capacity: Double

    /// A full bucket; nil lets everything pass.
    init(rate: Int?, burst: Int, at now: Instant) {
        self.rate = rate.map { Double(max($0, 0)) } ?? .infinity
        capacity = Double(max(burst, 1))
        tokens = capacity
        updated = now
    }

    /// Takes `amount`, if there is as much.
    @inline(__always)
    mutating func take(_ amount: Int, at now: Instant) -> Bool {
        guard rate != .infinity else { return true }
        if now > updated {
            tokens = min(capacity, tokens + updated.duration(to: now).inSeconds * rate)
            updated = now
        }
        guard tokens >= Double(amount) else { return false }
        tokens -= Double(amount)
        return true
    }
}

/// Limits what strangers are answered, by their address, in a table of fixed size.
///
/// Two addresses may share a place; which ones do, nobody outside can know.
struct StrangerLimit: Sendable {
    private var buckets: [TokenBucket]
    private let seed: UInt64

    init(rate: Int, places: Int = 1_024, seed: UInt64) {
        self.seed = seed
        let bucket = TokenBucket(rate: rate, burst: rate, at: Instant(nanoseconds: .min))
        buckets = [TokenBucket](repeating: bucket, count: max(places, 1))
    }

    mutating func admits(_ address: IPAddress, at now: Instant) -> Bool {
        // One host of IPv6 has a whole /64 to choose from.
        let number = address.v6Halves?.high ?? UInt64(address.v4Number ?? 0)
        var mixer = SplitMix64(seed: number ^ seed)
        let place = Int(mixer.next() % UInt64(buckets.count))
        return buckets[place].take(1, at: now)
    }
}
