import RTP
import Wire

/// The outgoing half of an audio section: one SSRC.
struct AudioSendStream: Sendable {
    /// What negotiation decided about the packets.
    struct Format: Hashable, Sendable {
        var payloadType: UInt8
        /// Ids of the header extensions both sides know; nil where one does not.
        var midExtension: UInt8?
        var levelExtension: UInt8?
        var mid: String
    }

    private(set) var rtp: RTPSender
    var format: Format
    /// The peer has reported on this SSRC, so it knows which section it belongs to.
    private(set) var isKnownToPeer = false

    init(ssrc: UInt32, format: Format, entropy: inout Entropy) {
        rtp = RTPSender(
            ssrc: ssrc,
            payloadType: format.payloadType,
            clockRate: 48_000,
            entropy: &entropy
        )
        self.format = format
    }

    /// Writes one packet and returns its length.
    mutating func write(
        _ payload: Span<UInt8>,
        timestamp: UInt32,
        level: AudioLevel?,
        hasMarker: Bool,
        into packet: inout MutableSpan<UInt8>,
        at now: Instant
    ) throws(WriteError) -> Int {
        // RFC 9143 §15: MID is needed until the receiver has bound the SSRC to the section.
        let mid = isKnownToPeer ? nil : format.midExtension.map { (id: $0, value: format.mid) }
        let audioLevel = format.levelExtension.flatMap { id in
            level.map { (id: id, level: $0.level, voice: $0.hasVoice) }
        }
        return try rtp.write(
            payload,
            timestamp: timestamp,
            hasMarker: hasMarker,
            mid: mid,
            audioLevel: audioLevel,
            into: &packet,
            at: now
        )
    }

    mutating func receive(_ block: ReportBlock, at now: Instant) {
        isKnownToPeer = true
        rtp.receive(reportBlock: block, at: now)
    }

    mutating func report(at now: Instant, ntp: NTPTime) -> SenderReport {
        rtp.senderReport(at: now, ntp: ntp)
    }
}
