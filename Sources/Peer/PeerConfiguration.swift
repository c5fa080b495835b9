public import DTLS
public import ICE
public import JitterBuffer

/// What a session is told once, when it is made.
///
/// The defaults suit a call over the internet.
public struct PeerConfiguration: Sendable {
    /// Timings and limits of connectivity checks.
    public var ice = ICEConfiguration()
    /// Which candidates of ours there are, and what the peer is told of them.
    public var gathering = GatheringConfiguration()
    /// MTU, cipher preferences and timings of DTLS.
    public var dtls = DTLSConfiguration()
    /// Delays the jitter buffer may choose from.
    public var jitterBuffer = JitterBufferConfiguration()
    /// The largest payload of one audio packet that is accepted from the program.
    public var maximumAudioPayload = 1_275 * 3

    /// The defaults.
    ///
    /// DTLS repeats itself at least every 5 s: with the 60 s of RFC 6347 §4.2.4.1 a flight that was lost
    /// six times would be missed for longer than anybody waits for a call.
    public init() { dtls.maximumTimeout = .seconds(5) }
}
