import Wire

/// What one direction of a link does to the packets that cross it.
///
/// The path between two hosts is made of the sender's link, the links of NATs in between, and the
/// receiver's link; their delays add up. Sizes include the IP and UDP headers.
///
/// ```swift
/// let mobile = Link(
///     delay: .milliseconds(40),
///     jitter: .milliseconds(20),
///     loss: .bursts(rate: 0.02, meanLength: 3),
///     rate: .kilobits(800),
///     queueLimit: 30_000
/// )
/// ```
public struct Link: Hashable, Sendable {
    /// How long every packet is on its way.
    public var delay: Duration
    /// The most that chance adds to the delay, evenly spread; later packets may overtake.
    public var jitter: Duration
    /// Which packets are lost.
    public var loss: Loss
    /// How many packets, from 0 to 1, arrive twice, the copy with a jitter of its own.
    public var duplication: Double
    /// How many packets, from 0 to 1, are held back by ``reorderingDelay``.
    public var reordering: Double
    /// How long a packet picked by ``reordering`` is held back, so that others overtake it.
    public var reorderingDelay: Duration
    /// Whether jitter never lets a packet overtake another, as in a queue (``reordering`` still does).
    public var keepsOrder: Bool
    /// How fast packets are put on the link, one after the other; nil for at once.
    public var rate: DataRate?
    /// How many bytes may wait for a link of limited ``rate``, the packet being sent included; a
    /// packet beyond is dropped (tail drop).
    public var queueLimit: Int?
    /// The largest IP packet, in bytes; larger ones are dropped.
    public var maximumPacketSize: Int

    /// A link of 10 ms that loses nothing, unless told otherwise.
    public init(
        delay: Duration = .milliseconds(10),
        jitter: Duration = .zero,
        loss: Loss = .none,
        duplication: Double = 0,
        reordering: Double = 0,
        reorderingDelay: Duration = .milliseconds(20),
        keepsOrder: Bool = false,
        rate: DataRate? = nil,
        queueLimit: Int? = nil,
        maximumPacketSize: Int = 1_500
    ) {
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.duplication = duplication
        self.reordering = reordering
        self.reorderingDelay = reorderingDelay
        self.keepsOrder = keepsOrder
        self.rate = rate
        self.queueLimit = queueLimit
        self.maximumPacketSize = maximumPacketSize
    }

    /// A link without delay or fault.
    public static let instant = Link(delay: .zero)
}

/// Which packets a ``Link`` loses.
public enum Loss: Hashable, Sendable {
    /// None.
    case none
    /// Each with this probability, from 0 to 1, whatever happened to the others.
    case random(Double)
    /// In bursts.
    case gilbertElliott(GilbertElliott)
    /// Exactly these, counted from 0 in each direction: for tests of one particular loss.
    case packets(Set<Int>)

    /// Bursts of `meanLength` packets on average, all lost, that make up `rate` (0 to 1) of all packets.
    public static func bursts(rate: Double, meanLength: Double) -> Loss {
        let leave = 1 / max(meanLength, 1)
        let enter = rate < 1 ? leave * rate / (1 - rate) : 1
        return .gilbertElliott(GilbertElliott(enter: enter, leave: rate < 1 ? leave : 0))
    }
}

/// Loss in two states, a good one and a bad one, with chances to go from one to the other.
public struct GilbertElliott: Hashable, Sendable {
    /// The probability, at each packet, of going from the good state to the bad.
    public var enter: Double
    /// The probability, at each packet, of going from the bad state to the good.
    public var leave: Double
    /// The probability of losing a packet in the bad state.
    public var lossWhenBad: Double
    /// The probability of losing a packet in the good state.
    public var lossWhenGood: Double

    /// Bursts of 1 / `leave` packets on average; they begin with the probability `enter`.
    public init(
        enter: Double,
        leave: Double,
        lossWhenBad: Double = 1,
        lossWhenGood: Double = 0
    ) {
        self.enter = enter
        self.leave = leave
        self.lossWhenBad = lossWhenBad
        self.lossWhenGood = lossWhenGood
    }
}

/// How many bits a link carries in a second.
public struct DataRate: Hashable, Sendable {
    /// The number, at least 1.
    public let bitsPerSecond: Int

    /// `bitsPerSecond`, or 1 if that is less.
    public init(bitsPerSecond: Int) { self.bitsPerSecond = max(1, bitsPerSecond) }

    /// Thousands of bits in a second.
    public static func kilobits(_ count: Int) -> DataRate {
        DataRate(bitsPerSecond: count * 1_000)
    }

    /// Millions of bits in a second.
    public static func megabits(_ count: Int) -> DataRate {
        DataRate(bitsPerSecond: count * 1_000_000)
    }

    /// How long `bytes` take at this rate, in nanoseconds.
    func nanoseconds(for bytes: Int) -> Int64 {
        let (product, overflow) = Int64(bytes).multipliedReportingOverflow(by: 8_000_000_000)
        return overflow ? .max : product / Int64(bitsPerSecond)
    }

    /// How many bytes pass in `nanoseconds`, rounded up.
    func bytes(in nanoseconds: Int64) -> Int {
        let bits = Double(nanoseconds) * Double(bitsPerSecond) / 1_000_000_000
        return Int(exactly: (bits / 8).rounded(.up)) ?? .max
    }
}
