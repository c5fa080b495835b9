/// How far an agent is, in the words of the W3C's `RTCIceConnectionState`.
public enum ICEConnectionState: String, Hashable, Sendable {
    /// No checks yet: candidates or the remote credentials are missing.
    case new
    /// Checks run, and some component has no path.
    case checking
    /// Every component has a path that works; a better one may follow.
    case connected
    /// Every component has the path that both sides agreed on (RFC 8445 §8.1.2).
    case completed
    /// A path does not answer at the moment.
    case disconnected
    /// No path was found, or consent to use it has expired; an ICE restart may help.
    case failed
    /// The agent was closed.
    case closed
}
