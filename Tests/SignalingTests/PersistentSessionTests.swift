import Signaling
import Testing
import Wire

@Suite("A signaling client that comes back")
struct PersistentSessionTests {
    private let lost = PersistentSession.Output.interrupted(.lost(.transportLost))

    @Test func comesBackUnderTheSameIDAndLosesNothing() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        let right = fixture.connect(as: "right")
        try fixture.send("1", from: left, to: "right")
        try fixture.send("a", from: right, to: "left")
        // What is sent into a dead connection is lost with it, and nobody is told.
        fixture.silence(left)
        try fixture.send("2", from: left, to: "right")
        try fixture.send("b", from: right, to: "left")
        fixture.lose(left)
        try fixture.send("3", from: left, to: "right")
        try fixture.send("c", from: right, to: "left")
        #expect(fixture.heard(right) == ["1"])
        fixture.run(for: .seconds(1))
        #expect(fixture.heard(right) == ["1", "2", "3"])
        #expect(fixture.heard(left) == ["a", "b", "c"])
        #expect(fixture.news(left) == [.registered, lost, .resumed(isComplete: true)])
        #expect(fixture.news(right) == [.registered])
        #expect(fixture.hub.registeredIDs == ["left", "right"])
        #expect(fixture.hub.connectionCount == 2)
    }

    @Test func whatWasReceivedIsNotSentAgain() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        let right = fixture.connect(as: "right")
        for round in 1...5 {
            try fixture.send("l\(round)", from: left, to: "right")
            try fixture.send("r\(round)", from: right, to: "left")
            fixture.lose(round % 2 == 0 ? left : right)
            fixture.run(for: .seconds(1))
        }
        #expect(fixture.heard(right) == (1...5).map { "l\($0)" })
        #expect(fixture.heard(left) == (1...5).map { "r\($0)" })
    }

    @Test func triesLessAndLessOftenAndGivesUp() {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.isReachable = false
        fixture.lose(left)
        fixture.run(for: .milliseconds(250))
        #expect(fixture.attempts(left) == 1)
        fixture.run(for: .seconds(5))
        #expect((4...5).contains(fixture.attempts(left)))
        fixture.run(for: .seconds(120))
        #expect(fixture.attempts(left) == 12)
        #expect(fixture.news(left) == [.registered, lost, .ended(.lost(.transportLost))])
        #expect(fixture.clients[left].deadline == nil)
    }

    @Test func triesAtOnceWhenThereIsAnotherNetwork() {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.isReachable = false
        fixture.silence(left)
        fixture.lose(left)
        fixture.run(for: .seconds(20))
        fixture.isReachable = true
        fixture.networkChanged(left)
        #expect(fixture.news(left) == [.registered, lost, .resumed(isComplete: true)])
    }

    @Test func aSilentServerCountsAsLost() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.silence(left)
        fixture.run(for: .seconds(31))
        fixture.lose(left)
        fixture.run(for: .seconds(5))
        #expect(fixture.news(left).last == .resumed(isComplete: true))
        #expect(fixture.news(left)[1] == .interrupted(.silent))
    }

    @Test func aServerThatHasStartedAgainGetsWhatWasHeldBack() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        let right = fixture.connect(as: "right")
        try fixture.send("1", from: left, to: "right")
        fixture.replaceHub()
        fixture.run(for: .milliseconds(10))
        try fixture.send("2", from: left, to: "right")
        // Whoever is first may find nobody there yet, as at the very start.
        fixture.run(for: .seconds(5))
        #expect(fixture.news(left).last == .resumed(isComplete: false))
        #expect(fixture.news(right).last == .resumed(isComplete: false))
        try fixture.send("3", from: left, to: "right")
        #expect(fixture.heard(right).last == "3")
        #expect(fixture.heard(right).first == "1")
        #expect(!fixture.heard(right).dropFirst().contains("1"))
    }

    @Test func aGoodbyeOfTheServerIsTheEnd() {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.hub.stop(at: fixture.now)
        fixture.settle()
        fixture.run(for: .seconds(5))
        guard case .ended(.lost(.byPeer)) = fixture.news(left).last else {
            Issue.record("\(fixture.news(left))")
            return
        }
        #expect(fixture.attempts(left) == 0)
    }

    @Test func closingEndsTheWaiting() {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.lose(left)
        fixture.close(left)
        #expect(fixture.news(left) == [.registered, lost, .ended(.closed)])
        fixture.run(for: .seconds(120))
        #expect(fixture.attempts(left) == 0)
    }

    @Test func whoEndsInOrderIsNotWaitedFor() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        _ = fixture.connect(as: "right")
        fixture.close(left)
        #expect(fixture.hub.registeredIDs == ["right"])
        let next = fixture.connect(as: "left")
        #expect(fixture.news(next) == [.registered])
    }

    @Test func onlyALimitedAmountWaits() throws {
        var fixture = PersistentFixture()
        let left = fixture.connect(as: "left")
        fixture.lose(left)
        for number in 1...127 { try fixture.send("\(number)", from: left, to: "right") }
        #expect(throws: SignalingSendError.notConnected) {
            for number in 1...10 { try fixture.send("\(number)", from: left, to: "right") }
        }
    }

    @Test func withoutAttemptsAConnectionIsAllThereIs() {
        var configuration = SignalingConfiguration()
        configuration.reconnection.attempts = 0
        var fixture = PersistentFixture(configuration)
        let left = fixture.connect(as: "left")
        fixture.lose(left)
        #expect(fixture.news(left) == [.registered, .ended(.lost(.transportLost))])
    }
}

