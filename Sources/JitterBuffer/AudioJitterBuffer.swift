public import RTP
public import Wire

/// Puts packets in order, holds them as long as the network's jitter asks for, and says what to
/// play.
///
/// A value without clock or thread: tell it each packet and when it came, and ask it whenever the
/// player needs more audio. The decisions are those of `PlayoutDecision`; the delay follows the
/// observed jitter, growing by concealment when packets come late and shrinking where the source
/// is quiet or lost packets leave a hole anyway.
///
/// ```swift
/// var buffer = AudioJitterBuffer()
/// buffer.insert(payload, sequence: 7, timestamp: 960, hasMarker: false, at: now)
/// switch buffer.next(at: now) {
/// case .decode(let packet): play(decoder.decode(packet.payload))
/// case .recover(let packet, let samples): play(decoder.recover(packet.payload, samples))
/// case .conceal(let samples): play(decoder.conceal(samples))
/// case .silence(let samples): play(zeros(samples))
/// }
/// ```
public struct AudioJitterBuffer: Sendable {
    /// What the buffer has done so far.
    public internal(set) var statistics = JitterStatistics()
    /// Units of the media clock in a second.
    public let clockRate: Int

    let packetDuration: PacketDuration
    let limits: Limits
    var queue: PacketQueue
    var delays: DelayEstimator
    /// Where the player is; nil before the first packet was played.
    var playout: Playout?
    /// The length of the newest packet, used for what has to be made up.
    var frame: Int
    /// ``currentDelay`` in nanoseconds.
    var delay: Int64 = 0
    private var newest: (sequence: Int64, timestamp: Int64)?

    public init(configuration: JitterBufferConfiguration = .init(), clockRate: Int = 48_000) {
        packetDuration = configuration.packetDuration
        limits = Limits(configuration)
        self.clockRate = max(50, clockRate)
        queue = PacketQueue(maximumPackets: configuration.maximumPackets)
        delays = DelayEstimator(configuration: configuration, clockRate: max(50, clockRate))
        frame = self.clockRate / 50
    }

    /// How many packets wait.
    public var count: Int { queue.count }

    /// The delay aimed for: what all but a few packets need to come in time.
    public var targetDelay: Duration { .nanoseconds(target) }

    /// How much later than over the undisturbed network the next sample was played at the last
    /// decision; zero before the first.
    public var currentDelay: Duration { .nanoseconds(delay) }

    /// ``targetDelay`` in nanoseconds.
    var target: Int64 {
        let least = max(limits.minimumDelay, delays.needed)
        let start = delays.isSettled ? least : max(least, limits.initialDelay)
        return min(start, limits.maximumDelay)
    }

    /// Takes in a packet; `sequence` and `timestamp` do not wrap.
    ///
    /// Packets that came before, or come after their turn, are counted and dropped, and when the
    /// buffer is full the oldest give way. Numbers that jump begin a new stream.
    public mutating func insert(
        _ payload: Span<UInt8>,
        sequence: Int64,
        timestamp: Int64,
        hasMarker: Bool,
        audioLevel: AudioLevel? = nil,
        at now: Instant
    ) {
        statistics.packetsReceived += 1
        if isJump(sequence, timestamp, at: now.nanoseconds) { restart() }
        guard !queue.contains(sequence) else {
            statistics.duplicatePackets += 1
            return
        }
        let samples = packetDuration.samples(in: payload) ?? frame
        delays.note(timestamp: timestamp, at: now.nanoseconds)
        if let playout, timestamp &+ Int64(samples) <= playout.position {
            statistics.latePackets += 1
            return
        }
        let packet = AudioPacket(
            payload: [UInt8](copying: payload),
            timestamp: timestamp,
            sequence: sequence,
            arrival: now,
            samples: samples,
            audioLevel: audioLevel
        )
        guard let crowdedOut = queue.insert(packet) else {
            statistics.latePackets += 1
            return
        }
        statistics.crowdedOut += crowdedOut
        frame = samples
        if sequence > newest?.sequence ?? .min { newest = (sequence, timestamp) }
    }

    /// Whether the numbers cannot continue the stream.
    private func isJump(_ sequence: Int64, _ timestamp: Int64, at now: Int64) -> Bool {
        guard let newest else { return false }
        let steps = sequence &- newest.sequence
        guard abs(clamping: steps) < largestStep else { return true }
        // A later packet with an earlier timestamp: the source's clock was set back.
        if steps > 0, timestamp < newest.timestamp { return true }
        guard let lateness = delays.lateness(of: timestamp, at: now) else { return false }
        return lateness > largestClockStep || lateness < -largestClockStep
    }

    private mutating func restart() {
        statistics.resets += 1
        statistics.cutPackets += queue.count
        queue.removeAll()
        delays.restart()
        playout = nil
        newest = nil
    }

    private func abs(clamping value: Int64) -> Int64 { value == .min ? .max : Swift.abs(value) }
}

/// RFC 3550 A.1: MAX_DROPOUT; a larger step is a new stream.
private let largestStep: Int64 = 3_000
/// A packet this much later or earlier than the clock says belongs to another clock.
private let largestClockStep: Int64 = 5_000_000_000
