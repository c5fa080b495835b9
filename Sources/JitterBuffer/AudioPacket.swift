public import RTP
public import Wire

/// One packet of audio on its way to the decoder.
public struct AudioPacket: Hashable, Sendable {
    public var payload: [UInt8]
    /// The media clock at the first sample; does not wrap.
    public var timestamp: Int64
    /// Does not wrap.
    public var sequence: Int64
    /// When the packet came.
    public var arrival: Instant
    /// How many samples of one channel it holds, in units of the media clock.
    public var samples: Int
    /// How loud the sender says it is, if it says so.
    public var audioLevel: AudioLevel?

    public init(
        payload: [UInt8],
        timestamp: Int64,
        sequence: Int64,
        arrival: Instant,
        samples: Int,
        audioLevel: AudioLevel? = nil
    ) {
        self.payload = payload
        self.timestamp = timestamp
        self.sequence = sequence
        self.arrival = arrival
        self.samples = samples
        self.audioLevel = audioLevel
    }

    /// Where the packet that follows begins, if nothing lies between.
    var end: Int64 { timestamp &+ Int64(samples) }

    /// RFC 7587 §3.1.3: Opus sends packets without content instead of silence.
    var isDiscontinuous: Bool { payload.count <= 2 }

    /// Whether nobody would notice if this packet were missing or were played later.
    var isQuiet: Bool {
        isDiscontinuous || audioLevel.map { $0.level >= quietLevel && !$0.hasVoice } ?? false
    }
}

/// -60 dBov: below what a room's noise usually is.
private let quietLevel: UInt8 = 60
