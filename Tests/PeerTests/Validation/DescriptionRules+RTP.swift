import SDP

// Formats, extensions, streams and bundles.
extension DescriptionRules {
    mutating func checkRTP(_ media: MediaDescription, _ index: Int) {
        checkFormats(media, index)
        checkExtensions(media, index)
        checkEncodings(media, index)
        let directions = media.attributes.filter { MediaDirection(rawValue: $0.name) != nil }
        report.require(directions.count == 1, .direction, in: index)
        let sends = view.direction(of: index).sends
        // What an answerer would send, but for the offer's direction, may have its msid.
        let isNamed = media.has("msid") == sends || isAnswer && !sends
        report.require(isNamed, .msid, in: index)
    }

    private mutating func checkFormats(_ media: MediaDescription, _ index: Int) {
        let types = media.payloadTypes
        let areNumbers = types.count == media.formats.count && Set(types).count == types.count
        report.require(areNumbers, .payloadTypes, in: index)
        // RFC 5761 §4: 64 to 95 look like RTCP's 192 to 223; 96 and up are the usual choice, and
        // what is below 64 is free where it is static or mapped.
        report.require(!types.contains { 64...95 ~= $0 }, .rtcpConflict, in: index)
        let maps = media.rtpMaps
        for type in types {
            let count = maps.filter { $0.payloadType == type }.count
            report.require(count == 1, .rtpMap, in: index, "\(type)")
        }
        var named = maps.map { Optional($0.payloadType) }
        named += media.formatParameters.map(\.payloadType)
        named += media.rtcpFeedback.compactMap { $0.payloadType.map(Optional.some) }
        for type in named {
            let isKnown = type.map { types.contains($0) } ?? false
            report.require(isKnown, .strayFormat, in: index, "\(type.map { Int($0) } ?? -1)")
        }
        for map in maps where map.encoding.lowercased() == "opus" {
            report.require(map.clockRate == 48_000 && map.channels == 2, .opusFormat, in: index)
        }
        for parameters in media.formatParameters {
            guard let type = parameters.payloadType, let map = media.rtpMap(of: type) else {
                continue
            }
            let typed = try? CodecParameters(parameters, encoding: map.encoding)
            report.require(typed != nil, .codecParameters, in: index, parameters.value)
            switch typed {
            case .rtx(let rtx):
                let type = rtx.associatedPayloadType
                report.require(types.contains(type), .retransmitted, in: index, "\(type)")
            case .red(let red):
                let isKnown = Set(types).isSuperset(of: red.payloadTypes)
                report.require(isKnown, .redundant, in: index, parameters.value)
            case nil, .opus, .h264, .h265, .vp8, .vp9, .av1, .other: break
            }
        }
    }

    private mutating func checkExtensions(_ media: MediaDescription, _ index: Int) {
        let maps = view.description.extensionMaps(for: media)
        report.require(
            Set(media.extensionMaps.map(\.id)).count == media.extensionMaps.count,
            .extensionIDs,
            in: index
        )
        let names = maps.map { "\($0.uri) \($0.extensionAttributes ?? "")" }
        report.require(Set(names).count == names.count, .extensionURIs, in: index)
        let allowsMixed = view.description.isExtmapAllowMixed(for: media)
        for map in maps {
            let fits =
                map.fitsOneByteHeader || map.fitsTwoByteHeader && (map.id != 15 || allowsMixed)
            report.require(fits, .extensionRange, in: index, "\(map.id)")
        }
    }

    private mutating func checkEncodings(_ media: MediaDescription, _ index: Int) {
        let rids = media.rids
        report.require(Set(rids.map(\.id)).count == rids.count, .uniqueRIDs, in: index)
        for rid in rids {
            let isKnown = Set(rid.formats).isSubset(of: media.formats)
            report.require(isKnown, .ridFormats, in: index, rid.id)
        }
        guard let simulcast = media.simulcast else { return }
        let sent = Set(rids.filter(\.isSent).map(\.id))
        let received = Set(rids.filter { !$0.isSent }.map(\.id))
        let isKnown =
            sent.isSuperset(of: simulcast.sent.joined().map(\.rid))
            && received.isSuperset(of: simulcast.received.joined().map(\.rid))
        report.require(isKnown, .ridPresent, in: index)
    }

    /// What sections of one bundle have to agree on.
    mutating func checkBundles() {
        for bundle in view.bundles {
            var formats: [UInt8: String] = [:]
            var extensions: [UInt16: String] = [:]
            for index in bundle.compactMap({ view.index(ofMID: $0) }) {
                let media = view.media[index]
                guard media.isRTP, !media.isRejected else { continue }
                for type in media.payloadTypes {
                    let fmtp = media.formatParameters(of: type)?.value ?? ""
                    let meaning = "\(media.kind) \(media.meaning(of: type) ?? "") \(fmtp)"
                    let first = formats[type] ?? meaning
                    report.require(first == meaning, .bundledFormats, in: index, "\(type)")
                    formats[type] = first
                }
                for map in view.description.extensionMaps(for: media) {
                    let first = extensions[map.id] ?? map.uri
                    report.require(first == map.uri, .bundledExtensions, in: index, "\(map.id)")
                    extensions[map.id] = first
                }
            }
        }
    }
}
