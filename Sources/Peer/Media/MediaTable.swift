import JitterBuffer
import RTP
import Wire

/// All media of a session: its sections, which packet belongs to which, and the reports.
struct MediaTable: Sendable {
    private(set) var sections: [MediaSection] = []
    /// When the next report is due; nil until media can flow.
    private var reports: ReportScheduler?
    /// Unexpected payload types the program has been warned of.
    private var warnedTypes: [UInt8] = []
    private var midExtension: UInt8?
    private(set) var unroutedPackets = 0
    private var hasReported = false
    private var entropy: Entropy
    private let jitterBuffer: JitterBufferConfiguration
    let cname: String

    init(jitterBuffer: JitterBufferConfiguration, cname: String, entropy: consuming Entropy) {
        self.jitterBuffer = jitterBuffer
        self.cname = cname
        self.entropy = entropy
    }

    var deadline: Instant? { reports?.deadline }

    mutating func advance(to now: Instant) { reports?.advance(to: now) }

    mutating func popReportDue() -> Bool {
        guard let output = reports?.popOutput() else { return false }
        switch output {
        case .sendReport: return true
        }
    }

    /// Media can flow: reports begin.
    mutating func connect(at now: Instant) {
        guard reports == nil else { return }
        reports = ReportScheduler(entropy: entropy.split(), at: now)
    }

    /// Takes over what negotiation decided; sections that go on keep their streams.
    mutating func apply(_ parameters: [SectionParameters], midExtension: UInt8?) {
        self.midExtension = midExtension
        sections = parameters.map { new in
            guard var section = sections.first(where: { $0.parameters.id == new.id }) else {
                return MediaSection(new)
            }
            section.parameters = new
            section.sender?.format = new.sendFormat
            return section
        }
    }

    func index(of id: TransceiverID) -> Int? {
        sections.firstIndex { $0.parameters.id == id }
    }

    mutating func setHasStarted(_ hasStarted: Bool, at index: Int) {
        sections[index].hasStarted = hasStarted
    }
}

// MARK: - Sending

extension MediaTable {
    /// Writes one audio packet of the section at `index` and returns its length.
    mutating func write(
        _ frame: EncodedAudio,
        _ payload: Span<UInt8>,
        at index: Int,
        into packet: inout MutableSpan<UInt8>,
        now: Instant
    ) throws(WriteError) -> Int {
        if sections[index].sender == nil {
            sections[index].sender = AudioSendStream(
                ssrc: sections[index].parameters.sendSSRC,
                format: sections[index].parameters.sendFormat,
                entropy: &entropy
            )
        }
        return try sections[index].sender?.write(
            payload,
            timestamp: frame.timestamp,
            loudness: frame.loudness,
            hasMarker: frame.startsTalkspurt,
            into: &packet,
            at: now
        ) ?? 0
    }
}

// MARK: - Receiving

extension MediaTable {
    /// Takes one decrypted RTP packet; returns what the program must know.
    mutating func receive(
        _ header: RTPHeader,
        _ packet: Span<UInt8>,
        at now: Instant
    ) -> [PeerEvent] {
        var events: [PeerEvent] = []
        guard let index = route(header, packet, &events) else {
            unroutedPackets += 1
            return events
        }
        guard sections[index].parameters.receives else { return events }
        if sections[index].receiver?.rtp.ssrc != header.ssrc {
            sections[index].receiver = AudioReceiveStream(
                ssrc: header.ssrc,
                payloadType: header.payloadType,
                configuration: jitterBuffer
            )
        }
        sections[index].receiver?.receive(header, packet, at: now)
        if !sections[index].hasStarted {
            sections[index].hasStarted = true
            events.append(.trackStarted(sections[index].parameters.id))
        }
        return events
    }

