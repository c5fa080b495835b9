import JitterBuffer
import RTP
import Wire

/// The incoming half of an audio section: one SSRC, its statistics and its jitter buffer.
///
/// Made at the first packet, so that a silent connection stays small.
struct AudioReceiveStream: Sendable {
    private(set) var rtp: RTPReceiver
    private(set) var buffer: AudioJitterBuffer
    let payloadType: UInt8

    init(ssrc: UInt32, payloadType: UInt8, configuration: JitterBufferConfiguration) {
        rtp = RTPReceiver(ssrc: ssrc, clockRate: 48_000)
        buffer = AudioJitterBuffer(configuration: configuration, clockRate: 48_000)
        self.payloadType = payloadType
    }

    /// Takes a packet; its audio level, if it has one, tells the buffer what can be left out unheard.
    mutating func receive(
        _ header: RTPHeader,
        _ packet: Span<UInt8>,
        levelExtension: UInt8?,
        at now: Instant
    ) {
        switch rtp.receive(header, at: now) {
        case .accepted(let sequence, let timestamp):
            buffer.insert(
                packet.extracting(header.payload),
                sequence: sequence,
                timestamp: timestamp,
                hasMarker: header.hasMarker,
                audioLevel: level(of: header, packet, levelExtension),
                at: now
            )
        case .probation, .duplicate, .implausible: break
        }
    }

    private func level(
        of header: RTPHeader,
        _ packet: Span<UInt8>,
        _ id: UInt8?
    ) -> AudioLevel? {
        guard let id, let range = header.extensionRange(id: id, in: packet), !range.isEmpty else {
            return nil
        }
        return AudioLevel(rawValue: packet[range.lowerBound])
    }

    mutating func receive(_ report: SenderReport, at now: Instant) {
        rtp.receive(report, at: now)
    }

    mutating func reportBlock(at now: Instant) -> ReportBlock { rtp.reportBlock(at: now) }

    mutating func next(at now: Instant) -> PlayoutDecision { buffer.next(at: now) }
}
