import Signaling
import Testing
import Wire

@Suite("Signaling hub: ids and forwarding")
struct SignalingHubTests {
    @Test func messagesReachTheirTargetUnchanged() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        let offer =
            #"{"type":"offer","id":"left","targetId":"right","sdp":"v=1\r\n","x":[1.0,{"y":null}]}"#
        fixture.send(offer, from: left)
        #expect(fixture.texts(for: right) == [offer])
        #expect(fixture.hub.registeredIDs == ["left", "right"])
    }

    @Test(
        "the sender is the id of the connection, in the style of the sender",
        arguments: [
            (
                #"{"type":"answer","targetId":"right"}"#,
                #"{"type":"answer","targetId":"right","id":"left"}"#
            ),
            (
                #"{"type":"answer","id":"right","targetId":"right"}"#,
                #"{"type":"answer","id":"left","targetId":"right"}"#
            ),
            (#"{"type":"answer","to":"right"}"#, #"{"type":"answer","to":"right","from":"left"}"#),
            (
                #"{"type":"sdp","from":"boss","to":"right"}"#,
                #"{"type":"sdp","from":"left","to":"right"}"#
            ),
            (
                #"{"type":"answer","id":"boss","from":"boss","to":"right"}"#,
                #"{"type":"answer","id":"left","from":"left","to":"right"}"#
            ),
            (
                #"{"type":"answer","id":"a","id":"boss","targetId":"right"}"#,
                #"{"type":"answer","id":"left","targetId":"right"}"#
            ),
        ]
    )
    func spoofing(sent: String, received: String) {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        fixture.outputs = []
        fixture.send(sent, from: left)
        #expect(fixture.texts(for: right) == [received])
    }

    @Test(
        "what cannot be done is answered with its code",
        arguments: [
            (#"{"type":"offer","targetId":"nobody","sdp":""}"#, SignalingErrorCode.unknownTarget),
            (#"{"type":"offer","to":"nobody","sdp":""}"#, .unknownTarget),
            (#"{"type":"offer","sdp":""}"#, .malformed),
            (#"{"type":"register","id":"right"}"#, .alreadyRegistered),
            (#"{"type":"error","targetId":"right","code":"id-taken"}"#, .unknownType),
            (#"{"type":"dance","targetId":"right"}"#, .unknownType),
            ("hello", .malformed), ("[]", .malformed), (#"{"id":"left"}"#, .malformed),
            (#"{"type":"offer","targetId":["right"]}"#, .malformed),
        ]
    )
    func errors(text: String, code: SignalingErrorCode) {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        fixture.outputs = []
        fixture.send(text, from: left)
        #expect(
            !fixture.outputs.contains {
                if case .transmit(_, to: right) = $0 { true } else { false }
            }
        )
        #expect(fixture.errors(for: left) == [code])

        fixture.send(#"{"type":"disconnect","targetId":"right"}"#, from: left)
        #expect(fixture.texts(for: right).count == 1, "the connection goes on")
    }

    @Test func theUnknownTargetIsNamed() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.send(#"{"type":"offer","to":"nobody","sdp":""}"#, from: left)
        let text = fixture.texts(for: left).first ?? ""
        #expect(text.hasPrefix(#"{"type":"error","code":"unknown-target","message":"Nobody is"#))
        #expect(text.hasSuffix(#","to":"nobody"}"#))
    }

    @Test func withoutAnIDNothingIsForwarded() {
        var fixture = HubFixture()
        let right = fixture.register("right")
        let stranger = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"offer","id":"right","targetId":"right","sdp":""}"#, from: stranger)
        #expect(fixture.errors(for: stranger) == [.notRegistered])
        #expect(fixture.texts(for: right).isEmpty)
    }

    @Test func anIDCannotBeTakenOver() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let thief = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"register","id":"left"}"#, from: thief)
        #expect(fixture.errors(for: thief) == [.idTaken])
        let right = fixture.register("right")
        fixture.send(#"{"type":"answer","targetId":"left","sdp":""}"#, from: right)
        #expect(fixture.texts(for: left).count == 1)
    }

    @Test func anIDIsFreeOnceItsConnectionHasEnded() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.send(WebSocketFrame(.close, []), from: left)
        #expect(fixture.outputs.contains(.close(left)))
        #expect(fixture.hub.registeredIDs == [])
        let next = fixture.register("left")
        #expect(fixture.errors(for: next) == [])
        fixture.hub.transportClosed(of: next, at: fixture.now)
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func aRuleBrokenFreesTheIDAtOnce() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.hub.receive([0x81, 0x00], from: left, at: fixture.now)
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func disconnectWithoutTargetGivesTheIDBack() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.send(#"{"type":"disconnect","id":"left"}"#, from: left)
        #expect(fixture.hub.registeredIDs == [])
        fixture.send(#"{"type":"register","from":"other"}"#, from: left)
        #expect(fixture.hub.registeredIDs == ["other"])
    }

    @Test(
        "an id that is none is refused",
        arguments: [
            "", String(repeating: "x", count: 129), #"a\u0000b"#, #"a\nb"#,
        ]
    )
    func invalidIDs(id: String) {
        var fixture = HubFixture()
        let connection = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"register","id":"\#(id)"}"#, from: connection)
        #expect(fixture.errors(for: connection) == [.malformed])
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func whatIsTooLargeToForwardIsAnswered() {
        var configuration = SignalingConfiguration()
        configuration.maximumMessageSize = 1_000
        var fixture = HubFixture(configuration)
        let left = fixture.register("left")
        fixture.outputs = []
        let filler = String(repeating: "x", count: 1_000)
        fixture.send(#"{"type":"offer","targetId":"left","sdp":"\#(filler)"}"#, from: left)
        #expect(fixture.errors(for: left) == [.tooLarge])
    }

    @Test func binaryMessagesAreAnswered() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.send(WebSocketFrame(.binary, [1]), from: left)
        #expect(fixture.errors(for: left) == [.malformed])
    }

    @Test func aFullServerSaysSo() {
        var configuration = SignalingConfiguration()
        configuration.maximumConnections = 1
        var fixture = HubFixture(configuration)
        _ = fixture.register("left")
        fixture.outputs = []
        let late = fixture.hub.connect(at: .zero)
        fixture.collect()
        guard
            case .transmit(let bytes, to: late)? = fixture.outputs.first(where: {
                if case .transmit = $0 { true } else { false }
            })
        else {
            Issue.record("nothing was answered")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
        #expect(fixture.outputs.contains(.close(late)))
    }
}
