import Peer
import SDP
import Testing
import Wire

/// A configuration with all that negotiation knows.
func fullConfiguration(
    _ change: (inout PeerConfiguration) -> Void = { _ in }
) -> PeerConfiguration {
    var configuration = PeerConfiguration()
    configuration.capabilities = .full
    change(&configuration)
    return configuration
}

/// Two sessions and descriptions that go back and forth between them at once.
struct Couple: ~Copyable {
    var left: PeerSession
    var right: PeerSession

    init(
        seed: UInt64 = 1,
        left: PeerConfiguration = fullConfiguration(),
        right: PeerConfiguration = fullConfiguration()
    ) throws {
        let certificate = try sharedCertificate.get()
        self.left = makeSession(certificate, seed: seed, configuration: left)
        self.right = makeSession(certificate, seed: seed &+ 1_000_000, configuration: right)
    }

    /// Offer of the left, answer of the right.
    @discardableResult
    mutating func negotiate() throws -> (offer: SDPDescription, answer: SDPDescription) {
        try Couple.negotiate(&left, &right)
    }

    /// Offer of the right, answer of the left.
    @discardableResult
    mutating func negotiateBack() throws -> (offer: SDPDescription, answer: SDPDescription) {
        try Couple.negotiate(&right, &left)
    }

    static func negotiate(
        _ offerer: inout PeerSession,
        _ answerer: inout PeerSession
    ) throws -> (offer: SDPDescription, answer: SDPDescription) {
        let offer = try offerer.setLocalDescription(at: .zero)
        try answerer.setRemoteDescription(offer, at: .zero)
        let answer = try answerer.setLocalDescription(at: .zero)
        try offerer.setRemoteDescription(answer, at: .zero)
        return (try SDPDescription(parsing: offer.sdp), try SDPDescription(parsing: answer.sdp))
    }
}

extension PeerSession {
    /// Adds a transceiver of a kind, for tests that need nothing else of it.
    mutating func add(
        _ kind: MediaKind,
        _ direction: MediaDirection = .sendReceive
    ) throws -> TransceiverID {
        try addTransceiver(kind, TransceiverOptions(direction: direction), at: .zero)
    }

    /// Whether the program was told that negotiation is needed since the last time.
    mutating func wasNegotiationNeeded() -> Bool {
        events().contains { if case .negotiationNeeded = $0 { true } else { false } }
    }

    /// The transports that sockets were asked for since the last time.
    mutating func gathered() -> [Int] {
        var streams: [Int] = []
        while let output = popOutput() {
            if case .gather(let stream) = output { streams.append(stream) }
        }
        return streams
    }

    func directions() -> [MediaDirection?] { transceivers.map { transceiver($0)?.direction } }

    func currentDirections() -> [MediaDirection?] {
        transceivers.map { transceiver($0)?.currentDirection }
    }

    func mids() -> [String?] { transceivers.map { transceiver($0)?.mid } }
}

/// What `#expect` checks, for expressions about sessions, which cannot be copied into its closures.
func verify(_ isTrue: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: sourceLocation)
}
