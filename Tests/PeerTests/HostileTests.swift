import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Nothing a stranger or a peer sends breaks a session or fills its memory")
struct HostileTests {
    private func makeCall(seed: UInt64) throws -> RawScene {
        let call = try RawScene(seed: seed)
        try call.answerOffer()
        #expect(call.connect() == .done)
        call.network.run(for: .seconds(1))
        return call
    }

    /// Whether media of the peer still gets through.
    private func expectAlive(_ call: RawScene, at number: Int = 30_000, ssrc: UInt32 = 77) {
        let before = call.statistics.received.first?.packetsReceived ?? 0
        call.send((0..<10).map { rtp(number + $0, ssrc: ssrc) })
        call.network.run(for: .seconds(1))
        let after = call.statistics.received.first
        #expect((after?.packetsReceived ?? 0) >= min(before + 10, 10))
        #expect(after?.ssrc == ssrc)
        #expect(call.statistics.connectionState == .connected)
    }

    @Test("garbage behind each first byte, from the peer's address and from others")
    func garbage() throws {
        let call = try makeCall(seed: 1)
        let port = call.network.read(call.raw) { $0.local.port }
        var noise = SplitMix64(seed: 1)
        for first in UInt8.min...UInt8.max {
            for size in [0, 1, 2, 3, 7, 11, 12, 13, 19, 20, 27, 28, 40, 100, 1_400] {
                let bytes =
                    [first] + (0..<size).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
                call.network.with(call.raw) { node, _ in
                    node.sendPlain(bytes)
                    node.sendPlain(bytes, from: port + 1)
                }
            }
        }
        call.network.run(for: .seconds(1))
        #expect(call.statistics.counters.unauthenticPackets > 500)
        #expect(call.statistics.counters.earlyMediaPackets > 500)
        #expect(call.statistics.counters.malformedPackets == 0)
        expectAlive(call)
    }

    @Test("cut, changed and repeated packets of the call itself")
    func mutations() throws {
        let call = try makeCall(seed: 2)
        call.send((0..<20).map { rtp($0) })
        let peer = call.network.addresses(of: call.peer)[0]
        let seen = call.network.capture.packets.map(\.datagram).filter {
            $0.destination.address == peer
        }
        #expect(seen.count > 22)
        let before = call.statistics
        // Replayed: all of it, twice, handshake and checks included.
        for datagram in seen + seen { inject(datagram, into: call) }
        #expect(call.statistics.received.first?.packetsReceived == 20)
        // libsrtp saw every media packet before, those of RTCP among them.
        let replayed = call.statistics.counters.unauthenticPackets
        #expect(replayed >= before.counters.unauthenticPackets + 40)
        var noise = SplitMix64(seed: 2)
        for datagram in seen {
            for length in stride(from: 0, to: datagram.payload.count, by: 3) {
                var cut = datagram
                cut.payload = [UInt8](datagram.payload.prefix(length))
                inject(cut, into: call)
            }
            for _ in 0..<20 {
                var changed = datagram
                let place = Int(noise.next() % UInt64(datagram.payload.count))
                changed.payload[place] ^= 1 << UInt8(noise.next() % 8)
                inject(changed, into: call)
            }
        }
        #expect(call.statistics.received.first?.packetsReceived == 20)
        #expect(call.statistics.counters.malformedPackets == 0)
        expectAlive(call, at: 100)
    }

    @Test func mediaFromElsewhereIsNotBelievedEvenWithTheRightKeys() throws {
        let call = try makeCall(seed: 3)
        call.send([rtp(0)])
        let peer = call.network.addresses(of: call.peer)[0]
        // Packets that never arrived, sent again by somebody on the way, from their own address.
        call.network.drop { datagram, now in
            datagram.destination.address == peer && datagram.payload[0] & 0xC0 == 0x80
                && datagram.source.address == address("198.51.100.2") && now > .zero
        }
        call.network.capture.points = [.delivered, .dropped]
        call.send((1..<11).map { rtp($0) })
        let lost = call.network.capture.packets.filter { $0.point == .dropped }
        #expect(lost.count == 10)
        let before = call.statistics.counters.earlyMediaPackets
        for packet in lost {
            var datagram = packet.datagram
            datagram.source = SocketAddress(address("192.0.2.66"), port: 60_000)
            inject(datagram, into: call)
        }
        #expect(call.statistics.counters.earlyMediaPackets == before + 10)
        #expect(call.statistics.received.first?.packetsReceived == 1)
        // From the peer's own address they are what they are.
        for packet in lost { inject(packet.datagram, into: call) }
        #expect(call.statistics.received.first?.packetsReceived == 11)
    }

