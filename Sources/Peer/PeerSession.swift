public import DTLS
import ICE
public import Wire

/// One WebRTC connection as a machine: negotiation, ICE, DTLS, SRTP and media, without a socket.
///
/// Feed it datagrams, time and the program's wishes; after each input take its outputs and what it
/// wants to send, then read ``deadline``.
///
/// ```swift
/// var session = PeerSession(certificate: certificate, wallClock: clock, at: now)
/// let audio = session.addTransceiver(.audio, at: now)
/// let offer = try session.createOffer(at: now)
/// try session.setLocalDescription(offer, at: now)
/// while let output = session.popOutput() { carryOut(output) }
/// session.takeOutgoing { batch in socket.send(&batch) }
/// ```
public struct PeerSession: ~Copyable {
    var negotiator: Negotiator
    var agent: ICEAgent
    var transports: [Transport] = []
    var media: MediaTable
    var gathering: Gathering
    var published = PublishedStates()
    var counters = PeerCounters()
    var outputs = Queue<Output>()
    var outgoing = DatagramBatch()
    var clock: SessionClock
    let certificate: Certificate
    var configuration: PeerConfiguration

    /// A session that has not been asked for anything yet.
    ///
    /// `wallClock` is the time of day at `now`; only sender reports use it.
    public init(
        certificate: Certificate,
        configuration: PeerConfiguration = PeerConfiguration(),
        entropy: consuming Entropy = .system,
        wallClock: WallClock,
        at now: Instant
    ) {
        var entropy = entropy
        var configuration = configuration
        // RFC 8445 §5.2: everybody can reach a lite agent where it is.
        if configuration.ice.isLite { configuration.gathering.kinds.formIntersection([.host]) }
        self.certificate = certificate
        self.configuration = configuration
        clock = SessionClock(start: now, wallClock: wallClock)
        agent = ICEAgent(
            role: .controlling,
            configuration: configuration.ice,
            entropy: entropy.split()
        )
        gathering = Gathering(entropy: entropy.split(), settings: configuration.gathering)
        let mediaEntropy = entropy.split()
        negotiator = Negotiator(
            fingerprint: certificate.fingerprint,
            configuration: configuration,
            entropy: entropy
        )
        media = MediaTable(
            jitterBuffer: configuration.jitterBuffer,
            cname: negotiator.identity.cname,
            entropy: mediaEntropy
        )
    }

    /// How far the whole connection has come.
    public var connectionState: PeerConnectionState { published.connection }

    /// How far gathering of local candidates has come.
    public var gatheringState: ICEGatheringState { gathering.state }

    /// Whether ``close(at:)`` was called or the peer has gone.
    public var isClosed: Bool { negotiator.state == .closed }
}

// MARK: - Machine

extension PeerSession: Machine {
    /// One thing the owner must do.
    public enum Output: Sendable {
        /// Open sockets for the transport `stream` at once, and tell the session their addresses with
        /// ``PeerSession/addLocalAddress(_:to:component:over:isShared:at:)`` and
        /// ``PeerSession/endOfLocalAddresses(of:at:)``.
        case gather(stream: Int)
        /// Do something else to the network; an owner with plain UDP sockets may do nothing.
        case network(NetworkRequest)
        /// Tell the program.
        case event(PeerEvent)
    }

    public var deadline: Instant? {
        guard !isClosed else { return nil }
        var earliest = sooner(agent.deadline, gathering.gatherer.deadline)
        for transport in transports { earliest = sooner(earliest, transport.deadline) }
        return sooner(earliest, media.deadline)
    }

    public mutating func advance(to now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        agent.advance(to: now)
        for transport in transports { transport.advance(to: now) }
        gathering.gatherer.advance(to: now)
        media.advance(to: now)
        pump(at: now)
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Hands over the datagrams that wait to be sent; `body` empties the batch.
    public mutating func takeOutgoing(_ body: (inout DatagramBatch) -> Void) {
        guard !outgoing.isEmpty else { return }
        body(&outgoing)
        outgoing.removeAll()
    }

    func sooner(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left else { return right }
        return right.map { min(left, $0) } ?? left
    }
}
