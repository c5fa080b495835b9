/// What to play next.
public enum PlayoutDecision: Hashable, Sendable {
    /// Decode the packet.
    case decode(AudioPacket)
    /// The packet before this one is lost: decode what this one carries of it (RFC 6716 §2.1.7),
    /// or conceal if it carries nothing. The packet itself comes with the next decision.
    case recover(AudioPacket, samples: Int)
    /// Let the decoder make up `samples` samples from what it played last.
    case conceal(samples: Int)
    /// Play silence; the decoder need not be asked.
    case silence(samples: Int)

    /// How many samples of one channel the decision gives.
    public var samples: Int {
        switch self {
        case .decode(let packet): packet.samples
        case .recover(_, let samples), .conceal(let samples), .silence(let samples): samples
        }
    }
}
