/// Tells what one media section says.
struct MediaExplanation {
    private let media: MediaDescription
    private let inherited: InheritedFacts
    /// The mid of the section whose transport this one rides on.
    private let carrier: String?
    /// Whether codecs are told one by one.
    private let listsCodecs: Bool

    init(
        _ media: MediaDescription,
        _ inherited: InheritedFacts,
        carrier: String?,
        listsCodecs: Bool
    ) {
        self.media = media
        self.inherited = inherited
        self.carrier = carrier
        self.listsCodecs = listsCodecs
    }

    func section(_ index: Int) -> SDPExplanation.Section {
        let name = "Section \(index): \(media.kind)" + (media.mid.map { ", mid \($0)" } ?? "")
        guard !media.isRejected else { return SDPExplanation.Section(name + ", rejected", []) }
        let isData = media.protocolName.hasSuffix("DTLS/SCTP")
        let title = isData ? name + ", data channels" : name + ", " + directionWords
        let facts = (isData ? dataFacts : mediaFacts) + transportFacts + attributeFacts
        return SDPExplanation.Section(title, facts.filter { !$0.lines.isEmpty })
    }

    private var directionWords: String {
        switch inherited.direction {
        case .sendReceive: "sends and receives"
        case .sendOnly: "sends"
        case .receiveOnly: "receives"
        case .inactive: "neither sends nor receives"
        }
    }

    // MARK: Content

    private var mediaFacts: [SDPExplanation.Fact] {
        guard media.isRTP else { return [.init("formats", [listed(media.formats)])] }
        return [
            .init("codecs", codecLines),
            .init("simulcast", simulcastLines),
            .init("streams", streamLines),
            .init("sources", sourceLines),
            .init("header extensions", extensionLines),
            .init("bandwidth", media.bandwidths.prefix(8).map(\.explanation)),
        ]
    }

    private var dataFacts: [SDPExplanation.Fact] {
        let port = media.sctpPort.map { "SCTP port \($0)" }
        let size = media.maximumMessageSize.map { size in
            size == 0 ? "messages of any size" : "messages of at most \(size) bytes"
        }
        let old = media.value(of: "sctpmap").map { "in the form of old drafts, \(quoted($0))" }
        let words = [port ?? old, size].compactMap(\.self)
        return [.init("channels", words.isEmpty ? [] : [words.joined(separator: ", ")])]
    }

    private var codecLines: [String] {
        listsCodecs ? CodecTable(media).explanations : [listed(media.formats)]
    }

    private var simulcastLines: [String] {
        guard let simulcast = media.simulcast else { return [] }
        func line(_ verb: String, _ streams: [[SimulcastAttribute.Alternative]]) -> String? {
            guard !streams.isEmpty else { return nil }
            let names = streams.prefix(12).map { alternatives in
                alternatives.prefix(12).map { $0.isPaused ? "\($0.rid) (paused)" : $0.rid }
                    .joined(separator: " or ")
            }
            let count = streams.count
            return "\(verb) \(count) encoding\(count == 1 ? "" : "s"): \(listed(names))"
        }
        return [line("sends", simulcast.sent), line("receives", simulcast.received)]
            .compactMap(\.self)
    }

    private var streamLines: [String] {
        media.msids.prefix(8).map { msid in
            let stream =
                msid.streamID == MSIDAttribute.noStream
                ? "no stream" : "stream \(quoted(msid.streamID))"
            return stream + (msid.trackID.map { ", track \(quoted($0))" } ?? "")
        }
    }

    private var sourceLines: [String] {
        var seen: Set<UInt32> = []
        let sources = media.ssrcs.map(\.ssrc).filter { seen.insert($0).inserted }
        guard !sources.isEmpty else { return [] }
        let groups = media.ssrcGroups.prefix(8).map { group in
            let list = listed(group.ssrcs.map { String($0) })
            return switch group.semantics {
            case "FID": "\(list): media and its retransmission"
            case "FEC-FR": "\(list): media and its error correction"
            case "SIM": "\(list): encodings of one picture"
            default: "\(list): group \(quoted(group.semantics))"
            }
        }
        return groups.isEmpty ? [listed(sources.map { String($0) })] : Array(groups)
    }

    private var extensionLines: [String] {
        let extensions = inherited.transport.extensions
        // No more than are listed.
        let names = extensions.prefix(12).map(extensionName)
        return names.isEmpty ? [] : [listed(names, of: extensions.count)]
    }

    // MARK: The rest

    private var transportFacts: [SDPExplanation.Fact] {
        if let carrier { return [.init("transport", ["that of mid \(carrier)"])] }
        let explanation = TransportExplanation(media, inherited)
        return [
            .init("transport", [explanation.transport]),
            .init("ICE", explanation.ice),
            .init("DTLS", explanation.dtls),
            .init("candidates", explanation.candidates),
        ]
    }

    private var attributeFacts: [SDPExplanation.Fact] {
        var seen: Set<String> = []
        let names = media.attributes.map(\.name).filter { name in
            !explainedNames.contains(name) && seen.insert(name).inserted
        }
        return [
            .init(
                "also says",
                names.isEmpty ? [] : [listed(names.map { $0.isToken ? $0 : quoted($0) })]
            )
        ]
    }
}

/// The last part of an extension's address, which is what people call it.
private func extensionName(_ uri: String) -> String {
    let word = uri.utf8.prefix { $0 != space }
    let mark = word.lastIndex { $0 == slash || $0 == colon }
    return String(Substring(mark.map { word[$0...].dropFirst() } ?? word))
}

extension BandwidthLimit {
    fileprivate var explanation: String {
        switch kind {
        case "AS": "at most \(value) kbit/s with headers"
        case "CT": "at most \(value) kbit/s in all"
        case "TIAS": "at most \(value) bit/s without headers"
        case "RS": "\(value) bit/s of RTCP for senders"
        case "RR": "\(value) bit/s of RTCP for receivers"
        default: "\(quoted(kind)) \(value)"
        }
    }
}

/// What is told in other words.
private let explainedNames: Set<String> = [
    "mid", "rtpmap", "fmtp", "rtcp-fb", "extmap", "rid", "simulcast", "msid", "ssrc", "ssrc-group",
    "rtcp-mux", "rtcp-mux-only", "rtcp", "rtcp-rsize", "candidate", "end-of-candidates", "tls-id",
    "sctp-port", "sctpmap", "max-message-size", "fingerprint", "setup", "ice-ufrag", "ice-pwd",
    "ice-options", "sendrecv", "sendonly", "recvonly", "inactive", "bundle-only",
    "extmap-allow-mixed",
]
