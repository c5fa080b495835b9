import ICE
import SDP

/// The peer's description, read once.
struct RemoteDescription: Sendable {
    let kind: SessionDescription.Kind
    let text: String
    let isLite: Bool
    /// Whether the peer takes candidates that come by themselves (RFC 8840 §4.1.1).
    let canTrickle: Bool
    /// What the peer knows of ICE (RFC 8839 §5.6).
    let iceOptions: Set<String>
    /// Whether all sections let one- and two-byte header extensions be mixed (RFC 8285 §6).
    let mixesExtensions: Bool
    /// What was wrong with it and could be borne, one sentence each.
    let deviations: [String]
    private(set) var sections: [RemoteSection]
    /// The BUNDLE groups: sections in the order the group names them.
    let groups: [[Int]]
    /// The groups to be played in step, by mid.
    let streams: [[String]]
    /// The group of each section, if it is in one.
    private let groupOfSection: [Int: Int]
    private let places: [String: Int]
    private let limits: SDPLimits

    init(
        _ kind: SessionDescription.Kind,
        parsing text: String,
        mode: SDPDescription.Mode,
        limits: SDPLimits
    ) throws(PeerError) {
        self.kind = kind
        self.text = text
        self.limits = limits
        let description = try Self.read(text, mode, limits)
        isLite = description.isICELite
        mixesExtensions = description.isExtmapAllowMixed
        deviations = description.deviations.map(\.description)
        var reader = DescriptionReader(description)
        sections = reader.sections()
        iceOptions = reader.iceOptions
        canTrickle = iceOptions.contains(ICEOptionsAttribute.trickle)
        places = Dictionary(
            sections.map { ($0.mid, $0.index) },
            uniquingKeysWith: { first, _ in first }
        )
        guard places.count == sections.count else { throw .invalidAccess(.description(.names)) }
        streams = reader.streamGroups
        var groups: [[Int]] = []
        var groupOfSection: [Int: Int] = [:]
        for mids in reader.bundleGroups {
            var members: [Int] = []
            for mid in mids {
                // RFC 9143 §5: a section is in one group; its first place counts.
                guard let place = places[mid], sections[place].namesMid,
                    groupOfSection[place] == nil
                else { continue }
                groupOfSection[place] = groups.count
                members.append(place)
            }
            groups.append(members)
        }
        self.groups = groups
        self.groupOfSection = groupOfSection
        guard kind != .offer else { return }
        // RFC 9143 §6: the attribute asks something of answers and means nothing in them, so port zero
        // rejects (RFC 3264 §6); but RFC 8843 §7.3 had it in each section that an answer bundles.
        for index in sections.indices
        where sections[index].isBundleOnly && groupOfSection[index] == nil
            && description.media[index].port == 0
        {
            sections[index].isRejected = true
        }
    }

    private static func read(
        _ text: String,
        _ mode: SDPDescription.Mode,
        _ limits: SDPLimits
    ) throws(PeerError) -> SDPDescription {
        do throws(SDPError) {
            return try SDPDescription(parsing: text, mode: mode, limits: limits)
        } catch {
            throw .sdpSyntax(error)
        }
    }

    func section(withMID mid: String) -> RemoteSection? { places[mid].map { sections[$0] } }

    /// The BUNDLE group that names a section.
    func group(of index: Int) -> Int? { groupOfSection[index] }

    /// What holds for the transport of a section, that of the section which speaks for the group
    /// included.
    func transport(of index: Int) -> RemoteTransport {
        var transport = sections[index].transport
        if let group = group(of: index), let tagged = groups[group].first, tagged != index {
            transport.inherit(sections[tagged].transport)
        }
        return transport
    }

    /// The section a candidate belongs to.
    func section(of candidate: ICECandidate) throws(PeerError) -> Int {
        if let mid = candidate.sdpMid, !mid.isEmpty {
            if let place = places[mid] { return place }
            // Programs whose descriptions name no mid send candidates with one all the same.
            guard !sections.contains(where: \.namesMid) else { throw .operation(.unknownSection) }
        }
        let index = candidate.sdpMLineIndex ?? 0
        guard sections.indices.contains(index) else { throw .operation(.unknownSection) }
        return index
    }

    /// Remembers a candidate that came by itself; nil is the end of them.
    mutating func keep(_ candidate: CandidateAttribute?, for index: Int) {
        guard let candidate else {
            sections[index].transport.isComplete = true
            sections[index].hasTrickledEnd = true
            return
        }
        if let usable = Candidate(candidate) { sections[index].transport.keep(usable) }
        if candidate.isNamed { sections[index].transport.keep(named: candidate) }
        guard sections[index].trickled.count < maximumCandidates,
            !sections[index].trickled.contains(candidate)
        else { return }
        sections[index].trickled.append(candidate)
    }

    /// The description with what came after it (W3C WebRTC §4.4.2, addIceCandidate).
    var signaled: SessionDescription {
        let news = sections.filter { !$0.trickled.isEmpty || $0.hasTrickledEnd }
        guard !news.isEmpty, var description = try? SDPDescription(parsing: text, limits: limits)
        else {
            return SessionDescription(kind, sdp: text)
        }
        for section in news where description.media.indices.contains(section.index) {
            description.media[section.index].append(contentsOf: section.trickled)
            if section.hasTrickledEnd { description.media[section.index].isEndOfCandidates = true }
        }
        return SessionDescription(kind, sdp: description.write())
    }
}
