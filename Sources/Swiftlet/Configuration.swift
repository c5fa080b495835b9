public import JitterBuffer
public import LinuxIO
public import Peer
public import SDP
public import TLS
public import Wire

/// What a connection is told once, when it is made.
///
/// ```swift
/// var configuration = Configuration()
/// configuration.interfaces = .loopbackOnly
/// let peer = try PeerConnection(configuration: configuration)
/// ```
public struct Configuration: Sendable {
    /// Which of this machine's addresses become candidates.
    public enum Interfaces: Hashable, Sendable {
        /// All that are up, and loopback only if there are no others.
        case automatic
        /// All that are up, loopback included.
        case all
        /// 127.0.0.1 alone: for tests, demos and measurements on one machine.
        case loopbackOnly
        /// Exactly these.
        case addresses([IPAddress])
    }

    /// Which of this machine's addresses become candidates.
    public var interfaces = Interfaces.automatic
    /// STUN and TURN servers to ask for candidates.
    public var iceServers: [ICEServer] = []
    /// Whom to believe when a `turns:` server says who it is.
    public var serverTrust = TLSTrust.system
    /// For how many transports candidates are gathered before the first `setLocalDescription` asks for
    /// them: W3C's `iceCandidatePoolSize`, at most 16.
    ///
    /// One is enough for a connection with one bundle; its candidates are then in the first
    /// description, if they were found by then. What the first negotiation does not need is given back.
    public var iceCandidatePoolSize = 0
    /// Which sockets are opened there.
    public var sockets = SocketConfiguration()
    /// Which candidates there are, and what the peer is told of them.
    public var gathering = GatheringConfiguration()
    /// A port shared with other connections; nil for sockets of its own.
    ///
    /// The connection then lives on the loop of the port.
    public var sharedPort: SharedPort?
    /// Timings and limits of connectivity checks.
    public var ice = ICEConfiguration()
    /// Delays the jitter buffer may choose from.
    public var jitterBuffer = JitterBufferConfiguration()
    /// Which transports an offer asks for, should the peer not bundle.
    public var bundlePolicy = BundlePolicy.balanced
    /// Whether RTCP may have a port of its own.
    public var rtcpMuxPolicy = RTCPMuxPolicy.require
    /// What may be offered and accepted; by default what present modules carry, which is Opus.
    ///
    /// `.full` negotiates all that there is, for programs that carry media themselves: what they agree
    /// on beyond Opus stays silent here.
    public var capabilities = MediaCapabilities.present
    /// How strictly the peer's descriptions are read; what is borne comes as a warning.
    public var descriptionMode = SDPDescription.Mode.tolerant
    /// How large descriptions of the peer's may be.
    public var descriptionLimits = SDPLimits()
    /// The loops that connections are spread over; the process has one group unless said otherwise.
    public var loops: EventLoopGroup?

    /// The defaults: suited to a call over the internet.
    public init() {}

    var session: PeerConfiguration {
        var configuration = PeerConfiguration()
        configuration.ice = ice
        configuration.gathering = gathering
        configuration.iceServers = iceServers
        configuration.candidatePoolSize = iceCandidatePoolSize
        switch sockets.mode {
        case .allInterfaces, .defaultRoute: break
        case .defaultRouteHidden: configuration.gathering.hostPrivacy = .withheld
        case .relayOnly: configuration.gathering.transportPolicy = .relay
        }
        configuration.jitterBuffer = jitterBuffer
        configuration.bundlePolicy = bundlePolicy
        configuration.rtcpMuxPolicy = rtcpMuxPolicy
        configuration.capabilities = capabilities
        configuration.descriptionMode = descriptionMode
        configuration.descriptionLimits = descriptionLimits
        return configuration
    }
}
