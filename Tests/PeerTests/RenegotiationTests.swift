import ICE
import NetworkSimulator
import Peer
import SDP
import Testing
import Wire

@Suite("A call goes on while it is negotiated anew")
struct RenegotiationTests {
    /// A call in which both sides talk without end.
    private func makeCall(seed: UInt64) throws -> CallScene {
        let call = try CallScene.direct(line: Link(delay: .milliseconds(30)), seed: seed)
        try call.negotiate()
        #expect(call.connect() == .done)
        for host in [call.caller, call.answerer] {
            call.network.with(host) { node, now in
                node.microphone.start(frames: 50_000, at: now)
                node.ear.start(at: now)
            }
        }
        call.run(2)
        for host in [call.caller, call.answerer] {
            call.network.with(host) { node, _ in node.events = [] }
        }
        return call
    }

    /// How many frames each side hears in the next `seconds`.
    private func hear(_ seconds: Double, _ call: CallScene) -> (caller: Int, answerer: Int) {
        let before = call.heard
        call.run(seconds)
        let after = call.heard
        return (after.caller - before.caller, after.answerer - before.answerer)
    }

    private func names(_ call: CallScene, _ host: Host<PeerNode>) -> [String] {
        call.network.read(host) { $0.events.map(\.name) }
    }

    @Test func theSameOfferAgainChangesNothing() throws {
        let call = try makeCall(seed: 1)
        let path = call.statistics(of: call.caller).path
        try call.renegotiate(from: call.caller, with: call.answerer)
        try call.renegotiate(from: call.answerer, with: call.caller)
        let heard = hear(2, call)
        #expect(heard == (100, 100))
        for host in [call.caller, call.answerer] {
            #expect(Set(names(call, host)) == ["signaling"])
        }
        #expect(call.statistics(of: call.caller).path == path)
    }

    @Test("hold and resume, asked for by either side", arguments: [true, false])
    func hold(isCaller: Bool) throws {
        let call = try makeCall(seed: 2)
        let holder = isCaller ? call.caller : call.answerer
        let other = isCaller ? call.answerer : call.caller
        for direction in [MediaDirection.sendOnly, .inactive, .receiveOnly, .sendReceive] {
            try call.network.with(holder) { node, now in
                guard let audio = node.audio else { return }
                try node.session.setDirection(direction, of: audio, at: now)
                node.collect(at: now)
            }
            #expect(names(call, holder).contains("negotiationNeeded"))
            try call.renegotiate(from: holder, with: other)
            call.run(1)
            let heard = hear(3, call)
            let (atHolder, atOther) =
                isCaller ? (heard.caller, heard.answerer) : (heard.answerer, heard.caller)
            // The buffer may shorten or lengthen its delay by a frame or two behind a pause.
            #expect(direction.receives ? (146...152).contains(atHolder) : atHolder == 0)
            #expect(direction.sends ? (146...152).contains(atOther) : atOther == 0)
            #expect(!call.states(of: holder).contains(.disconnected))
            call.network.with(holder) { node, _ in node.events = [] }
        }
    }

