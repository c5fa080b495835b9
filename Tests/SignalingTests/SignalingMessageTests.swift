import Signaling
import Testing
import Wire

@Suite("Signaling messages and their variants in the field")
struct SignalingMessageTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var json: String
        var content: SignalingMessage.Content

        init(_ name: String, _ json: String, _ content: SignalingMessage.Content) {
            testDescription = name
            self.json = json
            self.content = content
        }
    }

    static let line = "candidate:1 1 UDP 2122317823 192.0.2.1 5000 typ host"

    static let variants = [
        Variant(
            "id and targetId",
            #"{"id":"left","targetId":"right","type":"offer","sdp":"v=0\r\no=-\r\n"}"#,
            .offer("v=0\r\no=-\r\n")
        ),
        Variant(
            "from and to",
            #"{"from":"left","to":"right","type":"answer","sdp":"v=0\r\n"}"#,
            .answer("v=0\r\n")
        ),
        Variant(
            "type sdp with an object that knows its type",
            #"{"from":"left","to":"right","type":"sdp","sdp":{"type":"offer","sdp":"v=0\n"}}"#,
            .offer("v=0\n")
        ),
        Variant(
            "type sdp with an answer in the field description",
            #"{"id":"left","targetId":"right","type":"sdp","description":{"type":"answer","sdp":"v=0"}}"#,
            .answer("v=0")
        ),
        Variant(
            "type sdp that only its first line tells to be an offer",
            #"{"id":"left","targetId":"right","type":"sdp","sdp":"v=1\r\ns=-\r\n"}"#,
            .offer("v=0\r\ns=-\r\n")
        ),
        Variant(
            "type sdp that only its first line tells to be an answer",
            #"{"id":"left","targetId":"right","type":"sdp","sdp":"v=2\r\n"}"#,
            .answer("v=0\r\n")
        ),
        Variant(
            "v=1 by the offerer",
            #"{"id":"left","targetId":"right","type":"offer","sdp":"v=1\no=-"}"#,
            .offer("v=0\no=-")
        ),
        Variant(
            "v=2 by the answerer",
            #"{"id":"left","targetId":"right","type":"answer","sdp":"v=2\r\no=-"}"#,
            .answer("v=0\r\no=-")
        ),
        Variant(
            "other first lines are left alone",
            #"{"id":"left","targetId":"right","type":"offer","sdp":"v=12\n"}"#,
            .offer("v=12\n")
        ),
        Variant(
            "a browser's description object",
            #"{"id":"left","targetId":"right","type":"offer","sdp":{"type":"offer","sdp":"v=0"}}"#,
            .offer("v=0")
        ),
        Variant(
            "a candidate and its mid",
            #"{"id":"left","targetId":"right","type":"candidate","candidate":"\#(line)","mid":"0"}"#,
            .candidate(line, mid: "0")
        ),
        Variant(
            "a candidate with a= and a number for mid",
            #"{"id":"left","targetId":"right","type":"candidate","candidate":"a=\#(line)","mid":0}"#,
            .candidate(line, mid: "0")
        ),
        Variant(
            "a browser's candidate object",
            #"{"from":"left","to":"right","type":"candidate","candidate":{"candidate":"\#(line)","sdpMid":"audio","sdpMLineIndex":0}}"#,
            .candidate(line, mid: "audio")
        ),
        Variant(
            "no more candidates",
            #"{"from":"left","to":"right","type":"candidate","candidate":null}"#,
            .candidate("", mid: nil)
        ),
        Variant(
            "hanging up",
            #"{"type":"disconnect","id":"left","targetId":"right"}"#,
            .disconnect
        ),
    ]

    @Test("is understood", arguments: variants)
    func variant(_ variant: Variant) throws {
        let message = try SignalingMessage(parsing: variant.json)
        #expect(message.content == variant.content)
        #expect(message.sender == "left")
        #expect(message.target == "right")
    }

    @Test("is written so that it comes back", arguments: variants)
    func roundTrip(_ variant: Variant) throws {
        let message = SignalingMessage(variant.content, from: "left", to: "right")
        #expect(try SignalingMessage(parsing: message.envelope.text) == message)
    }

    @Test func isWrittenWithTheFieldsOfTheField() {
        let offer = SignalingMessage(.offer("v=0"), from: "left", to: "right")
        #expect(
            offer.envelope.text == #"{"type":"offer","id":"left","targetId":"right","sdp":"v=0"}"#
        )
        let candidate = SignalingMessage(.candidate("c", mid: "0"), from: "l", to: "r")
        #expect(
            candidate.envelope.text
                == #"{"type":"candidate","id":"l","targetId":"r","candidate":"c","mid":"0"}"#
        )
        #expect(
            SignalingMessage(.register, from: "left").envelope.text
                == #"{"type":"register","id":"left"}"#
        )
    }

    @Test(
        "what is no message is refused by name",
        arguments: [
            ("", SignalingParseError.notJSON(.endsTooEarly(at: 0))), ("[]", .notAnObject),
            (#""offer""#, .notAnObject), ("{}", .typeMissing), (#"{"type":1}"#, .typeMissing),
            (#"{"type":"call"}"#, .unknownType("call")),
            (#"{"type":"offer","id":7,"sdp":""}"#, .addressNotText(field: "id")),
            (#"{"type":"offer","to":null,"sdp":""}"#, .addressNotText(field: "to")),
            (#"{"type":"offer"}"#, .missing(field: "sdp", of: "offer")),
            (#"{"type":"answer","sdp":null}"#, .missing(field: "sdp", of: "answer")),
            (#"{"type":"offer","sdp":{}}"#, .missing(field: "sdp", of: "offer")),
            (#"{"type":"candidate"}"#, .missing(field: "candidate", of: "candidate")),
            (
                #"{"type":"candidate","candidate":{}}"#,
                .missing(field: "candidate", of: "candidate")
            ),
            (#"{"type":"sdp","sdp":"v=0\r\n"}"#, .unknownDescriptionType),
            (#"{"type":"sdp","sdp":{"type":"pranswer","sdp":"v=0"}}"#, .unknownDescriptionType),
        ]
    )
    func refused(json: String, error: SignalingParseError) {
        #expect(throws: error) { try SignalingMessage(parsing: json) }
        #expect(!"\(error)".isEmpty)
    }
}

@Suite("Order of what a peer sends")
struct SignalingInboxTests {
    static func candidate(_ name: String, from sender: String = "left") -> SignalingMessage {
        SignalingMessage(.candidate(name, mid: "0"), from: sender)
    }

    static func offer(_ sdp: String, from sender: String = "left") -> SignalingMessage {
        SignalingMessage(.offer(sdp), from: sender)
    }

    static func deliver(_ messages: [SignalingMessage]) -> [SignalingMessage] {
        var inbox = SignalingInbox()
        for message in messages { inbox.receive(message) }
        var delivered: [SignalingMessage] = []
        while let message = inbox.next() { delivered.append(message) }
        return delivered
    }

    @Test func candidatesWaitForTheDescription() {
        let early = Self.candidate("a")
        let late = Self.candidate("b")
        #expect(Self.deliver([early]) == [])
        #expect(
            Self.deliver([early, Self.offer("v=0"), late]) == [Self.offer("v=0"), early, late]
        )
    }

    @Test func candidatesWaitForTheDescriptionOfTheirOwnPeer() {
        let other = Self.offer("v=0", from: "other")
        #expect(Self.deliver([Self.candidate("a"), other]) == [other])
    }

    @Test func aDescriptionThatComesTwiceIsDeliveredOnce() {
        let restart = Self.offer("v=0 restart")
        #expect(
            Self.deliver([Self.offer("v=0"), Self.offer("v=0"), restart, restart])
                == [Self.offer("v=0"), restart]
        )
    }

    @Test func afterHangingUpTheSameOfferBeginsANewCall() {
        let end = SignalingMessage(.disconnect, from: "left")
        let offer = Self.offer("v=0")
        #expect(Self.deliver([offer, end, offer]) == [offer, end, offer])
    }

    @Test func candidatesOfARestartWaitForItsDescription() {
        let first = Self.offer("v=0\r\na=ice-ufrag:one\r\n")
        let second = Self.offer("v=0\r\na=ice-ufrag:two\r\n")
        let ours = Self.candidate("candidate:1 typ host ufrag one")
        let early = Self.candidate("candidate:1 typ host ufrag two")
        #expect(
            Self.deliver([first, early, ours, second]) == [first, ours, second, early]
        )
    }

    @Test func heldCandidatesAreBounded() {
        var inbox = SignalingInbox()
        for number in 0..<150 { inbox.receive(Self.candidate("\(number)")) }
        for number in 0..<300 { inbox.receive(Self.candidate("a", from: "peer \(number)")) }
        #expect(inbox.dropped == 50 + 45)
    }

    @Test func theServerIsNotHeldBack() {
        let error = SignalingMessage(.error(code: .unknownTarget, text: ""))
        #expect(Self.deliver([error, error]) == [error, error])
    }
}
