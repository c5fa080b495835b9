/// How a client comes back when its connection is lost.
///
/// ```swift
/// var configuration = SignalingConfiguration()
/// configuration.reconnection.attempts = 0     // the program knows better
/// ```
public struct SignalingReconnection: Hashable, Sendable {
    /// How often it tries before it gives up; each success begins anew.
    public var attempts = 12
    /// How long it waits before the first attempt.
    public var firstDelay = Duration.milliseconds(250)
    /// Each wait is twice as long as the one before, up to this.
    public var longestDelay = Duration.seconds(5)
    /// How long one attempt may take to reach the server.
    public var connectTimeout = Duration.seconds(10)

    /// For about 45 seconds.
    public init() {}

    /// How long to wait after so many attempts that have failed.
    ///
    /// `share` of 256 parts of the second half is left to chance: all clients of a server that has
    /// died would come at once otherwise.
    func delay(after failures: Int, share: UInt8) -> Duration {
        let doubled = firstDelay * (1 << min(failures, 16))
        let longest = min(doubled, longestDelay)
        return longest / 2 + longest / 512 * Int(share)
    }
}

/// What has become of a client's connection.
public enum SignalingConnectionNews: Hashable, Sendable {
    /// The connection is lost, and another is tried for; what is sent waits.
    case interrupted(SignalingEnd)
    /// There is a connection again, under the same id.
    ///
    /// Where it is not complete, messages may have been lost in either direction.
    case resumed(isComplete: Bool)
}
