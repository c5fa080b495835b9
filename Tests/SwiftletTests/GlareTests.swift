import Peer
import Swiftlet
import Synchronization
import Testing

@Suite("W3C WebRTC §10.7: perfect negotiation when both begin at once")
struct GlareTests {
    /// What one side has sent and the other has not got yet.
    private final class Outbox: Sendable {
        private let signals = Mutex<[PerfectNegotiation.Signal]>([])

        func put(_ signal: PerfectNegotiation.Signal) { signals.withLock { $0.append(signal) } }

        func take() -> [PerfectNegotiation.Signal] {
            signals.withLock { signals in
                defer { signals = [] }
                return signals
            }
        }
    }

    private static func candidate(of mid: String) -> PerfectNegotiation.Signal {
        .candidate(
            ICECandidate(
                candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host",
                sdpMid: mid
            )
        )
    }

    private static func kinds(_ signals: [PerfectNegotiation.Signal]) -> [String] {
        signals.map { signal in
            switch signal {
            case .description(let description): description.kind.rawValue
            case .candidate: "candidate"
            }
        }
    }

    @Test("candidates of the first offer, which was ignored, do not disturb the answer")
    func firstOffers() async throws {
        let boxes = [Outbox(), Outbox()]
        var configuration = Configuration.loopback
        configuration.capabilities = .full
        let impolite = try PeerConnection(configuration: configuration)
        let polite = try PeerConnection(configuration: configuration)
        let left = PerfectNegotiation(of: impolite, isPolite: false) { boxes[0].put($0) }
        let right = PerfectNegotiation(of: polite, isPolite: true) { boxes[1].put($0) }
        _ = try await impolite.addTrack(.audio)
        _ = try await polite.addTrack(.video)
        _ = try await polite.addTransceiver(.audio)
        try await left.offer()
        try await right.offer()

        let ignored = boxes[1].take()
        // Some are faster than the offer they belong to.
        try await left.receive(Self.candidate(of: "1"))
        for signal in ignored { try await left.receive(signal) }
        try await left.receive(Self.candidate(of: "1"))
        #expect(await impolite.signalingState == .haveLocalOffer)
        for signal in boxes[0].take() { try await right.receive(signal) }
        let answer = boxes[1].take()
        #expect(Self.kinds(answer) == ["answer"])
        for signal in answer { try await left.receive(signal) }
        #expect(await impolite.signalingState == .stable)
        #expect(await impolite.remoteDescription?.sdp.contains(" 9 typ host") == false)

        // What the polite side wanted, it still wants.
        try await right.offer()
        for signal in boxes[1].take() { try await left.receive(signal) }
        for signal in boxes[0].take() { try await right.receive(signal) }
        #expect(await polite.transceivers.count == 3)
        #expect(await impolite.transceivers.count == 3)
        // And from now on what is wrong is told.
        await #expect(throws: PeerConnectionError.self) {
            try await left.receive(Self.candidate(of: "9"))
        }
        await impolite.close()
        await polite.close()
    }

    @Test("of many calls at once one makes the offer")
    func callsAtOnce() async throws {
        let box = Outbox()
        let peer = try PeerConnection(configuration: .loopback)
        let negotiation = PerfectNegotiation(of: peer, isPolite: true) { box.put($0) }
        _ = try await peer.addAudioTrack()
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await negotiation.offer() } }
            try await group.waitForAll()
        }
        #expect(Self.kinds(box.take()) == ["offer"])
        await peer.close()
        try await negotiation.offer()
        #expect(box.take().isEmpty)
    }
}
