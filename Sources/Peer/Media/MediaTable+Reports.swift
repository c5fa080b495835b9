import RTP
import Wire

// Reports: what the peer says of our streams, and what we say of its (RFC 3550 §6).
extension MediaTable {
    /// Takes the packets of one RTCP datagram; returns what the program must know.
    mutating func receive(
        _ packets: [RTCPPacket],
        size: Int,
        at now: Instant
    ) -> [PeerEvent] {
        var events: [PeerEvent] = []
        reports?.noteReceived(size: size)
        for packet in packets {
            switch packet {
            case .senderReport(let report):
                for index in sections.indices
                where sections[index].receiver?.rtp.ssrc == report.ssrc {
                    sections[index].receiver?.receive(report, at: now)
                }
                receive(report.reportBlocks, at: now)
            case .receiverReport(let report): receive(report.reportBlocks, at: now)
            case .goodbye(let goodbye): end(goodbye.sources, &events)
            case .sourceDescription, .genericNACK, .pictureLoss, .fullIntraRequest,
                .bandwidthEstimate, .unknown:
                break  // nothing in an audio section asks for these
            }
        }
        return events
    }

    private mutating func receive(_ blocks: [ReportBlock], at now: Instant) {
        for block in blocks {
            for index in sections.indices where sections[index].parameters.sendSSRC == block.ssrc {
                sections[index].sender?.receive(block, at: now)
            }
        }
    }

    private mutating func end(_ ssrcs: [UInt32], _ events: inout [PeerEvent]) {
        for index in sections.indices {
            guard let ssrc = sections[index].receiver?.rtp.ssrc, ssrcs.contains(ssrc),
                sections[index].hearing == .heard
            else { continue }
            sections[index].hearing = .saidGoodbye
            events.append(.trackEnded(sections[index].parameters.id))
        }
    }

    /// The compound packet that is due now on a transport: reports, then who we are
    /// (RFC 3550 §6.1); empty if no section rides on it.
    ///
    /// It speaks of so many sections as fit into a datagram; the next one begins with the others.
    mutating func report(on stream: Int, ntp: NTPTime, at now: Instant) -> [RTCPPacket] {
        let order = sections.indices.map { (reportTurn + $0) % sections.count }
            .filter { sections[$0].parameters.component == stream }
        guard !order.isEmpty || sections.isEmpty else { return [] }
        let heard = order.filter { sections[$0].receiver != nil }.prefix(maximumReports)
        let sending = order.filter { sections[$0].sender?.rtp.hasSentSinceReport == true }
        var blocks = heard.compactMap { sections[$0].receiver?.reportBlock(at: now) }
        var packets: [RTCPPacket] = []
        var sources: [UInt32] = []
        for index in sending.prefix(maximumReports) {
            guard var report = sections[index].sender?.report(at: now, ntp: ntp) else { continue }
            report.reportBlocks = blocks
            blocks = []
            sources.append(report.ssrc)
            packets.append(.senderReport(report))
        }
        if packets.isEmpty {
            let ssrc = reportSSRC(on: stream)
            sources = [ssrc]
            packets = [.receiverReport(ReceiverReport(ssrc: ssrc, reportBlocks: blocks))]
        }
        packets.append(.sourceDescription(description(of: sources)))
        return packets
    }

    /// The next reports begin with sections that these had no room for.
    mutating func turnReports() {
        reportTurn = sections.isEmpty ? 0 : (reportTurn + maximumReports) % sections.count
    }

    private func description(of sources: [UInt32]) -> SourceDescription {
        let name = SourceDescription.Item(.canonicalName, [UInt8](cname.utf8))
        return SourceDescription(
            chunks: sources.map { SourceDescription.Chunk(ssrc: $0, items: [name]) }
        )
    }

    /// A report of `size` bytes has left.
    mutating func noteSent(size: Int, at now: Instant) {
        hasReported = true
        reports?.noteSent(size: size)
        let sending = sections.contains { $0.sender != nil }
        let heard = sections.filter { $0.receiver != nil && $0.hearing == .heard }.count
        reports?.setParticipants(
            members: 1 + max(heard, 1),
            senders: heard + (sending ? 1 : 0),
            isSender: sending,
            at: now
        )
    }

    /// Whether the peer has ever had RTP or RTCP of ours.
    var hasSent: Bool { hasReported || sections.contains { $0.sender != nil } }

    /// The last words on a transport: an empty report, who we are, and goodbye for all that was
    /// sent there; empty if no section rides on it.
    func goodbye(on stream: Int) -> [RTCPPacket] {
        let present = sections.filter { $0.parameters.component == stream }
        guard !present.isEmpty || sections.isEmpty else { return [] }
        let sources = present.filter { $0.sender != nil }.map(\.parameters.sendSSRC)
        let ssrc = reportSSRC(on: stream)
        return [
            .receiverReport(ReceiverReport(ssrc: ssrc, reportBlocks: [])),
            .sourceDescription(SourceDescription(ssrc: ssrc, canonicalName: cname)),
            .goodbye(Goodbye(sources: sources.isEmpty ? [ssrc] : sources)),
        ]
    }

    /// The SSRC reports come from: that of the transport's first section (RFC 3550 §6.4).
    private func reportSSRC(on stream: Int) -> UInt32 {
        sections.first { $0.parameters.component == stream }?.parameters.sendSSRC ?? 1
    }
}

/// So many sender reports, blocks and names are below 1,000 bytes.
private let maximumReports = 10
