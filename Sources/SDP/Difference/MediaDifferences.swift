// What a media section says itself.
extension DifferenceCollector {
    mutating func compareMedia(_ old: MediaDescription, _ new: MediaDescription) {
        compare(.mediaKind, old.kind, new.kind)
        compare(.mid, old.mid, new.mid)
        compare(.transportProtocol, old.protocolName, new.protocolName)
        compare(.port, old.portText, new.portText)
        compareAll(.information, old.informationLines, new.informationLines)
        compareAll(.bandwidth, old.bandwidths.map(\.line), new.bandwidths.map(\.line))
        if !(old.isRTP || new.isRTP) {
            compareAll(.format, old.formats, new.formats)
        } else if !old.saysTheSameOfCodecs(as: new) {
            compareCodecs(old, new)
        }
        compareStreams(old, new)
        compareTransport(old, new)
        compareAttributes(old.attributes, new.attributes, except: mediaNames)
        compareAll(.line, old.extraLines.map(\.text), new.extraLines.map(\.text))
    }

    private mutating func compareCodecs(_ old: MediaDescription, _ new: MediaDescription) {
        codecBudget -= max(old.formats.count, new.formats.count)
        guard codecBudget >= 0 else {
            return compare(
                .format,
                old.formats.joined(separator: " "),
                new.formats.joined(separator: " ")
            )
        }
        compareCodecs(CodecTable(old), CodecTable(new))
    }

    private mutating func compareStreams(_ old: MediaDescription, _ new: MediaDescription) {
        if old.has("rid") || new.has("rid") {
            compareAll(.rid, old.ridTexts(CodecTable(old)), new.ridTexts(CodecTable(new)))
        }
        compare(.simulcast, old.value(of: "simulcast"), new.value(of: "simulcast"))
        compareAll(.stream, old.values(of: "msid"), new.values(of: "msid"))
        compareAll(.source, old.values(of: "ssrc"), new.values(of: "ssrc"))
        compareAll(.sourceGroup, old.values(of: "ssrc-group"), new.values(of: "ssrc-group"))
    }

    private mutating func compareTransport(_ old: MediaDescription, _ new: MediaDescription) {
        compareAll(.multiplexing, old.multiplexing, new.multiplexing)
        compare(.rtcpAddress, old.value(of: "rtcp"), new.value(of: "rtcp"))
        compareAll(.candidate, old.values(of: "candidate"), new.values(of: "candidate"))
        compare(
            .candidate,
            old.isEndOfCandidates ? "end of candidates" : nil,
            new.isEndOfCandidates ? "end of candidates" : nil
        )
        compare(.tlsID, old.value(of: "tls-id"), new.value(of: "tls-id"))
        compare(.sctpPort, old.value(of: "sctp-port"), new.value(of: "sctp-port"))
        compare(
            .messageSize,
            old.value(of: "max-message-size"),
            new.value(of: "max-message-size")
        )
    }
}

extension MediaDescription {
    /// Whether the lines about codecs are the same, word by word.
    fileprivate func saysTheSameOfCodecs(as other: MediaDescription) -> Bool {
        formats == other.formats
            && attributes.lazy.filter(\.isAboutCodecs)
                .elementsEqual(other.attributes.lazy.filter(\.isAboutCodecs))
    }

    fileprivate var portText: String { portCount.map { "\(port)/\($0)" } ?? String(port) }

    fileprivate var informationLines: [String] { information.map { ["i=\($0)"] } ?? [] }

    fileprivate var multiplexing: [String] {
        ["rtcp-mux", "rtcp-mux-only"].filter { has($0) }
    }

    /// The encodings with codecs in place of their numbers.
    fileprivate func ridTexts(_ table: CodecTable) -> [String] {
        all(RIDAttribute.self).map { rid in
            var rid = rid
            // Enough for every payload type there is.
            rid.formats = table.labels(of: Array(rid.formats.prefix(128)))
            return rid.value
        }
    }
}

extension SDPAttribute {
    fileprivate var isAboutCodecs: Bool { name == "rtpmap" || name == "fmtp" || name == "rtcp-fb" }
}

/// Attributes of a section that are compared by themselves.
private let mediaNames: Set<String> = [
    "mid", "rtpmap", "fmtp", "rtcp-fb", "extmap", "rid", "simulcast", "msid", "ssrc", "ssrc-group",
    "rtcp-mux", "rtcp-mux-only", "rtcp", "candidate", "end-of-candidates", "tls-id", "sctp-port",
    "max-message-size", "fingerprint", "setup", "ice-ufrag", "ice-pwd", "ice-options",
]
