import Wire

/// How often each address may ask, in memory that does not grow.
///
/// Addresses share 4,096 places by a keyed hash; each place holds the time at which its budget would
/// be full again (the "theoretical arrival time" of a leaky bucket).
struct STUNRateLimiter: Sendable {
    private var arrivals: [Instant]
    private let key: UInt64
    private let interval: Duration
    private let tolerance: Duration

    /// `rate` requests a second, and `burst` at once; a rate of 0 admits nobody.
    init(rate: Int, burst: Int, entropy: inout Entropy) {
        arrivals = [Instant](repeating: Instant(nanoseconds: .min), count: placeCount)
        key = entropy.next()
        interval = .nanoseconds(rate > 0 ? max(1, 1_000_000_000 / Int64(rate)) : .max)
        tolerance = rate > 0 ? interval * max(0, burst - 1) : .seconds(-1)
    }

    /// Whether the host at `address` may ask now; if so, that is counted.
    mutating func admits(_ address: IPAddress, at now: Instant) -> Bool {
        let place = place(of: address)
        let arrival = max(arrivals[place], now)
        guard now.duration(to: arrival) <= tolerance else { return false }
        arrivals[place] = arrival.advanced(by: interval)
        return true
    }

    /// Hosts have whole /64 networks of IPv6, so that is what counts.
    private func place(of address: IPAddress) -> Int {
        let plain = address.unmapped
        let bits = plain.v4Number.map { UInt64($0) } ?? plain.v6Halves?.high ?? 0
        var generator = SplitMix64(seed: bits ^ key)
        return Int(truncatingIfNeeded: generator.next() & UInt64(placeCount - 1))
    }
}

/// A power of two; 32 KiB in all.
private let placeCount = 4_096
