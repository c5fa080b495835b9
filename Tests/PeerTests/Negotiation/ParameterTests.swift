import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC §5.1, §5.2: encodings, and parameters of senders")
struct ParameterTests {
    private static func add(
        _ encodings: [EncodingParameters],
        _ kind: MediaKind,
        to session: inout PeerSession
    ) throws -> TransceiverID {
        var options = TransceiverOptions()
        options.encodings = encodings
        return try session.addTransceiver(kind, options, at: .zero)
    }

    @Test(
        "encodings that break a rule are refused by its name",
        arguments: [
            ("TypeError", [EncodingParameters(rid: "")]),
            ("TypeError", [EncodingParameters(rid: "a b"), EncodingParameters(rid: "c")]),
            ("TypeError", [EncodingParameters(rid: String(repeating: "x", count: 256))]),
            ("TypeError", [EncodingParameters(rid: "a"), EncodingParameters(rid: "a")]),
            ("TypeError", [EncodingParameters(rid: "a"), EncodingParameters()]),
            ("TypeError", [EncodingParameters(), EncodingParameters()]),
            ("RangeError", [EncodingParameters(scaleResolutionDownBy: 0.5)]),
            ("RangeError", [EncodingParameters(scaleResolutionDownBy: .nan)]),
            ("RangeError", [EncodingParameters(maxFramerate: -1)]),
            ("RangeError", [EncodingParameters(maxBitrate: -1)]),
        ] as [(String, [EncodingParameters])]
    )
    func refused(name: String, encodings: [EncodingParameters]) throws {
        var session = try makeSession(configuration: fullConfiguration())
        let error = peerError { _ = try Self.add(encodings, .video, to: &session) }
        #expect(error?.name == name)
        verify(session.transceivers.isEmpty)
    }

    @Test func scalesAreCompleted() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let three = ["q", "h", "f"].map { EncodingParameters(rid: $0) }
        let id = try Self.add(three, .video, to: &session)
        let scales = session.transceiver(id)?.encodings.map(\.scaleResolutionDownBy)
        #expect(scales == [4, 2, 1])
        var some = three
        some[0].scaleResolutionDownBy = 3
        let other = try Self.add(some, .video, to: &session)
        let stated = session.transceiver(other)?.encodings.map(\.scaleResolutionDownBy)
        #expect(stated == [3, 1, 1])
    }

    @Test func audioHasOneEncodingWithoutPictures() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let two = ["a", "b"].map { EncodingParameters(rid: $0, scaleResolutionDownBy: 0.1) }
        let id = try Self.add(two, .audio, to: &session)
        let encodings = session.transceiver(id)?.encodings
        #expect(encodings == [EncodingParameters()])
    }

    @Test func whatWasReadMayBeSetOnceChanged() throws {
        var couple = try Couple()
        let id = try Self.add(
            ["q", "f"].map { EncodingParameters(rid: $0) },
            .video,
            to: &couple.left
        )
        try couple.negotiate()
        var parameters = try couple.left.parameters(of: id)
        #expect(parameters.codecs.first?.codec.name == "VP8")
        #expect(!parameters.headerExtensions.isEmpty)
        parameters.encodings[0].active = false
        parameters.encodings[1].maxBitrate = 800_000
        try couple.left.setParameters(parameters, of: id)
        let set = couple.left.transceiver(id)?.encodings
        #expect(set?[0].active == false && set?[1].maxBitrate == 800_000)
        // A transaction is good for one time, and not across a description.
        let again = peerError { try couple.left.setParameters(parameters, of: id) }
        #expect(again?.name == "InvalidStateError")
        let stale = try couple.left.parameters(of: id)
        try couple.negotiate()
        let late = peerError { try couple.left.setParameters(stale, of: id) }
        #expect(late?.name == "InvalidStateError")
        // A paused encoding is offered as such.
        let offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        #expect(offer.media[0].simulcast?.value == "send ~q;f")
    }

    @Test("what negotiation decides cannot be set", arguments: 0..<5)
    func readOnly(part: Int) throws {
        var session = try makeSession(configuration: fullConfiguration())
        let id = try Self.add(
            ["q", "f"].map { EncodingParameters(rid: $0) },
            .video,
            to: &session
        )
        let old = try session.parameters(of: id)
        var parameters = try session.parameters(of: id)
        switch part {
        case 0: parameters.encodings.removeLast()
        case 1: parameters.encodings.swapAt(0, 1)
        case 2: parameters.encodings[0].rid = nil
        case 3: parameters.encodings[0].rid = "x"
        default: parameters = old  // of a reading before
        }
        let error = peerError { try session.setParameters(parameters, of: id) }
        #expect(error?.name == "InvalidModificationError")
    }

    @Test func rangesHoldForSettingAsWell() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let id = try session.add(.video)
        for (change, name) in [(0.99, "RangeError"), (1.0, nil)] as [(Double, String?)] {
            var parameters = try session.parameters(of: id)
            parameters.encodings[0].scaleResolutionDownBy = change
            let error = peerError { try session.setParameters(parameters, of: id) }
            #expect(error?.name == name)
        }
    }
}
