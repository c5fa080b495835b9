import JitterBuffer
import RTP
import Wire

/// All media of a session: its sections, which packet belongs to which, and the reports.
struct MediaTable: Sendable {
    var sections: [MediaSection] = []
    /// When the next report is due; nil until media can flow.
    var reports: ReportScheduler?
    /// Where the next report begins, if it cannot speak of all sections at once.
    var reportTurn = 0
    /// Unexpected payload types the program has been warned of.
    private var warnedTypes: [UInt8] = []
    private(set) var unroutedPackets = 0
    var hasReported = false
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
    mutating func apply(_ parameters: [SectionParameters]) {
        sections = parameters.map { new in
            guard var section = sections.first(where: { $0.parameters.id == new.id }) else {
                return MediaSection(new)
            }
            section.parameters = new
            section.sender?.format = new.sendFormat
            return section
        }
    }

    /// A description brings the track of a section.
    mutating func expectTrack(of id: TransceiverID) {
        if let index = index(of: id) { sections[index].hearing = .silent }
    }

    /// A description takes the track of a section away; false if the program knows that it has ended.
    mutating func withdrawTrack(of id: TransceiverID) -> Bool {
        guard let index = index(of: id) else { return true }
        defer { sections[index].hearing = .withdrawn }
        return sections[index].hearing != .saidGoodbye
    }

    func index(of id: TransceiverID) -> Int? {
        sections.firstIndex { $0.parameters.id == id }
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
            level: frame.level,
            hasMarker: frame.startsTalkspurt,
            into: &packet,
            at: now
        ) ?? 0
    }
}

// MARK: - Receiving

extension MediaTable {
    /// Takes one decrypted RTP packet of a transport; returns what the program must know.
    mutating func receive(
        _ header: RTPHeader,
        _ packet: Span<UInt8>,
        on stream: Int,
        at now: Instant
    ) -> [PeerEvent] {
        var events: [PeerEvent] = []
        guard let index = route(header, packet, on: stream, &events) else {
            unroutedPackets += 1
            return events
        }
        guard sections[index].parameters.receives else { return events }
        if sections[index].receiver?.rtp.ssrc != header.ssrc {
            // RFC 9143 §9.2: a source belongs to the section its newest MID names.
            for other in sections.indices where sections[other].receiver?.rtp.ssrc == header.ssrc {
                sections[other].receiver = nil
            }
            sections[index].receiver = AudioReceiveStream(
                ssrc: header.ssrc,
                payloadType: header.payloadType,
                configuration: jitterBuffer
            )
        }
        let level = sections[index].parameters.sendFormat.levelExtension
        sections[index].receiver?.receive(header, packet, levelExtension: level, at: now)
        switch sections[index].hearing {
        case .silent, .saidGoodbye:
            sections[index].hearing = .heard
            events.append(.trackStarted(sections[index].parameters.id))
        case .heard, .withdrawn: break
        }
        return events
    }

    /// RFC 9143 §9.2: by MID, by SSRC, by payload type; and by being alone.
    ///
    /// Only sections of the
    /// transport the packet came on are meant.
    private mutating func route(
        _ header: RTPHeader,
        _ packet: Span<UInt8>,
        on stream: Int,
        _ events: inout [PeerEvent]
    ) -> Int? {
        let midExtension = sections.lazy.filter { $0.parameters.component == stream }
            .compactMap(\.parameters.midExtension).first
        if let midExtension, let range = header.extensionRange(id: midExtension, in: packet) {
            let mid = packet.extracting(range)
            return sections.firstIndex {
                $0.parameters.component == stream && $0.parameters.mid.isSpelled(by: mid)
            }
        }
        if let index = sections.firstIndex(where: {
            $0.parameters.component == stream
                && ($0.receiver?.rtp.ssrc == header.ssrc
                    || $0.parameters.remoteSSRCs.contains(header.ssrc))
        }) {
            return index
        }
        let present = sections.indices.filter { sections[$0].parameters.component == stream }
        let candidates = present.filter {
            sections[$0].parameters.receivePayloadTypes.contains(header.payloadType)
        }
        if candidates.count == 1 { return candidates[0] }
        // Programs exist that send a payload type they did not negotiate (their bit-fields swap it
        // with the marker); with one section there is no doubt where it belongs.
        guard candidates.isEmpty, present.count == 1 else { return nil }
        if !warnedTypes.contains(header.payloadType) {
            warnedTypes.append(header.payloadType)
            events.append(.warning(.unexpectedPayloadType(header.payloadType)))
        }
        return present[0]
    }

    /// What to play next on the section of `id`.
    mutating func next(_ id: TransceiverID, at now: Instant) -> PlayoutDecision? {
        guard let index = index(of: id) else { return nil }
        return sections[index].receiver?.next(at: now)
    }
}

extension String {
    fileprivate func isSpelled(by bytes: Span<UInt8>) -> Bool {
        guard utf8.count == bytes.count else { return false }
        for (index, byte) in utf8.enumerated() where bytes[index] != byte { return false }
        return true
    }
}