    @Test func authenticRTCPMayBeAnything() throws {
        let call = try makeCall(seed: 4)
        call.send([rtp(0)])
        var noise = SplitMix64(seed: 4)
        for round in 0..<2_000 {
            let type = UInt8(192 + round % 22)
            var packet: [UInt8] = [
                0x80 | UInt8(round % 64), type, 0, UInt8(round % 7), 0, 0, 0, 77,
            ]
            for _ in 0..<round % 40 { packet.append(UInt8(truncatingIfNeeded: noise.next())) }
            call.send([packet], isControl: true)
        }
        #expect(call.statistics.counters.malformedPackets > 100)
        expectAlive(call, at: 1)
    }

    @Test func authenticRTPMayBeAnything() throws {
        let call = try makeCall(seed: 5)
        var noise = SplitMix64(seed: 5)
        for round in 0..<1_000 {
            // Versions, padding, extensions and counts of sources that the packet does not hold.
            var packet = rtp(round, ssrc: 5)
            packet[0] = 0x80 | UInt8(round & 0x3F)
            for index in 12..<packet.count {
                packet[index] = UInt8(truncatingIfNeeded: noise.next())
            }
            call.send([packet])
        }
        #expect(call.statistics.counters.malformedPackets > 20)
        expectAlive(call)
    }

    @Test("a peer that invents sources and sequence numbers stays bounded")
    func manySources() throws {
        let call = try makeCall(seed: 6)
        call.send([rtp(0)])
        let allowed = 256
        for ssrc in 1_000..<3_000 as Range<UInt32> {
            if ssrc % 200 == 0 { call.network.with(call.raw) { node, _ in node.forgetSources() } }
            call.send([rtp(0, ssrc: ssrc)])
        }
        #expect(call.statistics.received.count == 1)
        #expect(call.statistics.counters.unauthenticPackets > 2_000 - allowed)
        expectAlive(call, at: 1)
        for jump in 0..<200 { call.send([rtp(jump * 7_919 % 65_536, step: 48_271)]) }
        let buffered = try #require(call.statistics.received.first).bufferDelay
        #expect(buffered < .seconds(2))
    }

    @Test func aDescriptionOfAMegabyteIsRefusedOrBounded() throws {
        var caller = try makeSession(seed: 2)
        _ = try caller.addTrack(.audio, at: .zero)
        let offer = try caller.offer()
        let parts = offer.split(separator: "m=audio", maxSplits: 1).map(String.init)
        let sections = (0..<2_000).map { index in
            "m=audio" + parts[1].replacing("a=mid:0", with: "a=mid:\(index)")
        }
        let mids = (0..<2_000).map(String.init).joined(separator: " ")
        let start = parts[0].replacing("BUNDLE 0", with: "BUNDLE \(mids)")
        for count in [100, 1_000, 2_000] {
            var session = try makeSession()
            let text = String(start + sections.prefix(count).joined())
            let error = peerError { _ = try session.answer(text) }
            if error == nil {
                let accepted = session.localDescription?.sdp.split(separator: "\r\nm=audio 9").count
                #expect((accepted ?? 0) <= 257)
            }
            #expect(error == nil || count == 2_000)
        }
        let lines = offer + String(repeating: "a=ssrc:1 cname:x\r\n", count: 55_000)
        let line = offer + "a=x:" + String(repeating: "x", count: 1_000_000) + "\r\n"
        for text in [lines, line] {
            var session = try makeSession()
            guard case .sdpSyntax? = peerError({ _ = try session.answer(text) }) else {
                Issue.record("a description of \(text.utf8.count) bytes was taken")
                return
            }
        }
    }

    private func inject(_ datagram: Datagram, into call: RawScene) {
        call.network.with(call.peer) { node, now in node.receive(datagram, at: now) }
    }
}
