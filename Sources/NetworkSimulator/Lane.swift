import Wire

/// One direction of a link at work: its queue, its burst, its chance.
///
/// Every packet takes the same number of random draws, whatever the link's settings and its own fate,
/// so that changing one setting leaves the others' outcomes as they were.
struct Lane {
    /// What becomes of a packet that enters.
    enum Passage: Hashable {
        case dropped(DropReason)
        case arrives(Instant, copyAt: Instant?)
    }

    private var link: Link
    private var random: SplitMix64
    private var terms: Terms
    /// When the last packet accepted so far is completely on the link.
    private var busyUntil = Instant.zero
    private var latestArrival = Instant.zero
    private var isInBurst = false
    private var packetCount = 0
    /// How many outages are in force.
    private var outages = 0

    init(_ link: Link, random: SplitMix64) {
        self.link = link
        self.random = random
        terms = Terms(link)
    }

    /// Goes on under other conditions; packets on their way are not touched.
    mutating func change(to link: Link) {
        self.link = link
        terms = Terms(link)
    }

    mutating func beginOutage() { outages += 1 }

    mutating func endOutage() { outages = max(0, outages - 1) }

    /// Takes in a packet of `size` bytes and says when it leaves, if it does.
    mutating func carry(_ size: Int, at now: Instant) -> Passage {
        let chance = Draws(from: &random)
        let number = packetCount
        packetCount += 1
        let isLost = loses(number, chance)
        guard outages == 0 else { return .dropped(.outage) }
        guard size <= min(link.maximumPacketSize, largestPacket) else { return .dropped(.tooLarge) }
        guard let sent = serialise(size, at: now) else { return .dropped(.queueFull) }
        guard !isLost else { return .dropped(.loss) }
        let arrival = arrival(of: sent, chance)
        guard chance.duplication < link.duplication else { return .arrives(arrival, copyAt: nil) }
        let copy = sent.nanoseconds &+ terms.delay &+ Int64(terms.jitter * chance.copyJitter)
        return .arrives(arrival, copyAt: Instant(nanoseconds: copy))
    }

    private mutating func arrival(of sent: Instant, _ chance: Draws) -> Instant {
        var time = sent.nanoseconds &+ terms.delay &+ Int64(terms.jitter * chance.jitter)
        // A packet held back is out of order on purpose: it neither waits for others nor makes them.
        guard chance.reordering >= link.reordering else {
            return Instant(nanoseconds: time &+ terms.reorderingDelay)
        }
        if link.keepsOrder { time = max(time, latestArrival.nanoseconds) }
        latestArrival = max(latestArrival, Instant(nanoseconds: time))
        return Instant(nanoseconds: time)
    }

    /// When the packet is completely on the link; nil if the queue has no room for it.
    private mutating func serialise(_ size: Int, at now: Instant) -> Instant? {
        guard let rate = link.rate else { return now }
        let start = max(now, busyUntil)
        if let limit = link.queueLimit, start > now {
            let waiting = rate.bytes(in: start.nanoseconds &- now.nanoseconds)
            guard waiting <= limit - size else { return nil }
        }
        let (end, overflow) = start.nanoseconds.addingReportingOverflow(rate.nanoseconds(for: size))
        busyUntil = overflow ? Instant(nanoseconds: .max / 2) : Instant(nanoseconds: end)
        return busyUntil
    }

    private mutating func loses(_ number: Int, _ chance: Draws) -> Bool {
        switch link.loss {
        case .none: return false
        case .random(let probability): return chance.loss < probability
        case .packets(let numbers): return numbers.contains(number)
        case .gilbertElliott(let model):
            if chance.burst < (isInBurst ? model.leave : model.enter) { isInBurst.toggle() }
            return chance.loss < (isInBurst ? model.lossWhenBad : model.lossWhenGood)
        }
    }
}

extension Lane {
    /// A link's durations in nanoseconds: 128-bit arithmetic for each packet would be slow.
    private struct Terms {
        let delay: Int64
        let jitter: Double
        let reorderingDelay: Int64

        init(_ link: Link) {
            delay = clamp(link.delay)
            jitter = Double(clamp(link.jitter))
            reorderingDelay = clamp(link.reorderingDelay)
        }
    }

    /// What chance says about one packet, each from 0 up to 1.
    private struct Draws {
        let loss: Double
        let burst: Double
        let jitter: Double
        let duplication: Double
        let copyJitter: Double
        let reordering: Double

        init(from random: inout SplitMix64) {
            loss = random.nextFraction()
            burst = random.nextFraction()
            jitter = random.nextFraction()
            duplication = random.nextFraction()
            copyJitter = random.nextFraction()
            reordering = random.nextFraction()
        }
    }
}

extension SplitMix64 {
    /// A number from 0 up to, but not including, 1.
    mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// Between nothing and ten years, so that sums never overflow.
private func clamp(_ duration: Duration) -> Int64 {
    min(max(0, duration.nanoseconds), 10 * 365 * 86_400 * 1_000_000_000)
}

/// The length fields of IP have 16 bits.
private let largestPacket = 65_535
