public import Wire

/// One incoming RTP stream: puts its numbers in order and counts what is missing
/// (RFC 3550 §6.4, A.1, A.3, A.8).
///
/// ```swift
/// var receiver = RTPReceiver(ssrc: header.ssrc, clockRate: 48_000)
/// switch receiver.receive(header, at: now) {
/// case .accepted(let sequence, let timestamp): buffer.insert(payload, sequence, timestamp)
/// case .probation, .duplicate, .implausible: break
/// }
/// ```
public struct RTPReceiver: Sendable {
    /// What a packet is to its stream.
    public enum Arrival: Hashable, Sendable {
        /// Part of the stream; both numbers no longer wrap.
        case accepted(extendedSequence: Int64, extendedTimestamp: Int64)
        /// The source has not yet sent enough packets in sequence to be believed.
        case probation
        /// Came before.
        case duplicate
        /// Far from the stream. If the next packet follows it, the stream starts anew there.
        case implausible
    }

    public let ssrc: UInt32
    public let clockRate: UInt32

    /// Packets of the stream, late ones and duplicates included.
    public private(set) var packetsReceived = 0
    public private(set) var duplicatePackets = 0
    public private(set) var implausiblePackets = 0
    /// How many times the source jumped to new numbers.
    public private(set) var restarts = 0
    /// Payload bytes received.
    public private(set) var bytesReceived = 0
    /// The newest sender report.
    public private(set) var lastSenderReport: SenderReport?

    private var sequence: SequenceTracker
    private var timestamps = SequenceUnwrapper<UInt32>()
    private var jitterMeter: JitterMeter
    private var interval = ReportInterval()
    private var senderReportArrival: Instant?

    /// `probation` is how many packets in sequence make a source valid.
    ///
    /// One is right behind SRTP, where every packet is authentic; RFC 3550 A.1 has two.
    public init(ssrc: UInt32, clockRate: UInt32, probation: Int = 1) {
        self.ssrc = ssrc
        self.clockRate = max(1, clockRate)
        sequence = SequenceTracker(probation: probation)
        jitterMeter = JitterMeter(clockRate: max(1, clockRate))
    }

    /// Judges a packet of this stream and counts it.
    public mutating func receive(_ header: RTPHeader, at now: Instant) -> Arrival {
        switch sequence.judge(header.sequenceNumber) {
        case .probation:
            return .probation
        case .implausible:
            implausiblePackets &+= 1
            return .implausible
        case .duplicate:
            packetsReceived &+= 1
            interval.received &+= 1
            duplicatePackets &+= 1
            return .duplicate
        case .restarted(let extended):
            restarts &+= 1
            restart()
            return accept(header, extended, at: now)
        case .valid(let extended):
            return accept(header, extended, at: now)
        }
    }

    /// Remembers a sender report of this source, to be answered with the next report block.
    public mutating func receive(_ report: SenderReport, at now: Instant) {
        lastSenderReport = report
        senderReportArrival = now
    }

    /// The block about this source for the report of this moment; begins a new interval.
    public mutating func reportBlock(at now: Instant) -> ReportBlock {
        var block = ReportBlock(ssrc: ssrc)
        block.fractionLost = interval.close(expected: packetsExpected)
        block.packetsLost = Int32(max(-0x80_0000, min(packetsLost, 0x7F_FFFF)))
        block.highestSequenceNumber = UInt32(truncatingIfNeeded: sequence.highest ?? 0)
        block.jitter = jitterMeter.inClockUnits
        if let report = lastSenderReport, let arrival = senderReportArrival {
            block.lastSenderReport = report.ntp.middle32
            block.delaySinceLastSenderReport = inReportUnits(arrival.duration(to: now))
        }
        return block
    }

    private mutating func accept(
        _ header: RTPHeader,
        _ extended: Int64,
        at now: Instant
    ) -> Arrival {
        packetsReceived &+= 1
        interval.received &+= 1
        bytesReceived &+= header.payload.count
        let timestamp = timestamps.unwrap(header.timestamp)
        jitterMeter.note(timestamp: timestamp, at: now)
        return .accepted(extendedSequence: extended, extendedTimestamp: timestamp)
    }

    private mutating func restart() {
        packetsReceived = 0
        interval = ReportInterval()
        jitterMeter.restart()
    }

    /// RFC 3550 §6.4.1: 65,536ths of a second.
    private func inReportUnits(_ duration: Duration) -> UInt32 {
        let nanoseconds = min(max(duration.nanoseconds, 0), 65_535_000_000_000)
        return UInt32(truncatingIfNeeded: nanoseconds / 1_000 * 65_536 / 1_000_000)
    }
}

// MARK: - Statistics

extension RTPReceiver {
    /// Packets the sequence numbers promise (RFC 3550 A.3).
    public var packetsExpected: Int { sequence.expected }

    /// Packets lost since the beginning; negative when duplicates outnumber losses.
    public var packetsLost: Int { packetsExpected - packetsReceived }

    /// The interarrival jitter in seconds (RFC 3550 A.8).
    public var jitter: Double { jitterMeter.inSeconds }

    /// The part of the packets lost in the last interval that was reported, 0 to 1.
    public var fractionLost: Double { Double(interval.lastFraction) / 256 }

    /// The highest sequence number received, cycles included.
    public var highestSequence: Int64? { sequence.highest }
}

/// What was received since the last report (RFC 3550 A.3).
private struct ReportInterval: Sendable {
    var received = 0
    var lastFraction: UInt8 = 0
    private var expectedBefore = 0

    mutating func close(expected total: Int) -> UInt8 {
        let expected = total - expectedBefore
        let lost = expected - received
        expectedBefore = total
        received = 0
        guard expected > 0, lost > 0 else {
            lastFraction = 0
            return 0
        }
        lastFraction = UInt8(min(255, lost * 256 / expected))
        return lastFraction
    }
}
