/// The attributes of the session or of one media section, read once.
struct LintSection {
    /// An attribute whose value cannot be read.
    struct Unreadable {
        let name: String
        let expectation: String
        let line: Int
    }

    /// All attributes.
    let all: [Placed<SDPAttribute>]
    /// The line of the first attribute of each name.
    let firstLines: [String: Int]
    private(set) var codecs = LintCodecs()
    private(set) var transport = LintTransport()
    private(set) var streams = LintStreams()
    private(set) var groups: [Placed<GroupAttribute>] = []
    private(set) var extensions: [Placed<ExtensionMapAttribute>] = []
    private(set) var directions: [Placed<MediaDirection>] = []
    private(set) var unreadable: [Unreadable] = []

    init(_ attributes: [SDPAttribute], lines: LineMap.Section) {
        all = attributes.indices.map { index in
            Placed(value: attributes[index], line: lines.line(ofAttribute: index))
        }
        var firstLines: [String: Int] = [:]
        for attribute in all where firstLines[attribute.value.name] == nil {
            firstLines[attribute.value.name] = attribute.line
        }
        self.firstLines = firstLines
        for attribute in all { take(attribute) }
    }

    /// Whether there is an attribute of a name.
    func has(_ name: String) -> Bool { firstLines[name] != nil }

    /// The attributes of a name.
    func named(_ name: String) -> [Placed<SDPAttribute>] {
        has(name) ? all.filter { $0.value.name == name } : []
    }

    private mutating func take(_ attribute: Placed<SDPAttribute>) {
        guard structuredNames.contains(attribute.value.name) else { return }
        switch attribute.value.name {
        case "rtpmap": read(attribute, &codecs.maps, &unreadable)
        case "fmtp": read(attribute, &codecs.parameters, &unreadable)
        case "rtcp-fb": read(attribute, &codecs.feedback, &unreadable)
        case "extmap": read(attribute, &extensions, &unreadable)
        case "group": read(attribute, &groups, &unreadable)
        case "candidate": read(attribute, &transport.candidates, &unreadable)
        case "fingerprint": read(attribute, &transport.fingerprints, &unreadable)
        case "setup": read(attribute, &transport.setups, &unreadable)
        case "ice-ufrag": read(attribute, &transport.ufrags, &unreadable)
        case "ice-pwd": read(attribute, &transport.passwords, &unreadable)
        case "ice-options": read(attribute, &transport.options, &unreadable)
        case "rtcp": read(attribute, &transport.rtcp, &unreadable)
        case "sctp-port": read(attribute, &transport.sctpPorts, &unreadable)
        case "max-message-size": read(attribute, &transport.messageSizes, &unreadable)
        case "msid": read(attribute, &streams.msids, &unreadable)
        case "ssrc": read(attribute, &streams.sources, &unreadable)
        case "ssrc-group": read(attribute, &streams.sourceGroups, &unreadable)
        case "rid": read(attribute, &streams.rids, &unreadable)
        case "simulcast": read(attribute, &streams.simulcasts, &unreadable)
        case "sendrecv", "sendonly", "recvonly", "inactive":
            guard let direction = MediaDirection(attribute.value) else { return }
            directions.append(Placed(value: direction, line: attribute.line))
        default: checkForm(attribute)
        }
    }

    /// Reads what no rule asks about, only to see whether it can be read.
    private mutating func checkForm(_ attribute: Placed<SDPAttribute>) {
        switch attribute.value.name {
        case "content": check(ContentAttribute.self, attribute)
        case "crypto": check(CryptoAttribute.self, attribute)
        case "framerate": check(FrameRateAttribute.self, attribute)
        case "ice-pacing": check(ICEPacingAttribute.self, attribute)
        case "imageattr": check(ImageAttribute.self, attribute)
        case "remote-candidates": check(RemoteCandidatesAttribute.self, attribute)
        case "rtcp-xr": check(RTCPExtendedReportsAttribute.self, attribute)
        case "sctpmap": check(SCTPMapAttribute.self, attribute)
        default: break  // Attributes without a structure, or with rules of their own.
        }
    }

    private mutating func check<Attribute: SDPTypedAttribute>(
        _: Attribute.Type,
        _ attribute: Placed<SDPAttribute>
    ) {
        var list: [Placed<Attribute>] = []
        read(attribute, &list, &unreadable)
    }
}

/// The attributes that are read: one look for all others.
private let structuredNames: Set<String> = [
    "candidate", "content", "crypto", "extmap", "fingerprint", "fmtp", "framerate", "group",
    "ice-options", "ice-pacing", "ice-pwd", "ice-ufrag", "imageattr", "inactive",
    "max-message-size", "msid", "recvonly", "remote-candidates", "rid", "rtcp", "rtcp-fb",
    "rtcp-xr", "rtpmap", "sctp-port", "sctpmap", "sendonly", "sendrecv", "setup", "simulcast",
    "ssrc", "ssrc-group",
]

/// Attributes about codecs.
struct LintCodecs {
    fileprivate(set) var maps: [Placed<RTPMapAttribute>] = []
    fileprivate(set) var parameters: [Placed<FormatParametersAttribute>] = []
    fileprivate(set) var feedback: [Placed<RTCPFeedbackAttribute>] = []
}

/// Attributes about the transport.
struct LintTransport {
    fileprivate(set) var candidates: [Placed<CandidateAttribute>] = []
    fileprivate(set) var fingerprints: [Placed<FingerprintAttribute>] = []
    fileprivate(set) var setups: [Placed<SetupRole>] = []
    fileprivate(set) var ufrags: [Placed<ICEUfragAttribute>] = []
    fileprivate(set) var passwords: [Placed<ICEPwdAttribute>] = []
    fileprivate(set) var options: [Placed<ICEOptionsAttribute>] = []
    fileprivate(set) var rtcp: [Placed<RTCPAttribute>] = []
    fileprivate(set) var sctpPorts: [Placed<SCTPPortAttribute>] = []
    fileprivate(set) var messageSizes: [Placed<MaximumMessageSizeAttribute>] = []
}

/// Attributes about streams, sources and encodings.
struct LintStreams {
    fileprivate(set) var msids: [Placed<MSIDAttribute>] = []
    fileprivate(set) var sources: [Placed<SSRCAttribute>] = []
    fileprivate(set) var sourceGroups: [Placed<SSRCGroupAttribute>] = []
    fileprivate(set) var rids: [Placed<RIDAttribute>] = []
    fileprivate(set) var simulcasts: [Placed<SimulcastAttribute>] = []
}

/// Reads an attribute into the list of its type, or notes why that is not possible.
private func read<Attribute: SDPTypedAttribute>(
    _ attribute: Placed<SDPAttribute>,
    _ list: inout [Placed<Attribute>],
    _ unreadable: inout [LintSection.Unreadable]
) {
    let name = attribute.value.name
    guard let value = attribute.value.value else {
        unreadable.append(.init(name: name, expectation: "a value", line: attribute.line))
        return
    }
    do throws(SDPError) {
        list.append(Placed(value: try Attribute(parsing: value), line: attribute.line))
    } catch {
        let expectation =
            switch error.reason {
            case .expected(let expectation): expectation.name
            case .exceeded(let kind): "less \(kind.rawValue)"
            }
        unreadable.append(.init(name: name, expectation: expectation, line: attribute.line))
    }
}
