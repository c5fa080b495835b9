import Peer
import Swiftlet
import Testing

@Suite("Perfect negotiation keeps the order of signals, however long sending takes")
struct SignalOrderTests {
    private static let candidate = ICECandidate(
        candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host",
        sdpMid: "0",
        sdpMLineIndex: 0,
        usernameFragment: nil
    )

    /// A signaling that is slow: a description leaves when it is let through.
    private actor SlowSignaling {
        private(set) var sent: [String] = []
        private(set) var hasBegun = false
        private var held: CheckedContinuation<Void, Never>?
        private var isOpen = false

        func send(_ signal: PerfectNegotiation.Signal) async {
            switch signal {
            case .candidate: sent.append("candidate")
            case .description(let description):
                hasBegun = true
                if !isOpen { await withCheckedContinuation { held = $0 } }
                sent.append(description.kind.rawValue)
            }
        }

        func open() {
            isOpen = true
            held?.resume()
            held = nil
        }
    }

    @Test("candidates wait for the offer they belong to")
    func candidatesBehindTheOffer() async throws {
        let signaling = SlowSignaling()
        let peer = try PeerConnection(configuration: .loopback)
        _ = try await peer.addAudioTrack()
        let negotiation = PerfectNegotiation(of: peer, isPolite: true) { signal in
            await signaling.send(signal)
        }
        async let offering: Void = negotiation.offer()
        while await !signaling.hasBegun { await Task.yield() }
        async let first: Void = negotiation.send(Self.candidate)
        async let second: Void = negotiation.send(Self.candidate)
        while await negotiation.pendingSignals < 3 { await Task.yield() }
        #expect(await signaling.sent == [])
        await signaling.open()
        _ = try await (offering, first, second)
        #expect(await signaling.sent == ["offer", "candidate", "candidate"])
        await peer.close()
    }

    @Test("an answer leaves before what was found after it, and a failed step holds nothing up")
    func answers() async throws {
        let signaling = SlowSignaling()
        let caller = try PeerConnection(configuration: .loopback)
        _ = try await caller.addAudioTrack()
        let peer = try PeerConnection(configuration: .loopback)
        let negotiation = PerfectNegotiation(of: peer, isPolite: false) { signal in
            await signaling.send(signal)
        }
        let nonsense = SessionDescription(.offer, sdp: "nonsense")
        await #expect(throws: (any Error).self) {
            try await negotiation.receive(.description(nonsense))
        }
        #expect(await negotiation.pendingSignals == 0)
        let offer = try await caller.setLocalDescription()
        async let answering: Void = negotiation.receive(.description(offer))
        while await !signaling.hasBegun { await Task.yield() }
        async let candidate: Void = negotiation.send(Self.candidate)
        while await negotiation.pendingSignals < 2 { await Task.yield() }
        #expect(await signaling.sent == [])
        await signaling.open()
        _ = try await (answering, candidate)
        #expect(await signaling.sent == ["answer", "candidate"])
        await caller.close()
        await peer.close()
    }

    @Test("a failing signaling is told to whoever sent, and lets the next signal go")
    func failure() async throws {
        struct Lost: Error {}
        let peer = try PeerConnection(configuration: .loopback)
        _ = try await peer.addAudioTrack()
        let negotiation = PerfectNegotiation(of: peer, isPolite: true) { signal in
            if case .description = signal { throw Lost() }
        }
        await #expect(throws: Lost.self) { try await negotiation.offer() }
        try await negotiation.send(Self.candidate)
        #expect(await negotiation.pendingSignals == 0)
        await peer.close()
    }
}
