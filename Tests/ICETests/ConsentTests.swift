import ICE
import Support
import Testing
import Wire

@Suite("Consent freshness, RFC 7675 §5.1")
struct ConsentTests {
    static let path = ICEComponent(stream: 0)

    @Test("without answers, sending stops at exactly 30 s", arguments: 0..<20 as Range<UInt64>)
    func expires(seed: UInt64) {
        var consent = Consent(at: .zero, entropy: .seed(seed))
        let run = consent.run(for: .seconds(100))
        let checks = run.outputs.filter { $0.output == .sendCheck }.map(\.at)
        #expect(run.outputs.last?.output == .expired)
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(30)))
        #expect((5...7).contains(checks.count))
        #expect(
            zip(checks, checks.dropFirst()).allSatisfy {
                (.seconds(4) ... .seconds(6)).contains($0.duration(to: $1))
            }
        )
        #expect(run.brokenLaws.isEmpty)
        let silence = run.outputs.first { $0.output == .fellSilent }?.at
        #expect(silence == checks.first?.advanced(by: .seconds(5)))
    }

    @Test func beingHeardIsNoConsentButNoSilenceEither() {
        var consent = Consent(at: .zero, entropy: .seed(1))
        var expiry: Instant?
        for second in 1...40 {
            let now = Instant.zero.advanced(by: .seconds(second))
            consent.advance(to: now)
            consent.heard(at: now)
            while let output = consent.popOutput() {
                #expect(output != .fellSilent)
                if output == .expired { expiry = now }
            }
        }
        #expect(expiry == Instant.zero.advanced(by: .seconds(30)))
    }

    @Test("a peer that goes away: disconnected, then failed 30 s after its last answer")
    func peerGoesAway() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.run(for: .seconds(60))
        #expect(network.sides[0].agent.state == .completed)
        let answers = network.sides[0].agent.statistics.pairs[0].responsesReceived
        let isAnswered = network.run(for: .seconds(20)) {
            $0[0].agent.statistics.pairs[0].responsesReceived > answers
        }
        #expect(isAnswered)
        let lastAnswer = network.now
        network.passes = { _ in false }
        network.run(for: .seconds(100))
        let left = network.sides[0]
        let disconnected = try #require(left.states.first { $0.state == .disconnected })
        let silent = lastAnswer.duration(to: disconnected.at)
        #expect((.seconds(9) ... .seconds(11)).contains(silent))
        let failed = try #require(left.states.last)
        #expect(failed.state == .failed)
        #expect(lastAnswer.duration(to: failed.at) == .seconds(30))
        #expect(left.agent.selectedPair(of: Self.path) == nil)
        #expect(left.agent.deadline == nil)
        #expect(left.sent.last.map { $0.at < failed.at } == true)
    }

    @Test("a short outage is only a disconnection")
    func outage() {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        network.run(for: .seconds(15))
        #expect(network.sides[0].agent.state == .disconnected)
        network.passes = { _ in true }
        network.run(for: .seconds(15))
        #expect(network.sides[0].agent.state == .completed)
        #expect(network.sides[0].selected.count == 1)
    }

    @Test("an idle hour costs one request each 5 s on each side")
    func idle() {
        var network = VirtualNetwork.pair(link: .init(delay: .milliseconds(20)))
        network.connect()
        let before = requests(network.sides[0].sent).count
        network.run(for: .seconds(3_600))
        let count = requests(network.sides[0].sent).count - before
        #expect((690...750).contains(count))
        #expect(network.sides[0].agent.state == .completed)
        #expect(network.brokenLaws.isEmpty)
    }
}