    /// RFC 9143 §9.2: by SSRC, by MID, by payload type; and by being alone.
    private mutating func route(
        _ header: RTPHeader,
        _ packet: Span<UInt8>,
        _ events: inout [PeerEvent]
    ) -> Int? {
        if let index = sections.firstIndex(where: {
            $0.receiver?.rtp.ssrc == header.ssrc
                || $0.parameters.remoteSSRCs.contains(header.ssrc)
        }) {
            return index
        }
        if let midExtension, let range = header.extensionRange(id: midExtension, in: packet) {
            let mid = String(decoding: [UInt8](copying: packet.extracting(range)), as: UTF8.self)
            return sections.firstIndex { $0.parameters.mid == mid }
        }
        let candidates = sections.indices.filter {
            sections[$0].parameters.receivePayloadTypes.contains(header.payloadType)
        }
        if candidates.count == 1 { return candidates[0] }
        // Programs exist that send a payload type they did not negotiate (their bit-fields swap it
        // with the marker); with one section there is no doubt where it belongs.
        guard candidates.isEmpty, sections.count == 1 else { return nil }
        if !warnedTypes.contains(header.payloadType) {
            warnedTypes.append(header.payloadType)
            events.append(.warning(.unexpectedPayloadType(header.payloadType)))
        }
        return 0
    }

    /// What to play next on the section of `id`.
    mutating func next(_ id: TransceiverID, at now: Instant) -> PlayoutDecision? {
        guard let index = index(of: id) else { return nil }
        return sections[index].receiver?.next(at: now)
    }
}

// MARK: - Reports

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
                sections[index].hasStarted
            else { continue }
            sections[index].hasStarted = false
            events.append(.trackEnded(sections[index].parameters.id))
        }
    }

    /// The compound packet that is due now: reports, then who we are (RFC 3550 §6.1).
    mutating func report(ntp: NTPTime, at now: Instant) -> [RTCPPacket] {
        var blocks: [ReportBlock] = []
        for index in sections.indices {
            if let block = sections[index].receiver?.reportBlock(at: now) { blocks.append(block) }
        }
        blocks = Array(blocks.prefix(maximumReportBlocks))
        var packets: [RTCPPacket] = []
        for index in sections.indices where sections[index].sender?.rtp.hasSentSinceReport == true {
            guard var report = sections[index].sender?.report(at: now, ntp: ntp) else { continue }
            report.reportBlocks = packets.isEmpty ? blocks : []
            packets.append(.senderReport(report))
        }
        if packets.isEmpty {
            packets = [.receiverReport(ReceiverReport(ssrc: reportSSRC, reportBlocks: blocks))]
        }
        packets.append(
            .sourceDescription(SourceDescription(ssrc: reportSSRC, canonicalName: cname))
        )
        return packets
    }

    /// A report of `size` bytes has left.
    mutating func noteSent(size: Int, at now: Instant) {
        hasReported = true
        reports?.noteSent(size: size)
        let sending = sections.contains { $0.sender != nil }
        let heard = sections.filter { $0.receiver != nil && $0.hasStarted }.count
        reports?.setParticipants(
            members: 1 + max(heard, 1),
            senders: heard + (sending ? 1 : 0),
            isSender: sending,
            at: now
        )
    }

    /// Whether the peer has ever had RTP or RTCP of ours.
    var hasSent: Bool { hasReported || sections.contains { $0.sender != nil } }

    /// The last words: an empty report, who we are, and goodbye for all that was sent.
    func goodbye() -> [RTCPPacket] {
        let sources = sections.filter { $0.sender != nil }.map(\.parameters.sendSSRC)
        return [
            .receiverReport(ReceiverReport(ssrc: reportSSRC, reportBlocks: [])),
            .sourceDescription(SourceDescription(ssrc: reportSSRC, canonicalName: cname)),
            .goodbye(Goodbye(sources: sources.isEmpty ? [reportSSRC] : sources)),
        ]
    }

    /// The SSRC reports come from: that of the first section (RFC 3550 §6.4).
    private var reportSSRC: UInt32 { sections.first?.parameters.sendSSRC ?? 1 }
}

/// RFC 3550 §6.4.1: the count of report blocks has five bits.
private let maximumReportBlocks = 31
