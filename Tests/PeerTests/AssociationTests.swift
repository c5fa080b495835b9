import DTLS
import Digests
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("RFC 8842 §5: another certificate in mid-call")
struct AssociationTests {
    /// A call that has run for a while, and the other side's offer with another certificate.
    private func makeCall(seed: UInt64) throws -> (RawScene, offer: String) {
        let call = try RawScene(seed: seed)
        try call.receiveOffer()
        #expect(call.connect() == .done)
        call.send((0..<10).map { rtp($0) })
        #expect(received(call) == 10)
        try call.network.with(call.raw) { node, _ in try node.changeCertificate() }
        return (call, call.network.read(call.raw) { $0.description(setup: "actpass") })
    }

    private func received(_ call: RawScene) -> UInt64 {
        call.statistics.received.first.map { UInt64($0.packetsReceived) } ?? 0
    }

    private func speaks(_ call: RawScene, _ number: UInt32) -> Bool {
        call.network.with(call.peer) { node, now in
            guard let audio = node.audio else { return false }
            let payload: [UInt8] = [0xF8, 1, 0, 0, 0]
            let frame = EncodedAudio(timestamp: number * 960)
            defer { node.collect(at: now) }
            return node.session.sendAudio(payload.span, frame, on: audio, at: now)
        }
    }

    @Test func oldKeysServeUntilTheNewOnesAreThereAndMediaGoesOn() throws {
        let (call, offer) = try makeCall(seed: 31)
        let answer = try call.answer(offer)
        // The other side has not seen the answer: both speak under the old keys.
        call.send((10..<20).map { rtp($0) })
        #expect(received(call) == 20)
        #expect(speaks(call, 1))
        try call.network.with(call.raw) { node, now in
            try node.accept(answer.sdp, role: .server, at: now)
        }
        let ending = call.network.run(
            until: { call.network.read(call.raw) { $0.handshakes } == 2 },
            limit: .seconds(10)
        )
        #expect(ending == .done)
        call.network.run(for: .milliseconds(100))
        #expect(call.network.read(call.peer) { $0.isConnected })
        call.send((20..<30).map { rtp($0) })
        #expect(received(call) == 30)
        #expect(speaks(call, 2))
    }

    @Test func aCertificateOtherThanTheAnnouncedOneLeadsToNoKeys() throws {
        let (call, offer) = try makeCall(seed: 32)
        let right = call.network.read(call.raw) { $0.fingerprint(.sha256) }
        let wrong = "sha-256 " + [String](repeating: "07", count: 32).joined(separator: ":")
        let answer = try call.answer(offer.replacing(right, with: wrong))
        try call.network.with(call.raw) { node, now in
            try node.accept(answer.sdp, role: .server, at: now)
        }
        call.network.run(for: .seconds(10))
        #expect(call.network.read(call.raw) { $0.handshakes } == 1)
        #expect(call.network.read(call.raw) { $0.failure } != nil)
        #expect(call.network.read(call.peer) { $0.session.connectionState } == .failed)
        #expect(!speaks(call, 1))
    }

    private func naming(_ name: Character) -> (String) -> String {
        let line = "a=tls-id:" + String(repeating: name, count: 32) + "\r\n"
        return { $0.replacing("a=setup:", with: line + "a=setup:") }
    }

    private func name(of answer: String) -> Substring? {
        answer.split(separator: "\r\n").first { $0.hasPrefix("a=tls-id:") }
    }

    @Test("another tls-id alone leads to another handshake; the same one does not (§3.1)")
    func names() throws {
        let call = try RawScene(seed: 33)
        try call.receiveOffer(naming("a"))
        #expect(call.connect() == .done)
        let description = call.network.read(call.raw) { $0.description(setup: "actpass") }
        let kept = try call.answer(naming("a")(description))
        call.send((0..<10).map { rtp($0) })
        #expect(received(call) == 10)
        #expect(call.network.read(call.raw) { $0.handshakes } == 1)
        let answer = try call.answer(naming("b")(description))
        #expect(name(of: kept.sdp) != nil && name(of: kept.sdp) != name(of: answer.sdp))
        try call.network.with(call.raw) { node, now in
            try node.accept(answer.sdp, role: .server, at: now)
        }
        let ending = call.network.run(
            until: { call.network.read(call.raw) { $0.handshakes } == 2 },
            limit: .seconds(10)
        )
        #expect(ending == .done)
        call.network.run(for: .milliseconds(100))
        call.send((10..<20).map { rtp($0) })
        #expect(received(call) == 20)
        #expect(speaks(call, 1))
    }

    @Test("one that failed makes room for another, with an ICE restart (RFC 9429 §5.11)")
    func anotherAfterAFailure() throws {
        let (call, offer) = try makeCall(seed: 34)
        let right = call.network.read(call.raw) { $0.fingerprint(.sha256) }
        let wrong = "sha-256 " + [String](repeating: "07", count: 32).joined(separator: ":")
        let answer = try call.answer(offer.replacing(right, with: wrong))
        try call.network.with(call.raw) { node, now in
            try node.accept(answer.sdp, role: .server, at: now)
        }
        call.network.run(for: .seconds(10))
        #expect(call.network.read(call.peer) { $0.session.connectionState } == .failed)

        call.network.with(call.raw) { node, now in node.restartICE(at: now) }
        let second = try call.answer(
            call.network.read(call.raw) { $0.description(setup: "actpass") }
        )
        try call.network.with(call.raw) { node, now in
            try node.accept(second.sdp, role: .server, at: now)
        }
        let ending = call.network.run(
            until: { call.network.read(call.raw) { $0.handshakes } == 2 },
            limit: .seconds(10)
        )
        #expect(ending == .done)
        call.network.run(for: .seconds(1))
        #expect(call.network.read(call.peer) { $0.session.connectionState } == .connected)
        call.send((20..<30).map { rtp($0) })
        #expect(received(call) == 20)
        #expect(speaks(call, 2))
    }
}
