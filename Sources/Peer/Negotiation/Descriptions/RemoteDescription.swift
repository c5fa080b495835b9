import ICE
import SDP

/// The peer's description, read once.
struct RemoteDescription: Sendable {
    let kind: SessionDescription.Kind
    let text: String
    let isLite: Bool
    /// Whether the peer takes candidates that come by themselves (RFC 8840 §4.1.1).
    let canTrickle: Bool
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

    init(_ kind: SessionDescription.Kind, parsing text: String) throws(PeerError) {
        self.kind = kind
        self.text = text
        let description: SDPDescription
        do throws(SDPError) {
            description = try SDPDescription(parsing: text)
        } catch {
            throw .sdpSyntax(error)
        }
        isLite = description.isICELite
        mixesExtensions = description.isExtmapAllowMixed
        deviations = description.deviations.map(\.description)
        var reader = DescriptionReader(description)
        sections = reader.sections()
        canTrickle = reader.canTrickle
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
        guard candidate.sdpMid != nil || candidate.sdpMLineIndex != nil else {
            throw .type(.candidateWithoutSection)
        }
        let index = candidate.sdpMLineIndex ?? 0
        guard sections.indices.contains(index) else { throw .operation(.unknownSection) }
        return index
    }

    /// Remembers a candidate that came by itself.
    mutating func keep(_ candidate: Candidate, for index: Int) {
        sections[index].transport.keep(candidate)
    }

    mutating func endCandidates(of index: Int) { sections[index].transport.isComplete = true }
}
