import DTLS
import NetworkSimulator
import Peer
import SDP
import Testing
import Wire

@Suite("Which section a packet belongs to, RFC 9143 §9.2")
struct RoutingTests {
    /// A call with two audio sections, the second of them as `edit` changes it.
    private func makeCall(_ edit: (String) -> String = { $0 }) throws -> RawScene {
        let call = try RawScene(seed: 1)
        try call.receiveOffer { offer in
            let extmap = "a=rtcp-mux\r\na=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid"
            let parts = offer.replacing("a=rtcp-mux", with: extmap)
                .split(separator: "m=audio", maxSplits: 1).map { String($0) }
            let second = edit(parts[1].replacing("a=mid:0", with: "a=mid:1"))
            return parts[0].replacing("BUNDLE 0", with: "BUNDLE 0 1")
                + "m=audio" + parts[1] + "m=audio" + second
        }
        #expect(call.connect() == .done)
        return call
    }

    /// How many packets each section has taken, in their order.
    private func counts(_ call: RawScene) -> [Int] {
        let tracks = call.network.read(call.peer) { node in
            node.events.compactMap { event -> TransceiverID? in
                guard case .trackAdded(let id, _) = event else { return nil }
                return id
            }
        }
        let received = call.statistics.received
        return tracks.map { id in
            received.first { $0.transceiver == id }?.packetsReceived ?? 0
        }
    }

    /// A packet that names its section.
    private func named(_ mid: UInt8, _ number: Int, ssrc: UInt32) -> [UInt8] {
        var packet = rtp(number, ssrc: ssrc)
        packet[0] |= 0x10
        packet.insert(contentsOf: [0xBE, 0xDE, 0, 1, 3 << 4, mid, 0, 0], at: 12)
        return packet
    }

    private let zero = UInt8(ascii: "0")
    private let one = UInt8(ascii: "1")
    private let nine = UInt8(ascii: "9")

    @Test func theNameBindsTheSource() throws {
        let call = try makeCall()
        call.send([named(one, 0, ssrc: 5), rtp(1, ssrc: 5), named(zero, 0, ssrc: 6)])
        call.send([rtp(2, ssrc: 5), rtp(1, ssrc: 6)])
        #expect(counts(call) == [2, 3])
        // The newest name counts, even for a source that was bound before.
        call.send([named(one, 2, ssrc: 6), rtp(3, ssrc: 6)])
        #expect(counts(call) == [0, 2])
        call.send([named(zero, 9, ssrc: 5), rtp(10, ssrc: 5)])
        #expect(counts(call) == [2, 2])
    }

    @Test func anUnknownNameAndATypeOfBothAreDropped() throws {
        let call = try makeCall()
        call.send([named(nine, 0, ssrc: 5), rtp(0, ssrc: 6), rtp(0, type: 94, ssrc: 7)])
        #expect(counts(call) == [0, 0])
        #expect(call.statistics.counters.unroutedPackets == 3)
        #expect(call.warnings.isEmpty)
    }

    @Test func anAnnouncedSourceNeedsNoName() throws {
        let call = try makeCall { $0 + "a=ssrc:8 cname:x\r\n" }
        call.send([rtp(0, ssrc: 8), rtp(1, ssrc: 8)])
        #expect(counts(call) == [0, 2])
    }

    @Test("each transport has its own id for names")
    func namesOfTransports() throws {
        var configuration = PeerConfiguration()
        configuration.bundlePolicy = .maxCompat
        let call = try RawScene(seed: 1, configuration: configuration)
        let uri = "urn:ietf:params:rtp-hdrext:sdes:mid"
        let offer = call.network.read(call.raw) { $0.description(setup: "actpass") }
        let parts = offer.split(separator: "m=audio", maxSplits: 1).map { String($0) }
        let alone = parts[1].replacing("a=mid:0", with: "a=mid:2\r\na=extmap:5 \(uri)")
            .replacing("a=ice-ufrag:", with: "a=ice-ufrag:other")
        let first = parts[1].replacing("a=mid:0", with: "a=mid:0\r\na=extmap:3 \(uri)")
        let second = first.replacing("a=mid:0", with: "a=mid:1")
        let answer = try call.answer(
            parts[0].replacing("BUNDLE 0", with: "BUNDLE 0 1") + "m=audio" + alone + "m=audio"
                + first + "m=audio" + second
        )
        var description = try SDPDescription(parsing: answer.sdp)
        #expect(description.media.allSatisfy { !$0.isRejected })
        // The raw end takes part in the group alone.
        description.media.removeFirst()
        let text = description.write()
        try call.network.with(call.raw) { try $0.accept(text, role: .server, at: $1) }
        _ = call.network.run(
            until: { call.network.read(call.raw) { $0.isConnected } },
            limit: .seconds(10)
        )
        call.send([named(one, 0, ssrc: 5), named(one, 1, ssrc: 5), named(zero, 0, ssrc: 6)])
        #expect(counts(call) == [0, 1, 2])
    }

    @Test func aTypeOfOneSectionIsEnough() throws {
        let call = try makeCall {
            $0.replacing("SAVPF 111", with: "SAVPF 112").replacing("map:111", with: "map:112")
        }
        call.send([rtp(0, type: 112, ssrc: 8), rtp(0, type: 111, ssrc: 9)])
        #expect(counts(call) == [1, 1])
    }
}
