import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Voice programs of the field are understood, with a warning")
struct FieldProgramTests {
    @Test("an offer with v=1, no mid, no rtpmap and no header extension makes a call")
    func offersVersionOne() throws {
        let call = try RawScene(seed: 1, manners: .field)
        try call.receiveOffer()
        #expect(call.connect() == .done)
        let deviations = call.warnings.compactMap { warning -> [String]? in
            guard case .descriptionDeviates(let sentences) = warning else { return nil }
            return sentences
        }
        #expect(deviations.count == 1)
        #expect(deviations[0].contains { $0.contains("version") })
        #expect(deviations[0].contains { $0.contains("rtpmap") })
        // Our answer to it has no name that the offer does not have.
        let answer = call.network.read(call.peer) { $0.session.localDescription?.sdp ?? "" }
        #expect(!answer.contains("a=mid") && !answer.contains("a=group"))
        #expect(answer.contains(" UDP/TLS/RTP/SAVPF 111\r\n"))
    }

    @Test func anAnswerWithVersionTwoMakesACall() throws {
        let call = try RawScene(seed: 2, manners: .field)
        try call.answerOffer(edit: { $0.replacing("v=1", with: "v=2") })
        #expect(call.connect() == .done)
    }

    @Test func candidatesNameASectionThatTheDescriptionDoesNot() throws {
        let call = try RawScene(seed: 3, manners: .field)
        try call.receiveOffer()
        try call.network.with(call.peer) { node, now in
            for mid in ["0", "audio", ""] {
                let candidate = ICECandidate(
                    candidate: "candidate:1 1 udp 2122260223 192.0.2.9 5000 typ host",
                    sdpMid: mid,
                    sdpMLineIndex: 0
                )
                try node.session.addRemoteCandidate(candidate, at: now)
            }
            node.collect(at: now)
        }
        #expect(call.statistics.ice.pairs.count == 2)
    }

    /// C bit-fields put the payload type before the marker: 111 goes out as 222, which is marker and
    /// type 94, and at the same time a number that RFC 5761 §4 gives to RTCP.
    @Test(arguments: [false, true])
    func swappedMarkerAndTypeAreHeard(hasMarker: Bool) throws {
        let call = try RawScene(seed: 4, manners: .field)
        try call.receiveOffer()
        #expect(call.connect() == .done)
        call.network.with(call.peer) { node, now in node.ear.start(at: now) }
        let swapped: UInt8 = hasMarker ? 95 : 94
        for number in 0..<500 {
            call.send([rtp(number, type: swapped, hasMarker: true, step: 160, ssrc: 2)])
        }
        let received = try #require(call.statistics.received.first)
        #expect(received.packetsReceived == 500)
        #expect(received.ssrc == 2)
        #expect(call.statistics.counters.unauthenticPackets == 0)
        // Routed to the only section there is, with one warning for all of them.
        let types = call.warnings.filter { $0 == .unexpectedPayloadType(swapped) }
        #expect(types.count == 1)
        #expect(call.warnings.count == 2)
        // Their clock is wrong by a factor of six, and yet it is heard.
        let heard = call.network.read(call.peer) { $0.ear.heard.count }
        #expect(heard > 400)
    }
}
