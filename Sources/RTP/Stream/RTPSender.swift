public import Wire

/// One outgoing RTP stream: numbers its packets and knows what its reports say
/// (RFC 3550 §5.1, §6.4.1).
///
/// ```swift
/// var sender = RTPSender(ssrc: 7, payloadType: 111, clockRate: 48_000, entropy: &entropy)
/// let length = try sender.write(
///     frame.span, timestamp: 960, hasMarker: false, mid: (1, "0"), audioLevel: nil,
///     into: &packet, at: now)
/// ```
public struct RTPSender: Sendable {
    public let ssrc: UInt32
    /// The payload type of the packets to come.
    public var payloadType: UInt8
    public let clockRate: UInt32

    /// Packets sent since the beginning; wraps as the field of the report does.
    public private(set) var packetCount: UInt32 = 0
    /// Payload bytes sent since the beginning.
    public private(set) var octetCount: UInt32 = 0
    /// Whether media was sent since the last sender report: then the next report is one too.
    public private(set) var hasSentSinceReport = false
    /// The sequence number of the packet to come.
    public private(set) var nextSequenceNumber: UInt16
    /// What the other side says about this stream.
    public private(set) var remote = RemoteReception()

    private let timestampOffset: UInt32
    /// The timestamp of the newest packet and when it was sent.
    private var newest: (timestamp: UInt32, at: Instant)?

    /// Starts at a random sequence number and timestamp (RFC 3550 §5.1).
    public init(ssrc: UInt32, payloadType: UInt8, clockRate: UInt32, entropy: inout Entropy) {
        self.ssrc = ssrc
        self.payloadType = payloadType
        self.clockRate = max(1, clockRate)
        let bits = entropy.next()
        nextSequenceNumber = UInt16(truncatingIfNeeded: bits)
        timestampOffset = UInt32(truncatingIfNeeded: bits >> 32)
    }

    /// The round trip to the other side as its last report showed it (RFC 3550 §6.4.1).
    public var roundTripTime: Duration? { remote.roundTripTime }

    /// Writes one packet to the start of `packet` and returns its length.
    ///
    /// `timestamp` counts units of the media clock since the stream began. Nothing is counted when
    /// there is no room.
    public mutating func write(
        _ payload: Span<UInt8>,
        timestamp: UInt32,
        hasMarker: Bool,
        mid: (id: UInt8, value: String)?,
        audioLevel: (id: UInt8, level: UInt8, voice: Bool)?,
        into packet: inout MutableSpan<UInt8>,
        at now: Instant
    ) throws(WriteError) -> Int {
        let wireTimestamp = timestamp &+ timestampOffset
        let hasExtensions = mid != nil || audioLevel != nil
        var writer = SpanWriter(packet._mutatingExtracting(0..<packet.count))
        try writer.write(UInt8(hasExtensions ? 0x90 : 0x80))
        try writer.write(payloadType & 0x7F | (hasMarker ? 0x80 : 0))
        try writer.write(nextSequenceNumber)
        try writer.write(wireTimestamp)
        try writer.write(ssrc)
        if hasExtensions { try Self.writeExtensions(mid, audioLevel, to: &writer) }
        try writer.write(payload)

        nextSequenceNumber &+= 1
        packetCount &+= 1
        octetCount &+= UInt32(truncatingIfNeeded: payload.count)
        hasSentSinceReport = true
        newest = (wireTimestamp, now)
        return writer.offset
    }

    /// The report of this moment; `ntp` is the same moment by the wall clock.
    ///
    /// The report is remembered, so that the answer to it shows the round trip.
    public mutating func senderReport(at now: Instant, ntp: NTPTime) -> SenderReport {
        hasSentSinceReport = false
        remote.remember(reportSentAs: ntp.middle32, at: now)
        return SenderReport(
            ssrc: ssrc,
            ntp: ntp,
            rtpTimestamp: timestamp(at: now),
            packetCount: packetCount,
            octetCount: octetCount
        )
    }

    /// Takes in what the other side reports about this stream; blocks about others are ignored.
    public mutating func receive(reportBlock block: ReportBlock, at now: Instant) {
        guard block.ssrc == ssrc else { return }
        remote.receive(block, clockRate: clockRate, at: now)
    }

    /// RFC 3550 §6.4.1: the timestamp of the report is this moment's, not the last packet's.
    private func timestamp(at now: Instant) -> UInt32 {
        guard let newest else { return timestampOffset }
        let elapsed = newest.at.duration(to: now).inSeconds * Double(clockRate)
        return newest.timestamp &+ UInt32(truncatingIfNeeded: Int64(elapsed))
    }

    private static func writeExtensions(
        _ mid: (id: UInt8, value: String)?,
        _ audioLevel: (id: UInt8, level: UInt8, voice: Bool)?,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let midLength = mid?.value.utf8.count ?? 1
        // RFC 8285 §4.2: one byte says identifiers up to 14 and lengths from 1 to 16.
        let isOneByte =
            max(mid?.id ?? 1, audioLevel?.id ?? 1) < 15 && (1...16).contains(midLength)
        let start = writer.offset
        try writer.write(UInt16(isOneByte ? 0xBEDE : 0x1000))
        try writer.write(UInt16(0))
        if let mid {
            try writeElementHeader(mid.id, length: midLength, isOneByte, to: &writer)
            for byte in mid.value.utf8 { try writer.write(byte) }
        }
        if let audioLevel {
            try writeElementHeader(audioLevel.id, length: 1, isOneByte, to: &writer)
            try writer.write(min(audioLevel.level, 127) | (audioLevel.voice ? 0x80 : 0))
        }
        let content = writer.offset &- start &- 4
        try writer.write(repeating: 0, count: -content & 3)
        try writer.replace(at: start &+ 2, with: UInt16(truncatingIfNeeded: (content &+ 3) / 4))
    }

    private static func writeElementHeader(
        _ id: UInt8,
        length: Int,
        _ isOneByte: Bool,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        guard let byte = UInt8(exactly: length) else {
            throw .lengthOverflow(at: writer.offset, length: length)
        }
        guard !isOneByte else {
            try writer.write(id << 4 | (byte &- 1))
            return
        }
        try writer.write(id)
        try writer.write(byte)
    }
}
