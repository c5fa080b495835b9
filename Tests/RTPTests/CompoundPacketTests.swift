import RTP
import Testing
import Wire

@Suite("RTCP, RFC 3550 §6 and RFC 4585 §6")
struct CompoundPacketTests {
    static func named(_ name: String) -> [UInt8] {
        Recordings.packets(in: "aiortc.hex").first { $0.name == "aiortc.hex \(name)" }?.bytes ?? []
    }

    static let all: [RTCPPacket] = {
        var block = ReportBlock(ssrc: 9)
        block.fractionLost = 3
        block.packetsLost = -5
        block.highestSequenceNumber = 0x0001_0002
        block.jitter = 77
        block.lastSenderReport = 0xAABB_CCDD
        block.delaySinceLastSenderReport = 65_536
        let ntp = NTPTime(rawValue: 0x0102_0304_0506_0708)
        return [
            .senderReport(
                SenderReport(
                    ssrc: 1,
                    ntp: ntp,
                    rtpTimestamp: 2,
                    packetCount: 3,
                    octetCount: 4,
                    reportBlocks: [block, block]
                )
            ),
            .receiverReport(ReceiverReport(ssrc: 5, reportBlocks: [block])),
            .sourceDescription(SourceDescription(ssrc: 6, canonicalName: "abc")),
            .genericNACK(GenericNACK(sender: 1, media: 2, lost: [65_535, 0, 15, 16, 40])),
            .pictureLoss(PictureLoss(sender: 1, media: 2)),
            .fullIntraRequest(
                FullIntraRequest(sender: 1, entries: [.init(ssrc: 2, sequenceNumber: 200)])
            ),
            .bandwidthEstimate(
                BandwidthEstimate(sender: 1, bitrate: 262_143 << 7, sources: [2, 3])
            ),
            .unknown(
                UnknownRTCPPacket(type: 205, format: 15, body: [UInt8](repeating: 1, count: 16))
            ),
            .unknown(UnknownRTCPPacket(type: 207, format: 0, body: [1, 2, 3, 4])),
            .goodbye(Goodbye(sources: [1, 2], reason: "camera malfunction")),
        ]
    }()

    @Test func everythingThatIsWrittenIsReadBack() throws {
        let written = try CompoundPacket.write(Self.all)
        #expect(written.count % 4 == 0)
        #expect(try RTPTests.packets(in: written) == Self.all)
    }

    @Test("every prefix and every flipped bit of a datagram is read or refused, none traps")
    func damage() throws {
        let written = try CompoundPacket.write(Self.all)
        for length in 0..<written.count {
            let prefix = [UInt8](written.prefix(length))
            _ = try? RTPTests.packets(in: prefix)
        }
        for bit in 0..<8 * written.count {
            var damaged = written
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let packets = try? RTPTests.packets(in: damaged) else { continue }
            _ = try? CompoundPacket.write(packets)
        }
    }

    @Test("recorded datagrams and all their prefixes never trap", arguments: Recordings.names)
    func recordings(file: String) {
        for packet in Recordings.packets(in: file) {
            for length in 0...packet.bytes.count {
                let prefix = [UInt8](packet.bytes.prefix(length))
                guard let packets = try? RTPTests.packets(in: prefix) else { continue }
                _ = try? CompoundPacket.write(packets)
            }
        }
    }

    @Test("a browser's reports are written back byte for byte")
    func roundTrip() throws {
        for packet in Recordings.packets(in: "chrome-audio.hex")
        where (200...206).contains(packet.bytes[1]) {
            let packets = try RTPTests.packets(in: packet.bytes)
            #expect(try CompoundPacket.write(packets) == packet.bytes)
        }
    }

    @Test func readsASenderReportOfAnotherStack() throws {
        let datagram = Self.named("rtcp_sr")
        guard case .senderReport(let report) = try RTPTests.packets(in: datagram)[0] else {
            Issue.record("no sender report")
            return
        }
        #expect(report.ssrc == 1_831_097_322)
        #expect(report.ntp.rawValue == 0xDE46_475B_151A_005C)
        #expect(report.packetCount == 269)
        #expect(report.octetCount == 13_557)
        #expect(report.reportBlocks.map(\.ssrc) == [2_398_654_957])
        #expect(report.reportBlocks.map(\.highestSequenceNumber) == [246])
    }

    @Test func readsTheCanonicalNameOfAnotherStack() throws {
        let datagram = Self.named("rtcp_sdes")
        guard case .sourceDescription(let text) = try RTPTests.packets(in: datagram)[0] else {
            Issue.record("no source description")
            return
        }
        #expect(text.chunks[0].canonicalName == "{63f459ea-41fe-4474-9d33-9707c9ee79d1}")
    }