    @Test("the program learns that a track pauses and goes on")
    func pauseIsTold() throws {
        let call = try makeCall(seed: 3)
        for direction in [MediaDirection.inactive, .sendReceive] {
            try call.network.with(call.caller) { node, now in
                guard let audio = node.audio else { return }
                try node.session.setDirection(direction, of: audio, at: now)
            }
            try call.renegotiate(from: call.caller, with: call.answerer)
            call.run(1)
        }
        #expect(
            names(call, call.answerer)
                == [
                    "signaling", "trackEnded", "signaling", "signaling", "trackAdded", "signaling",
                    "trackStarted",
                ]
        )
    }

    @Test("an ICE restart keeps the call alive, whoever asks for it", arguments: [true, false])
    func restart(isCaller: Bool) throws {
        let call = try makeCall(seed: 4)
        let asker = isCaller ? call.caller : call.answerer
        let other = isCaller ? call.answerer : call.caller
        func fragments() -> [String] {
            [asker, other].map { host in
                let text = call.network.read(host) { $0.session.localDescription?.sdp ?? "" }
                let description = try? SDPDescription(parsing: text)
                return description?.media.first?.iceUfrag ?? ""
            }
        }
        let before = fragments()
        let start = call.heard
        call.network.with(asker) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        // With signaling that takes its time, and candidates behind the descriptions.
        let offer = try call.offer(from: asker)
        call.run(0.3)
        let answer = try call.answer(offer, at: other)
        try call.passCandidates(from: asker, to: other)
        call.run(0.3)
        try call.accept(answer, at: asker)
        try call.passCandidates(from: other, to: asker)
        call.run(5.4)
        let after = fragments()
        #expect(zip(before, after).allSatisfy { $0 != $1 })
        #expect(call.heard == (start.caller + 300, start.answerer + 300))
        for host in [asker, other] {
            let states = call.states(of: host)
            #expect(!states.contains(.disconnected) && !states.contains(.failed))
            #expect(call.statistics(of: host).connectionState == .connected)
        }
        // It is done: no later offer restarts again.
        try call.renegotiate(from: asker, with: other)
        #expect(fragments() == after)
    }

    @Test func aCallThatFailedIsRevivedByARestart() throws {
        let call = try makeCall(seed: 5)
        call.network.schedule(.outage(of: call.caller, from: .seconds(3), for: .seconds(60)))
        call.run(70)
        for host in [call.caller, call.answerer] {
            #expect(call.statistics(of: host).connectionState == .failed)
            #expect(call.statistics(of: host).path == nil)
        }
        call.network.with(call.caller) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        try call.renegotiate(from: call.caller, with: call.answerer)
        #expect(call.connect(within: .seconds(2)) == .done)
        call.run(1)
        let heard = hear(2, call)
        #expect((97...102).contains(heard.caller) && (97...102).contains(heard.answerer))
    }

    @Test func aRestartThatWasPreparedDoesNotSlipIntoAnAnswer() throws {
        let call = try makeCall(seed: 6)
        try call.network.with(call.caller) { node, now in
            node.session.restartICE(at: now)
            _ = try node.session.createOffer(at: now)
        }
        let before = call.network.read(call.caller) { $0.session.localDescription?.sdp ?? "" }
        try call.renegotiate(from: call.answerer, with: call.caller)
        let after = call.network.read(call.caller) { $0.session.localDescription?.sdp ?? "" }
        func fragment(_ text: String) throws -> String? {
            try SDPDescription(parsing: text).media[0].iceUfrag
        }
        // RFC 8839 §4.4.3.1: an answer restarts only if the offer does.
        #expect(try fragment(before) == fragment(after))
        // The wish is not forgotten.
        #expect(names(call, call.caller).last == "negotiationNeeded")
    }

    @Test("a second track is bundled behind the first", arguments: [true, false])
    func secondTrack(isCaller: Bool) throws {
        let call = try makeCall(seed: 7)
        let asker = isCaller ? call.caller : call.answerer
        let other = isCaller ? call.answerer : call.caller
        let second = try call.network.with(asker) { node, now in
            let id = try node.session.addTransceiver(
                .audio,
                TransceiverOptions(direction: .sendOnly),
                at: now
            )
            node.collect(at: now)
            return id
        }
        #expect(names(call, asker).last == "negotiationNeeded")
        try call.renegotiate(from: asker, with: other)
        let added = call.network.read(other) { node in
            node.events.compactMap { event -> TransceiverID? in
                guard case .trackAdded(let id, _) = event else { return nil }
                return id
            }
        }
        try #require(added.count == 1)
        for number in 0..<50 as Range<UInt32> {
            call.network.with(asker) { node, now in
                let payload: [UInt8] = [0xF8, UInt8(number), 0, 0, 0]
                let frame = EncodedAudio(timestamp: number * 960)
                let hasLeft = node.session.sendAudio(payload.span, frame, on: second, at: now)
                #expect(hasLeft)
                node.collect(at: now)
            }
            call.run(0.02)
        }
        call.run(3)
        let received = call.statistics(of: other).received
        let own = try #require(received.first { $0.transceiver == added[0] })
        #expect(own.packetsReceived == 50 && own.packetsLost == 0)
        // One transport for both, and reports about both.
        let sent = call.statistics(of: asker).sent
        #expect(sent.count == 2 && sent.allSatisfy { $0.remotePacketsLost == 0 })
        #expect(sent.allSatisfy { $0.roundTripTime != nil })
        #expect(hear(1, call) == (50, 50))
        let text = call.network.read(asker) { $0.session.localDescription?.sdp ?? "" }
        let description = try SDPDescription(parsing: text)
        #expect(description.bundledMIDs == ["0", "1"])
        #expect(description.media[1].candidates.isEmpty)
    }

    @Test func aDirectionChangedWhileAnOfferIsUnderWayIsOfferedNext() throws {
        let call = try makeCall(seed: 8)
        let offer = try call.offer(from: call.caller)
        try call.network.with(call.caller) { node, now in
            guard let audio = node.audio else { return }
            try node.session.setDirection(.inactive, of: audio, at: now)
            node.collect(at: now)
        }
        #expect(!names(call, call.caller).contains("negotiationNeeded"))
        let answer = try call.answer(offer, at: call.answerer)
        try call.accept(answer, at: call.caller)
        #expect(names(call, call.caller).last == "negotiationNeeded")
        // Until then both sides do what the descriptions say.
        #expect(hear(1, call) == (50, 50))
    }
}
