import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Media ends with consent (RFC 7675 §5.1)")
struct ConsentEndTests {
    /// A call whose sides know of one more address of the other, where nobody is.
    private func callWithDeadPairs(seed: UInt64) throws -> CallScene {
        let scene = try CallScene(seed: seed)
        let offer = try scene.offer(from: scene.caller)
        let answer = try scene.answer(offer, at: scene.answerer)
        try scene.accept(answer, at: scene.caller)
        for (one, two) in [(scene.caller, scene.answerer), (scene.answerer, scene.caller)] {
            let signals = scene.network.read(one) { $0.signals }
            try scene.passCandidates(from: one, to: two)
            scene.network.with(one) { node, _ in node.signals = signals }
            try scene.passCandidates(from: one, to: two) {
                $0.replacing("198.51.100.1 ", with: "198.51.100.71 ")
                    .replacing("198.51.100.2 ", with: "198.51.100.72 ")
            }
        }
        let found = scene.connect()
        #expect(found == .done)
        // Until checks of the dead addresses have come to their end.
        scene.run(60)
        return scene
    }

    @Test(
        "none leaves after 30 s without an answer, even while other pairs are tried",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func otherPairsAreTried(seed: UInt64) throws {
        let scene = try callWithDeadPairs(seed: seed)
        for host in [scene.caller, scene.answerer] {
            scene.network.with(host) { $0.microphone.start(frames: 5_000, at: $1) }
        }
        let start = scene.network.now
        var last: [IPAddress: Instant] = [:]
        scene.network.drop { datagram, now in
            if (128...191).contains(datagram.payload.first ?? 0) {
                last[datagram.source.address] = now
            }
            return true
        }
        scene.run(90)
        for text in ["198.51.100.1", "198.51.100.2"] {
            let time = start.duration(to: try #require(last[address(text)]))
            #expect((.seconds(23) ... .milliseconds(30_020)).contains(time))
        }
    }
}
