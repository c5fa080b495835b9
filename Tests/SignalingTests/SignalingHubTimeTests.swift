import Signaling
import Support
import Testing
import Wire

@Suite("Signaling hub: time and slow readers")
struct SignalingHubTimeTests {
    static func isPing(_ item: WebSocketMessageReader.Item) -> Bool {
        if case .ping = item { true } else { false }
    }

    @Test func aSilentConnectionIsPingedAtFifteenSecondsAndFreedAtThirty() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        let run = fixture.hub.run(for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
        #expect(
            run.outputs.map { $0.at }
                == [15, 30, 30].map { Instant.zero.advanced(by: .seconds($0)) }
        )
        #expect(run.outputs.map(\.output).first == .transmit([0x89, 0x00], to: left))
        #expect(
            run.outputs.map(\.output).suffix(2) == [
                .event(.left(left, id: "left", .silent)), .abort(left),
            ]
        )
        #expect(fixture.hub.registeredIDs == [] && fixture.hub.connectionCount == 0)
        #expect(fixture.hub.deadline == nil)
    }

    @Test func aConnectionThatAnswersIsKept() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        for second in 1...300 {
            fixture.advance(to: .seconds(second))
            for item in fixture.frames(for: left) where Self.isPing(item) {
                fixture.send(WebSocketFrame(.pong, []), from: left)
            }
        }
        #expect(fixture.hub.registeredIDs == ["left"])
    }

    @Test func aHandshakeThatIsNeverFinishedIsCutOff() {
        var fixture = HubFixture()
        let connection = fixture.hub.connect(at: .zero)
        let run = fixture.hub.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        let closes = run.outputs.filter { $0.output == .close(connection) }
        #expect(closes.map(\.at) == [Instant.zero.advanced(by: .seconds(10))])
        #expect(
            fixture.hub.connectionCount == 0,
            "what cannot be written in five seconds is dropped"
        )
        #expect(run.outputs.last?.output == .abort(connection))
    }

    @Test func aPeerThatDoesNotReadIsCutOffAndNobodyElse() {
        var configuration = SignalingConfiguration()
        configuration.maximumBacklog = 10_000
        var fixture = HubFixture(configuration)
        let left = fixture.register("left")
        let right = fixture.register("right")
        let filler = String(repeating: "x", count: 1_000)
        for _ in 0..<20 {
            fixture.send(#"{"type":"offer","targetId":"right","sdp":"\#(filler)"}"#, from: left)
            fixture.hub.reportBacklog(0, of: left, at: .zero)
        }
        #expect(fixture.outputs.contains(.abort(right)))
        #expect(fixture.outputs.contains(.event(.left(right, id: "right", .slowReader))))
        #expect(fixture.hub.registeredIDs == ["left"])
        #expect(fixture.errors(for: left).last == .unknownTarget)
    }

    @Test func aReportedBacklogCutsOff() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.hub.reportBacklog(1_024 * 1_024, of: left, at: .zero)
        fixture.collect()
        #expect(!fixture.outputs.contains(.abort(left)))
        fixture.hub.reportBacklog(1_024 * 1_024 + 1, of: left, at: .zero)
        fixture.collect()
        #expect(fixture.outputs.contains(.abort(left)))
    }

    @Test func aServerThatStopsSaysGoodbye() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.hub.stop(at: .zero)
        fixture.collect()
        #expect(fixture.frames(for: left) == [.close(.goingAway, reason: "the server stops")])
        let run = fixture.hub.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.first?.at == Instant.zero.advanced(by: .seconds(2)))
        #expect(run.outputs.last?.output == .abort(left))
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(3)))
        #expect(fixture.hub.connectionCount == 0)
    }

    @Test(
        "noise from many connections never traps and keeps the laws",
        arguments: 0..<30 as Range<UInt64>
    )
    func noise(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var fixture = HubFixture()
        let connections = ["a", "b", "c"].map { fixture.register($0) } + [fixture.connect()]
        let types = ["register", "offer", "sdp", "candidate", "disconnect", "error", "x"]
        let names = ["a", "b", "c", "d", ""]
        for step in 0..<200 {
            let type = types[Int(entropy.next() % 7)]
            let name = names[Int(entropy.next() % 5)]
            let connection = connections[Int(entropy.next() % 4)]
            fixture.send(
                #"{"type":"\#(type)","id":"\#(name)","targetId":"\#(name)"}"#,
                from: connection
            )
            if entropy.next() % 50 == 0 {
                fixture.hub.receive(entropy.bytes(10), from: connection, at: fixture.now)
            }
            fixture.advance(to: .milliseconds(step * 200))
            #expect(Set(fixture.hub.registeredIDs).count == fixture.hub.registeredIDs.count)
            #expect(fixture.outputs.count < 100)
            fixture.outputs = []
        }
        let run = fixture.hub.run(from: fixture.now, for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
    }
}
