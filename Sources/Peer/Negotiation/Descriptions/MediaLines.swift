import SDP

/// The lines about formats and sources of one section, as they come.
struct MediaLines {
    private let kind: String
    private let payloadTypes: [UInt8]
    private var maps: [UInt8: RTPMapAttribute] = [:]
    private var parameters: [UInt8: FormatParametersAttribute] = [:]
    private var feedback: [UInt8: [String]] = [:]
    private var feedbackOfAll: [String] = []
    private var extensions: [ExtensionMapAttribute] = []
    private var found = RemoteMedia()

    init(_ media: MediaDescription) {
        kind = media.kind
        var seen = Set<UInt8>()
        payloadTypes = media.payloadTypes.filter { seen.insert($0).inserted }
    }

    mutating func take(_ attribute: SDPAttribute) {
        switch attribute.name {
        case "rtpmap":
            if let map = RTPMapAttribute(attribute), maps[map.payloadType] == nil {
                maps[map.payloadType] = map
            }
        case "fmtp":
            if let typed = FormatParametersAttribute(attribute), let type = typed.payloadType,
                parameters[type] == nil
            {
                parameters[type] = typed
            }
        case "rtcp-fb": RTCPFeedbackAttribute(attribute).map { take($0) }
        case "extmap":
            if extensions.count < maximumLines, let map = ExtensionMapAttribute(attribute) {
                extensions.append(map)
            }
        case "ssrc":
            // A section with one source has one; repair and simulcast bring a few more.
            if found.ssrcs.count < maximumLines, let ssrc = SSRCAttribute(attribute)?.ssrc,
                !found.ssrcs.contains(ssrc)
            {
                found.ssrcs.append(ssrc)
            }
        case "msid":
            if found.streamIDs.count < maximumLines, let id = MSIDAttribute(attribute)?.streamID,
                id != MSIDAttribute.noStream, !found.streamIDs.contains(id)
            {
                found.streamIDs.append(id)
            }
        case "rid":
            if found.rids.count < maximumLines, let rid = RIDAttribute(attribute) {
                found.rids.append(rid)
            }
        case "simulcast":
            guard found.simulcast == nil, let typed = SimulcastAttribute(attribute) else { break }
            found.simulcast = SimulcastAttribute(
                sent: MediaLines.cut(typed.sent),
                received: MediaLines.cut(typed.received)
            )
        case "rtcp-rsize": found.hasReducedSizeRTCP = true
        case "extmap-allow-mixed": found.mixesExtensions = true
        default: break
        }
    }

    private static func cut(
        _ streams: [[SimulcastAttribute.Alternative]]
    ) -> [[SimulcastAttribute.Alternative]] {
        streams.prefix(maximumLines).map { Array($0.prefix(maximumLines)) }
    }

    private mutating func take(_ attribute: RTCPFeedbackAttribute) {
        let text = attribute.parameter.map { "\(attribute.kind) \($0)" } ?? attribute.kind
        guard let type = attribute.payloadType else {
            if feedbackOfAll.count < maximumLines { feedbackOfAll.append(text) }
            return
        }
        if feedback[type, default: []].count < maximumLines {
            feedback[type, default: []].append(text)
        }
    }

    /// All that was read; extensions of the session hold where the section has not taken the id.
    func media(_ shared: [SectionExtension]) -> RemoteMedia {
        var media = found
        media.codecs = payloadTypes.compactMap { codec($0) }
        let own = MediaLines.unambiguous(extensions)
        media.extensions =
            if own.isEmpty {
                shared
            } else if shared.isEmpty {
                own
            } else {
                own
                    + shared.filter { map in !own.contains { $0.id == map.id || $0.uri == map.uri }
                    }
            }
        return media
    }

    /// Extensions of which each has an id for itself, and each id one of them.
    static func unambiguous(_ maps: [ExtensionMapAttribute]) -> [SectionExtension] {
        guard !maps.isEmpty else { return [] }
        var ids = Set<UInt16>()
        var uris = Set<String>()
        return maps.prefix(maximumLines).compactMap { map in
            guard let id = UInt8(exactly: map.id), id > 0, ids.insert(map.id).inserted,
                uris.insert(map.uri).inserted
            else { return nil }
            return SectionExtension(id: id, uri: map.uri, direction: map.direction)
        }
    }

    private func codec(_ type: UInt8) -> RemoteCodec? {
        guard let map = maps[type] ?? implied(type) else { return nil }
        let parameters = parameters[type]
        let purpose = CodecCapability.Purpose(encoding: map.encoding)
        let repeats = purpose == .retransmission ? parameters?["apt"].flatMap { UInt8($0) } : nil
        return RemoteCodec(
            payloadType: type,
            key: FormatKey(
                name: map.encoding,
                clockRate: map.clockRate,
                channels: map.channels,
                parameters: parameters?.parameters ?? []
            ),
            purpose: purpose,
            repeats: repeats,
            pictureLevel: isH264(map) ? H264Level(parameters?.parameters ?? []) : nil,
            feedback: (feedback[type] ?? []) + feedbackOfAll
        )
    }

    private func isH264(_ map: RTPMapAttribute) -> Bool { map.encoding.lowercased() == "h264" }

    /// A payload type without rtpmap: RFC 3551 §6 says what the static ones are.
    ///
    /// Programs exist that offer one dynamic audio type and say nothing about it: it is Opus.
    private func implied(_ type: UInt8) -> RTPMapAttribute? {
        let name: String
        switch type {
        case 0: name = "PCMU"
        case 8: name = "PCMA"
        case 9: name = "G722"
        case 13: name = "CN"
        case 96...127 where kind == "audio" && maps.isEmpty && payloadTypes.count == 1:
            return RTPMapAttribute(
                payloadType: type,
                encoding: "opus",
                clockRate: 48_000,
                channels: 2
            )
        default: return nil
        }
        return RTPMapAttribute(payloadType: type, encoding: name, clockRate: 8_000)
    }
}

/// More of one kind in one section is no honest peer.
private let maximumLines = 32
