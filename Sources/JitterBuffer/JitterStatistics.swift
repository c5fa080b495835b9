/// What a jitter buffer has done, under the names of W3C's webrtc-stats (`inbound-rtp`).
///
/// Samples are of one channel, in units of the media clock.
public struct JitterStatistics: Hashable, Sendable {
    /// Packets taken in, whatever became of them.
    public var packetsReceived = 0
    /// Packets not played: late, duplicate, cut or crowded out.
    public var packetsDiscarded: Int { latePackets + duplicatePackets + cutPackets + crowdedOut }
    /// Packets that came after their turn.
    public var latePackets = 0
    /// Packets that were there already.
    public var duplicatePackets = 0
    /// Packets left out to shorten the delay, or because the source began anew.
    public var cutPackets = 0
    /// Packets that gave way because the buffer was full.
    public var crowdedOut = 0
    /// Times the source began anew with other numbers.
    public var resets = 0

    /// Samples given to the player once it had begun, made up or not.
    public var totalSamplesReceived = 0
    /// Samples from decoded packets.
    public var decodedSamples = 0
    /// Samples made up for packets that were lost or late, recovered ones included.
    public var concealedSamples = 0
    /// The concealed samples that were silence.
    public var silentConcealedSamples = 0
    /// Samples concealed with a following packet's help.
    public var recoveredSamples = 0
    /// Times that concealment began after something was played.
    public var concealmentEvents = 0
    /// Samples made up in pauses of the source.
    public var comfortNoiseSamples = 0
    /// Samples made up while a packet was late, which lengthened the delay.
    public var insertedSamplesForDeceleration = 0
    /// Samples left out to shorten the delay.
    public var removedSamplesForAcceleration = 0

    /// The seconds each decoded sample spent in the buffer, added up.
    public var jitterBufferDelay = 0.0
    /// The seconds aimed for when each decoded sample left, added up.
    public var jitterBufferTargetDelay = 0.0
    /// The seconds the network alone asked for when each decoded sample left, added up.
    public var jitterBufferMinimumDelay = 0.0
    /// The samples that the three sums are about.
    public var jitterBufferEmittedCount = 0

    public init() {}

    /// The average delay of a sample in seconds; nil before the first.
    public var averageDelay: Double? {
        guard jitterBufferEmittedCount > 0 else { return nil }
        return jitterBufferDelay / Double(jitterBufferEmittedCount)
    }
}
