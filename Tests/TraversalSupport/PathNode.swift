import DTLS
import ICE
import NetworkSimulator
import Peer
import Wire

/// A peer of which only the path is of interest: it has a track, and nothing to say on it.
struct PathNode: ~Copyable, SimulatedNode {
    var session: PeerSession
    /// Candidates that signaling has not taken yet.
    var signals: [ICECandidate] = []
    /// The path in use, and since when; nil before the first.
    private(set) var path: (way: Way, since: Instant)?
    private(set) var firstPath: Instant?
    /// How often it has asked for another offer of its own accord.
    private(set) var restarts = 0
    /// Candidates of the other peer that the session did not take.
    private(set) var refused = 0
    private let place: SocketAddress
    private let relay: IPAddress
    private var waiting = Queue<Datagram>()

    /// `relay` is the address of all relays.
    init(
        at place: SocketAddress,
        relay: IPAddress,
        configuration: PeerConfiguration,
        seed: UInt64,
        at now: Instant
    ) throws {
        self.place = place
        self.relay = relay
        session = PeerSession(
            certificate: try Certificate.selfSigned(validFrom: 1_700_000_000),
            configuration: configuration,
            entropy: .seed(seed),
            wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
            at: now
        )
    }

    var deadline: Instant? { session.deadline }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        var bytes = datagram.payload
        var span = bytes.mutableSpan
        session.receive(&span, from: datagram.source, on: datagram.destination, at: now)
        collect(at: now)
    }

    mutating func advance(to now: Instant) {
        session.advance(to: now)
        collect(at: now)
    }

    mutating func popTransmit() -> Datagram? { waiting.popFirst() }

    /// A candidate of the other peer has come by signaling.
    mutating func add(_ candidate: ICECandidate, at now: Instant) {
        do {
            try session.addRemoteCandidate(candidate, at: now)
        } catch {
            refused += 1
        }
    }

    /// Carries out what the session asks for.
    mutating func collect(at now: Instant) {
        while let output = session.popOutput() {
            switch output {
            case .gather(let stream):
                session.addLocalAddress(place, to: stream, at: now)
                session.endOfLocalAddresses(of: stream, at: now)
            case .network: break
            case .event(let event): take(event, at: now)
            }
        }
        var datagrams: [Datagram] = []
        session.takeOutgoing { batch in
            datagrams = (0..<batch.count).map { batch.datagram(at: $0) }
        }
        for datagram in datagrams { waiting.append(datagram) }
    }

    private mutating func take(_ event: PeerEvent, at now: Instant) {
        switch event {
        case .candidate(let candidate): signals.append(candidate)
        case .pathChanged(let selected):
            // Not by the candidates' kinds: the peer's relay may be known by its checks alone.
            let ends = [selected.local.base.address, selected.remote.address.address]
            let way: Way = ends.contains(relay) ? .relayed : .direct
            firstPath = firstPath ?? now
            if path?.way != way { path = (way, now) }
        case .iceConnectionStateChanged(.disconnected), .iceConnectionStateChanged(.failed):
            path = nil
        case .negotiationNeeded: restarts += firstPath == nil ? 0 : 1
        case .candidateError, .gatheringStateChanged, .signalingStateChanged,
            .iceConnectionStateChanged, .connectionStateChanged, .trackAdded, .trackStreamsChanged,
            .trackStarted,
            .trackEnded, .warning, .closed:
            break
        }
    }
}
