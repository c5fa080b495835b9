import RTP
import Testing
import Wire

@Suite("RTP sending, RFC 3550 §5.1 and §6.4.1")
struct RTPSenderTests {
    static func sender(seed: UInt64 = 1) -> RTPSender {
        var entropy = Entropy.seed(seed)
        return RTPSender(ssrc: 7, payloadType: 111, clockRate: 48_000, entropy: &entropy)
    }

    /// Sends one packet and returns it.
    static func send(
        _ payload: [UInt8],
        timestamp: UInt32,
        mid: (id: UInt8, value: String)? = nil,
        level: (id: UInt8, level: UInt8, voice: Bool)? = nil,
        from sender: inout RTPSender,
        at now: Instant = .zero
    ) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0xEE, count: 200)
        var span = buffer.mutableSpan
        let length = try sender.write(
            payload.span,
            timestamp: timestamp,
            hasMarker: true,
            mid: mid,
            audioLevel: level,
            into: &span,
            at: now
        )
        return [UInt8](buffer.prefix(length))
    }

    static func sent(
        _ payload: [UInt8],
        timestamp: UInt32,
        from sender: inout RTPSender
    ) throws -> RTPPacket {
        let packet = try send(payload, timestamp: timestamp, from: &sender)
        return try RTPTests.packet(packet)
    }

    @Test func numbersFollowEachOtherFromARandomStart() throws {
        var sender = Self.sender()
        let first = try Self.sent([1], timestamp: 0, from: &sender)
        let second = try Self.sent([2, 3], timestamp: 960, from: &sender)
        #expect(second.sequenceNumber == first.sequenceNumber &+ 1)
        #expect(second.timestamp == first.timestamp &+ 960)
        #expect(first.ssrc == 7 && first.payloadType == 111 && first.hasMarker)
        #expect(second.payload == [2, 3])
        #expect(sender.packetCount == 2 && sender.octetCount == 3)
        var other = Self.sender(seed: 2)
        let foreign = try Self.sent([1], timestamp: 0, from: &other)
        #expect(foreign.sequenceNumber != first.sequenceNumber)
    }

    @Test(arguments: [("0", 3), ("a-long-mid-of-eighteen", 3), ("0", 20)] as [(String, UInt8)])
    func extensionsAreReadBack(mid: String, id: UInt8) throws {
        var sender = Self.sender()
        let packet = try Self.send(
            [9, 9],
            timestamp: 0,
            mid: (id, mid),
            level: (1, 30, true),
            from: &sender
        )
        let header = try RTPTests.header(of: packet)
        let midRange = try #require(try extensionRange(id, in: packet))
        let levelRange = try #require(try extensionRange(1, in: packet))
        #expect([UInt8](packet[midRange]) == [UInt8](mid.utf8))
        #expect([UInt8](packet[levelRange]) == [0x9E])
        #expect([UInt8](packet[header.payload]) == [9, 9])
    }

    @Test func whatDoesNotFitIsNotCounted() throws {
        var sender = Self.sender()
        let number = sender.nextSequenceNumber
        let large = [UInt8](repeating: 0, count: 189)
        #expect(throws: WriteError.self) {
            try Self.send(large, timestamp: 0, from: &sender)
        }
        #expect(sender.packetCount == 0 && sender.nextSequenceNumber == number)
        #expect(!sender.hasSentSinceReport)
    }

    @Test("the report's timestamp is that of its own moment")
    func senderReport() throws {
        var sender = Self.sender()
        let packet = try Self.send([1, 2, 3], timestamp: 960, from: &sender)
        let sent = try RTPTests.header(of: packet)
        #expect(sender.hasSentSinceReport)
        let ntp = NTPTime(unixNanoseconds: 1_700_000_000_000_000_000)
        let report = sender.senderReport(at: Instant(nanoseconds: 500_000_000), ntp: ntp)
        #expect(report.rtpTimestamp == sent.timestamp &+ 24_000)
        #expect(report.packetCount == 1 && report.octetCount == 3)
        #expect(!sender.hasSentSinceReport)
    }

    @Test("round trip = A - LSR - DLSR")
    func roundTrip() {
        var sender = Self.sender()
        let ntp = NTPTime(unixNanoseconds: 1_700_000_000_000_000_000)
        let report = sender.senderReport(at: Instant(nanoseconds: 1_000_000_000), ntp: ntp)
        var block = ReportBlock(ssrc: 7)
        block.lastSenderReport = report.ntp.middle32
        block.delaySinceLastSenderReport = 65_536 / 4
        block.fractionLost = 64
        block.packetsLost = 12
        block.jitter = 480
        sender.receive(reportBlock: block, at: Instant(nanoseconds: 1_300_000_000))
        #expect(sender.roundTripTime == .milliseconds(50))
        #expect(sender.remote.fractionLost == 0.25)
        #expect(sender.remote.packetsLost == 12)
        #expect(sender.remote.jitter == .milliseconds(10))
    }

    @Test("blocks that name no report of ours, another source or an impossible delay show no trip")
    func foreignBlocks() {
        var sender = Self.sender()
        let report = sender.senderReport(at: .zero, ntp: NTPTime(rawValue: 1 << 40))
        var block = ReportBlock(ssrc: 7)
        sender.receive(reportBlock: block, at: .zero)
        block.lastSenderReport = 0x1234_5678
        sender.receive(reportBlock: block, at: .zero)
        block.lastSenderReport = report.ntp.middle32
        block.delaySinceLastSenderReport = .max
        sender.receive(reportBlock: block, at: Instant(nanoseconds: 1))
        #expect(sender.roundTripTime == nil)
        block.ssrc = 8
        block.packetsLost = 99
        sender.receive(reportBlock: block, at: .zero)
        #expect(sender.remote.packetsLost == 0)
    }

    @Test func ntpTimeIsCountedFrom1900() {
        let seconds: UInt64 = 2_208_988_800
        let time = NTPTime(unixNanoseconds: 500_000_000)
        #expect(time.rawValue == seconds << 32 | 0x8000_0000)
        #expect(time.advanced(by: .milliseconds(-500)).rawValue == seconds << 32)
        #expect(time.advanced(by: .milliseconds(1_500)).rawValue == (seconds + 2) << 32)
        #expect(NTPTime(unixNanoseconds: -1).rawValue >> 32 == 2_208_988_799)
    }
}
