import Digests
import ICE
import NetworkSimulator
import Peer
import SDP
import Testing
import Wire

@Suite("Whom a session believes: fingerprints, RFC 8122 §5, and candidates")
struct TrustTests {
    private static let functions: [HashFunction] = [.sha1, .sha256, .sha384, .sha512]

    @Test("each hash function can prove the certificate", arguments: functions)
    func function(_ function: HashFunction) throws {
        let call = try RawScene(seed: 1)
        try call.answerOffer(fingerprints: { [$0.fingerprint(function)] })
        #expect(call.connect() == .done)
    }

    @Test func lettersMayBeSmall() throws {
        let call = try RawScene(seed: 2)
        try call.answerOffer(fingerprints: { [$0.fingerprint(.sha256).lowercased()] })
        #expect(call.connect() == .done)
    }

    @Test func theStrongestOfSeveralDecides() throws {
        let wrong = (sha1: wrongFingerprint("sha-1", 20), sha512: wrongFingerprint("sha-512", 64))
        let good = try RawScene(seed: 3)
        try good.answerOffer(fingerprints: {
            [wrong.sha1, $0.fingerprint(.sha256), $0.fingerprint(.sha384), "sha-3000 AA:BB"]
        })
        #expect(good.connect() == .done)
        let bad = try RawScene(seed: 4)
        try bad.answerOffer(fingerprints: { [$0.fingerprint(.sha256), wrong.sha512] })
        expectFailure(bad)
    }

    @Test func aWrongFingerprintNeverConnects() throws {
        let call = try RawScene(seed: 5)
        try call.answerOffer(fingerprints: { _ in [wrongFingerprint("sha-256", 32)] })
        expectFailure(call)
    }

    @Test func aWrongFingerprintInAnOfferNeverConnects() throws {
        let call = try RawScene(seed: 6)
        let right = call.network.read(call.raw) { $0.fingerprint(.sha256) }
        try call.receiveOffer { $0.replacing(right, with: wrongFingerprint("sha-256", 32)) }
        expectFailure(call)
    }

    private func expectFailure(_ call: RawScene) {
        #expect(call.connect(within: .seconds(10)) != .done)
        #expect(call.statistics.connectionState == .failed)
        let hasSent = call.network.with(call.peer) { node, now in
            let payload: [UInt8] = [0xF8, 1]
            guard let audio = node.audio else { return true }
            return node.session.sendAudio(
                payload.span,
                EncodedAudio(timestamp: 0),
                on: audio,
                at: now
            )
        }
        #expect(!hasSent)
        let timeline = call.statistics.timeline
        #expect(timeline.connected == nil)
    }

    private func wrongFingerprint(_ name: String, _ count: Int) -> String {
        name + " " + (0..<count).map { _ in "5A" }.joined(separator: ":")
    }

    // MARK: Candidates

    @Test func whatCannotBeUsedIsPassedOverWithoutAnError() throws {
        let call = try RawScene(seed: 7)
        try call.receiveOffer()
        let useless = [
            // RFC 8828: names of mDNS hide addresses.
            "candidate:1 1 udp 2122260223 4b1c9e0a-8a57-4f2b-9c4b-1f0c4b5e2a11.local 5000 typ host",
            "candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active",
            "candidate:1 2 udp 2122260222 192.0.2.1 5001 typ host",
            "candidate:1 1 udp 2122260223 0.0.0.0 5000 typ host",
            "candidate:1 1 udp 2122260223 192.0.2.1 0 typ host",
            "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ strange",
        ]
        try call.network.with(call.peer) { node, now in
            for text in useless {
                let candidate = ICECandidate(candidate: text, sdpMid: "0")
                try node.session.addRemoteCandidate(candidate, at: now)
            }
            // Of credentials that no description has named: that alone is an error.
            var old = ICECandidate(
                candidate: "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host",
                sdpMid: "0"
            )
            old.usernameFragment = "gone"
            #expect(isOperationError { try node.session.addRemoteCandidate(old, at: now) })
            node.collect(at: now)
        }
        #expect(call.statistics.ice.pairs.count == 1)
        #expect(call.connect() == .done)
    }

    @Test func whatIsNoCandidateIsAnError() throws {
        let call = try RawScene(seed: 8)
        try call.receiveOffer()
        call.network.with(call.peer) { node, now in
            let good = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"
            for (text, mid) in [
                ("candidate:", "0"), ("x", "0"), ("candidate:1 1 udp", "0"), (good, "7"),
                (String(repeating: "candidate:1 ", count: 10_000), "0"),
            ] {
                let candidate = ICECandidate(candidate: text, sdpMid: mid)
                #expect(
                    isOperationError { try node.session.addRemoteCandidate(candidate, at: now) }
                )
            }
        }
    }

    @Test("candidates are bounded, in descriptions and by themselves")
    func candidatesAreBounded() throws {
        let call = try RawScene(seed: 9)
        let many = (0..<5_000).map {
            "a=candidate:1 1 udp \($0 + 1) 192.0.2.\($0 % 250 + 1) \(1_024 + $0) typ host"
        }
        try call.receiveOffer { $0 + many.joined(separator: "\r\n") + "\r\n" }
        try call.network.with(call.peer) { node, now in
            for index in 0..<5_000 {
                let text = "candidate:1 1 udp 1 198.18.0.\(index % 250) \(2_000 + index) typ host"
                let candidate = ICECandidate(candidate: text, sdpMid: "0")
                try node.session.addRemoteCandidate(candidate, at: now)
            }
            node.collect(at: now)
        }
        #expect(call.statistics.ice.pairs.count <= 100)
        // The peer's own checks find a way through all that.
        #expect(call.connect(within: .seconds(30)) == .done)
    }

    @Test func theEndOfCandidatesIsTakenInEitherForm() throws {
        let call = try RawScene(seed: 10)
        try call.receiveOffer { $0 + "a=end-of-candidates\r\n" }
        try call.network.with(call.peer) { node, now in
            try node.session.addRemoteCandidate(
                ICECandidate(candidate: "", sdpMid: "0"),
                at: now
            )
            node.collect(at: now)
        }
        #expect(call.connect() == .done)
    }

    @Test func aLitePeerIsCalledAndCalls() throws {
        let called = try RawScene(seed: 11, manners: .lite)
        try called.answerOffer()
        #expect(called.connect() == .done)
        let calling = try RawScene(seed: 12, manners: .lite)
        try calling.receiveOffer()
        #expect(calling.connect() == .done)
    }
}
