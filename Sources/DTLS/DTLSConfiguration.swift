/// Limits and timings of a DTLS connection.
///
/// The defaults suit WebRTC over the internet.
public struct DTLSConfiguration: Sendable {
    /// Largest datagram we send, the headers of UDP and IP aside.
    public var linkMTU = 1_200
    /// SRTP protection profiles for `use_srtp`, best first; empty for a connection without media.
    ///
    /// GCM comes first: it costs a fifth of AES-CM with HMAC-SHA1.
    public var srtpProfiles: [UInt16] = [0x0007, 0x0008, 0x0001]
    /// First retransmission timeout while no round trip has been measured.
    ///
    /// RFC 6347 §4.2.4.1 says 1 s, and less where the round trip is known to be short.
    public var initialTimeout = Duration.milliseconds(500)
    /// Least first retransmission timeout, however short the round trip.
    public var minimumTimeout = Duration.milliseconds(50)
    /// Where doubling ends.
    ///
    /// RFC 6347 §4.2.4.1 suggests 60 s. Consent (RFC 7675) ends a silent path after 30 s, so a longer
    /// pause could only waste a path that lost a few datagrams in a row. OpenSSL gives up after twelve
    /// retransmissions: 36 s from the shortest timeout.
    public var maximumTimeout = Duration.seconds(5)
    /// How long without data until a connection gives its record buffers back, about 18 kB.
    public var idleTimeout = Duration.seconds(2)

    /// The defaults.
    public init() {}

    /// The largest datagram OpenSSL is told to make.
    ///
    /// Below 256 bytes it refuses; above 4,096 its buffer would split a datagram.
    var datagramSize: Int { min(max(linkMTU, 256), 4_096) }

    func firstTimeout(roundTripTime: Duration?) -> Duration {
        let timeout =
            roundTripTime.map { max(min($0, maximumTimeout) * 2, minimumTimeout) } ?? initialTimeout
        return min(max(timeout, .milliseconds(1)), maximumTimeout)
    }
}
