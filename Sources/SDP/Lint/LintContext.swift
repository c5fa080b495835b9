/// A value with the line it stands in.
struct Placed<Value: Sendable>: Sendable {
    let value: Value
    let line: Int
}

/// A description as the rules see it: every attribute read once, with its line.
struct LintContext {
    let description: SDPDescription
    let lines: LineMap
    let role: SDPLinter.Role?
    /// What stands before the first media section.
    let session: LintSection
    /// The media sections.
    let media: [LintMedia]
    /// The sections that are neither rejected nor stopped.
    let liveMedia: [LintMedia]
    /// The first section of each mid.
    let indexOfMID: [String: Int]
    /// For each section in a BUNDLE group, the first section of that group.
    let taggedSections: [Int: Int]

    init(_ description: SDPDescription, lines: LineMap, role: SDPLinter.Role?) {
        self.description = description
        self.lines = lines
        self.role = role
        session = LintSection(description.attributes, lines: lines.session)
        media = description.media.indices.map { index in
            LintMedia(description.media[index], index: index, lines: lines.media(index))
        }
        liveMedia = media.filter { !$0.isRejected }
        var places: [String: Int] = [:]
        for section in media {
            if let mid = section.mid, places[mid] == nil { places[mid] = section.index }
        }
        indexOfMID = places
        var tagged: [Int: Int] = [:]
        for group in session.groups where group.value.semantics == GroupAttribute.bundle {
            guard let first = group.value.mids.first.flatMap({ places[$0] }) else { continue }
            for mid in group.value.mids {
                if let index = places[mid], tagged[index] == nil { tagged[index] = first }
            }
        }
        taggedSections = tagged
    }

    /// Whether a section is in a BUNDLE group.
    func isBundled(_ section: LintMedia) -> Bool { taggedSections[section.index] != nil }

    /// Whether the section, its bundle or the session has an attribute.
    func inherits(_ name: String, _ section: LintMedia) -> Bool {
        if section.has(name) || session.has(name) { return true }
        return taggedSections[section.index].map { media[$0].has(name) } ?? false
    }
}

/// One media section as the rules see it.
///
/// A class, because every rule passes every section, and copying one costs as much as a rule.
final class LintMedia: Sendable {
    let index: Int
    let description: MediaDescription
    let attributes: LintSection
    let lines: LineMap.Section
    /// The formats of the m= line.
    let formats: Set<String>
    let isRTP: Bool
    /// Whether the transport is DTLS.
    let isDTLS: Bool
    /// Whether the section carries data channels.
    let isData: Bool
    /// Whether the section is one that WebRTC would make: DTLS over ICE.
    let isWebRTC: Bool
    let isRejected: Bool
    let mid: String?

    init(_ description: MediaDescription, index: Int, lines: LineMap.Section) {
        self.index = index
        self.description = description
        self.lines = lines
        attributes = LintSection(description.attributes, lines: lines)
        formats = Set(description.formats)
        isRTP = description.isRTP
        isDTLS = description.protocolName.utf8.split(separator: slash).contains { part in
            part.elementsEqual("TLS".utf8) || part.elementsEqual("DTLS".utf8)
        }
        isData = description.protocolName.utf8.suffix(9).elementsEqual("DTLS/SCTP".utf8)
        isWebRTC = isData || (isRTP && (isDTLS || attributes.has("fingerprint")))
        isRejected = description.isRejected
        mid = description.mid
    }

    /// The line of the m=.
    var line: Int { lines.start }

    /// Whether the section has an attribute.
    func has(_ name: String) -> Bool { attributes.has(name) }
}