    @Test(
        "datagrams that break the rules are refused",
        arguments: [
            "rtcp_bye_invalid", "rtcp_psfb_invalid", "rtcp_rr_invalid", "rtcp_rtpfb_invalid",
            "rtcp_sdes_item_truncated", "rtcp_sdes_source_truncated", "rtcp_sr_invalid",
        ]
    )
    func invalid(name: String) {
        let datagram = Self.named(name)
        #expect(!datagram.isEmpty)
        #expect(throws: ParseError.self) { try RTPTests.packets(in: datagram) }
    }

    @Test(arguments: [
        Malformed("nothing", "", .truncated(at: 0, need: 4)),
        Malformed("version 1", "41C90001 00000001", .invalid("version", at: 0)),
        Malformed("length beyond the datagram", "80C90002 00000001", .truncated(at: 4, need: 4)),
        Malformed(
            "padding longer than the packet",
            "A0CB0001 00000008",
            .invalid("padding count", at: 7)
        ),
        Malformed("padding of zero", "A0CB0001 00000000", .invalid("padding count", at: 7)),
        Malformed("padding bit without a body", "A0CB0000", .truncated(at: 4, need: 1)),
        Malformed("31 blocks missing", "9FC90001 00000001", .truncated(at: 8, need: 744)),
        Malformed(
            "reason longer than the packet",
            "81CB0002 00000001 09616263",
            .truncated(at: 9, need: 6)
        ),
    ])
    func malformed(_ datagram: Malformed) {
        #expect(throws: datagram.error) { try RTPTests.packets(in: datagram.bytes) }
    }

    @Test func aPaddedGoodbyeIsRead() throws {
        let datagram = Self.named("rtcp_bye_padding")
        #expect(try RTPTests.packets(in: datagram) == [.goodbye(Goodbye(sources: []))])
    }

    @Test("unknown packets keep their length when it is no multiple of four")
    func unevenLength() throws {
        let packet = RTCPPacket.unknown(
            UnknownRTCPPacket(type: 207, format: 3, body: [1, 2, 3, 4, 5])
        )
        let written = try CompoundPacket.write([packet])
        #expect(written == bytes("A3CF0002 01020304 05000003"))
        #expect(try RTPTests.packets(in: written) == [packet])
    }

    @Test("one datagram cannot hold thousands of packets")
    func bounded() {
        let empty = [UInt8]((0..<1_000).flatMap { _ in [0x80, 0xCC, 0, 0] as [UInt8] })
        #expect(throws: ParseError.invalid("packet count", at: 512)) {
            try RTPTests.packets(in: empty)
        }
    }

    @Test("RFC 4585 §6.2.1: lost packets are packed seventeen to an entry")
    func nackPacking() {
        let nack = GenericNACK(sender: 1, media: 2, lost: [65_535, 0, 15, 16, 40])
        #expect(
            nack.entries == [
                .init(packetID: 65_535, followingLost: 0b1000_0000_0000_0001),
                .init(packetID: 16, followingLost: 0), .init(packetID: 40),
            ]
        )
        #expect(nack.sequenceNumbers() == [65_535, 0, 15, 16, 40])
    }

    @Test("one NACK asks for at most 128 packets")
    func nackIsBounded() {
        let greedy = GenericNACK.Entry(packetID: 0, followingLost: 0xFFFF)
        let entries = [GenericNACK.Entry](repeating: greedy, count: 3_855)
        #expect(GenericNACK(sender: 1, media: 2, entries: entries).sequenceNumbers().count == 128)
    }

    @Test(
        "a bit rate keeps its 18 highest bits",
        arguments: [
            (0, 0), (262_143, 262_143), (262_144, 262_144), (1_000_001, 1_000_000), (.max, 0),
        ]
    )
    func bitrates(rate: UInt64, expected: UInt64) throws {
        let packet = RTCPPacket.bandwidthEstimate(
            BandwidthEstimate(sender: 1, bitrate: rate, sources: [])
        )
        let written = try CompoundPacket.write([packet])
        guard case .bandwidthEstimate(let read) = try RTPTests.packets(in: written)[0] else {
            Issue.record("no estimate")
            return
        }
        #expect(read.bitrate == (rate == .max ? 0xFFFF_C000_0000_0000 : expected))
    }

    @Test func textsThatAreTooLongAreRefused() {
        let reason = String(repeating: "x", count: 256)
        #expect(throws: WriteError.lengthOverflow(at: 8, length: 256)) {
            try CompoundPacket.write([.goodbye(Goodbye(sources: [1], reason: reason))])
        }
    }
}