@Suite("Ids that are kept for those who come back")
struct SignalingSeatTests {
    private func register(_ id: String, _ token: String, received: Int = 0) -> String {
        #"{"type":"register","id":"\#(id)","token":"\#(token)","received":\#(received)}"#
    }

    private func offer(_ sdp: String) -> String {
        #"{"type":"offer","id":"right","targetId":"left","sdp":"\#(sdp)"}"#
    }

    @Test func aStrangerDoesNotGetALiveID() {
        var fixture = HubFixture()
        let left = fixture.connect()
        fixture.send(register("left", "secret"), from: left)
        for token in ["guess", "", "secre"] {
            let stranger = fixture.connect()
            fixture.outputs = []
            fixture.send(register("left", token), from: stranger)
            #expect(fixture.errors(for: stranger) == [.idTaken])
        }
        #expect(fixture.hub.connectionCount == 4)
    }

    @Test func aStrangerWhoTakesAFreeIDGetsNothingThatWasKept() {
        var fixture = HubFixture()
        let left = fixture.connect()
        fixture.send(register("left", "secret"), from: left)
        let right = fixture.register("right")
        fixture.hub.transportClosed(of: left, at: fixture.now)
        fixture.collect()
        fixture.send(offer("kept"), from: right)
        #expect(fixture.errors(for: right).isEmpty)
        let stranger = fixture.connect()
        fixture.outputs = []
        fixture.send(register("left", "guess"), from: stranger)
        #expect(
            fixture.texts(for: stranger) == [
                #"{"type":"register","id":"left","resumed":false,"received":0}"#
            ]
        )
        // And the one before has no claim any more.
        let late = fixture.connect()
        fixture.outputs = []
        fixture.send(register("left", "secret"), from: late)
        #expect(fixture.errors(for: late) == [.idTaken])
    }

    @Test func whatIsKeptIsForgottenAfterAWhile() {
        var fixture = HubFixture()
        let left = fixture.connect()
        fixture.send(register("left", "secret"), from: left)
        let right = fixture.register("right")
        fixture.hub.transportClosed(of: left, at: fixture.now)
        fixture.collect()
        for second in 1...59 {
            fixture.advance(to: .seconds(second))
            fixture.send(WebSocketFrame(.pong, []), from: right)
        }
        fixture.outputs = []
        fixture.send(offer("kept"), from: right)
        #expect(fixture.errors(for: right).isEmpty)
        fixture.advance(to: .seconds(60))
        fixture.outputs = []
        fixture.send(offer("in vain"), from: right)
        #expect(fixture.errors(for: right) == [.unknownTarget])
    }

    @Test(arguments: [-1, 1, 1_000_000, Int.max])
    func aCountThatCannotBeBeginsAnew(received: Int) {
        var fixture = HubFixture()
        let left = fixture.connect()
        fixture.send(register("left", "secret"), from: left)
        fixture.hub.transportClosed(of: left, at: fixture.now)
        let again = fixture.connect()
        fixture.outputs = []
        fixture.send(register("left", "secret", received: received), from: again)
        #expect(
            fixture.texts(for: again) == [
                #"{"type":"register","id":"left","resumed":false,"received":0}"#
            ]
        )
    }

    @Test func whoAsksForNothingMoreGetsNoAnswer() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        #expect(fixture.texts(for: left).isEmpty)
    }
}
