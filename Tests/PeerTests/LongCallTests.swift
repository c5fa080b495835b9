import ICE
import JitterBuffer
import NetworkSimulator
import Peer
import Testing
import Wire

/// Ten minutes over a line that loses, delays, reorders, and is down for three seconds.
@Suite("A long call over a bad line")
struct LongCallTests {
    static let minutes = 10
    static let frames = minutes * 60 * 50

    @Test("is heard through a NAT of each kind", arguments: NAT.Kind.allCases)
    func natted(kind: NAT.Kind) throws {
        let call = try CallScene.behindNAT(kind, line: CallScene.badLine, seed: 21)
        call.network.schedule(.outage(of: call.caller, from: .seconds(300), for: .seconds(3)))
        try call.negotiate()
        try Self.expectGoodCall(call)
    }

    @Test func isHeardByAHousemateThroughTheHairpin() throws {
        let nat = NAT(
            kind: .portRestricted,
            publicAddress: address("203.0.113.1"),
            hairpin: true,
            portAllocation: .preserving
        )
        let call = try CallScene.household(nat, line: CallScene.badLine, seed: 22)
        call.network.schedule(.outage(of: call.caller, from: .seconds(300), for: .seconds(3)))
        // Each knows the other by its public address alone, as from a STUN server.
        try call.negotiateByPublicAddresses(router: "203.0.113.1")
        try Self.expectGoodCall(call)
        let path = call.statistics(of: call.caller).path
        #expect(path?.remote.address == SocketAddress(address("203.0.113.1"), port: 50_001))
        #expect(call.network.statistics.dropped(.hairpin) == 0)
    }

    @Test func isHeardByAHousemateDirectly() throws {
        let nat = NAT(
            kind: .symmetric,
            publicAddress: address("203.0.113.1"),
            hairpin: false
        )
        let call = try CallScene.household(nat, line: CallScene.badLine, seed: 23)
        call.network.schedule(.outage(of: call.caller, from: .seconds(300), for: .seconds(3)))
        try call.negotiate()
        try Self.expectGoodCall(call)
    }

    @Test("repeats byte for byte, DTLS included", arguments: NAT.Kind.allCases)
    func repeatsExactly(kind: NAT.Kind) throws {
        func capture(seed: UInt64) throws -> [UInt8] {
            let call = try CallScene.behindNAT(kind, line: CallScene.badLine, seed: seed)
            try call.negotiate()
            #expect(call.connect() == .done)
            call.talk(frames: 500)
            call.hangUp(call.caller)
            call.run(1)
            return call.network.capture.pcap()
        }
        let first = try capture(seed: 5)
        #expect(try capture(seed: 5) == first)
        #expect(try capture(seed: 6) != first)
    }

    private static func expectGoodCall(_ call: CallScene) throws {
        call.network.capture.points = []
        #expect(call.connect() == .done)
        call.talk(frames: frames)
        for (listener, speaker) in [(call.caller, call.answerer), (call.answerer, call.caller)] {
            try expectGoodHearing(call, at: listener, of: speaker)
        }
    }

    private static func expectGoodHearing(
        _ call: CallScene,
        at listener: Host<PeerNode>,
        of speaker: Host<PeerNode>
    ) throws {
        let received = try #require(call.statistics(of: listener).received.first)
        let sent = try #require(call.statistics(of: speaker).sent.first)
        #expect(sent.packetsSent == frames)

        // What was lost is what was sent and did not come, and it is what the line takes: a
        // twentieth, and all of three seconds.
        let lost = frames - received.packetsReceived
        #expect(abs(received.packetsLost - lost) <= 5)
        #expect(abs(Double(lost - 150) / Double(frames) - 0.05) < 0.005)
        // Mean of ± 20 ms twice: the jitter of RFC 3550 is near 13 ms.
        #expect((8...20).contains(received.jitter.milliseconds))

        // Reports say the same to the speaker: of the whole call, and of the round trip.
        let reported = try #require(sent.remotePacketsLost)
        #expect(abs(reported - lost) <= 15)
        #expect(try #require(sent.remoteFractionLost) < 0.3)
        let trip = try #require(sent.roundTripTime)
        #expect((80...160).contains(trip.milliseconds))

        try call.network.read(listener) { node in
            let heard = node.ear.heard
            // In order, nearly all that came, and the rest made up.
            #expect(heard == heard.sorted() && Set(heard).count == heard.count)
            #expect(heard.count > received.packetsReceived * 95 / 100)
            #expect(received.jitterBuffer.concealedSamples > lost * 960 / 2)
            // Three seconds down, and the conversation goes on by itself.
            let last = try #require(heard.last)
            #expect(last >= UInt32(frames - 3))
            let after = heard.filter { $0 >= UInt32(frames / 2) + 500 }
            #expect(after.count > (frames / 2 - 500) * 88 / 100)
            let isConnected = node.isConnected
            #expect(isConnected)
        }
        #expect(!call.states(of: listener).contains(.failed))
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.attoseconds) / 1e15 + Double(components.seconds) * 1e3
    }
}
