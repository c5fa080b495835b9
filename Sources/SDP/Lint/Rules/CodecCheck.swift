/// What payload types mean.
enum CodecCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media where section.isRTP {
            checkMaps(section, &report)
            checkParameters(section, &report)
            checkPacketTime(section, &report)
        }
    }

    private static func checkMaps(_ section: LintMedia, _ report: inout LintReport) {
        var mapped: Set<UInt8> = []
        for map in section.attributes.codecs.maps {
            let type = map.value.payloadType
            let isNew = mapped.insert(type).inserted
            report.add(.repeatedRTPMap, map.line, if: !isNew, "payload type \(type) again")
            report.add(
                .unlistedRTPMap,
                map.line,
                if: !section.formats.contains(String(type)),
                "payload type \(type) is not in the m= line"
            )
            if let fixed = RTPMapAttribute.assigned(to: type), !map.value.isSameFormat(as: fixed) {
                report.add(
                    .staticPayloadType,
                    map.line,
                    "payload type \(type) is \(fixed.encoding), not \(quoted(map.value.encoding))"
                )
            }
            let isOpus = map.value.knownName == "opus"
            let isUsual = map.value.clockRate == 48_000 && map.value.channels == 2
            report.add(.opusRTPMap, map.line, if: isOpus && !isUsual, "\(quoted(map.value.value))")
        }
        // A rejected section lists formats for the form's sake only.
        guard !section.isRejected else { return }
        var reported: Set<UInt8> = []
        for type in section.description.payloadTypes
        where !mapped.contains(type) && !isStatic(payloadType: type) {
            let isNew = reported.insert(type).inserted
            report.add(
                .missingRTPMap,
                section.line,
                if: isNew,
                "payload type \(type) has no rtpmap"
            )
        }
    }

    private static func checkParameters(_ section: LintMedia, _ report: inout LintReport) {
        var seen: Set<String> = []
        let codecs = CodecIndex(section)
        for parameters in section.attributes.codecs.parameters {
            let format = parameters.value.format
            let isNew = seen.insert(format).inserted
            report.add(.repeatedFMTP, parameters.line, if: !isNew, "format \(quoted(format)) again")
            report.add(
                .unlistedFMTP,
                parameters.line,
                if: !section.formats.contains(format) && format != "*",
                "format \(quoted(format)) is not in the m= line"
            )
            switch codecs.encoding(of: format) {
            case "opus": checkOpus(parameters, &report)
            case "red": checkRED(parameters, section, &report)
            default: break  // Encodings whose parameters have no rule here.
            }
        }
        for map in section.attributes.codecs.maps where map.value.knownName == "rtx" {
            checkRetransmission(map, codecs, section, &report)
        }
    }

    private static func checkOpus(
        _ parameters: Placed<FormatParametersAttribute>,
        _ report: inout LintReport
    ) {
        for parameter in parameters.value.parameters.prefix(64) {
            let range: ClosedRange<Int>
            switch parameter.name.lowercased() {
            case "maxplaybackrate", "sprop-maxcapturerate": range = 8_000...48_000
            case "maxaveragebitrate": range = 6_000...510_000
            case "stereo", "sprop-stereo", "cbr", "useinbandfec", "usedtx": range = 0...1
            case "minptime": range = 3...120
            default: continue  // Parameters without a range.
            }
            let number = parameter.value.flatMap { Int(digits: $0.utf8) }
            let isRight = number.map { range.contains($0) } ?? false
            report.add(
                .opusParameter,
                parameters.line,
                if: !isRight,
                "\(quoted(parameter.text)) is not from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    private static func checkRED(
        _ parameters: Placed<FormatParametersAttribute>,
        _ section: LintMedia,
        _ report: inout LintReport
    ) {
        guard let list = parameters.value.parameters.first, list.value == nil else { return }
        let formats = list.name.split(separator: "/", maxSplits: 32)
        for format in formats where !section.formats.contains(String(format)) {
            report.add(
                .redUnknownFormat,
                parameters.line,
                "format \(quoted(format)) is not in the m= line"
            )
            break
        }
    }

    private static func checkRetransmission(
        _ map: Placed<RTPMapAttribute>,
        _ codecs: CodecIndex,
        _ section: LintMedia,
        _ report: inout LintReport
    ) {
        let type = map.value.payloadType
        guard let apt = codecs.parameters[String(type)]?["apt"] else {
            report.add(.rtxWithoutAPT, map.line, "payload type \(type) has no apt")
            return
        }
        guard section.formats.contains(apt) else {
            report.add(.rtxUnknownAPT, map.line, "payload type \(type) repeats \(quoted(apt))")
            return
        }
        guard let rate = codecs.maps[apt]?.clockRate, rate != map.value.clockRate else { return }
        report.add(
            .rtxClockRate,
            map.line,
            "payload type \(type) has \(map.value.clockRate) Hz, \(quoted(apt)) has \(rate) Hz"
        )
    }

    private static func checkPacketTime(_ section: LintMedia, _ report: inout LintReport) {
        let names = ["ptime", "maxptime"]
        let times = names.map { name in
            section.has(name) ? section.description.value(of: name).flatMap(Double.init) ?? -1 : nil
        }
        for (name, time) in zip(names, times) {
            guard let time, let line = section.attributes.firstLines[name] else { continue }
            report.add(.packetTime, line, if: !(time > 0), "\(name) is no positive number")
        }
        guard let time = times[0], let most = times[1], most > 0, time > most else { return }
        let line = section.attributes.firstLines["ptime"] ?? section.line
        report.add(.packetTime, line, "ptime is larger than maxptime")
    }
}

extension RTPMapAttribute {
    /// The encoding in lower case; nothing for what is too long to be one that rules know.
    var knownName: String { encoding.utf8.count <= 32 ? encoding.lowercased() : "" }
}

/// The codecs of a section by format.
struct CodecIndex {
    let maps: [String: RTPMapAttribute]
    let parameters: [String: FormatParametersAttribute]

    init(_ section: LintMedia) {
        let codecs = section.attributes.codecs
        maps = Dictionary(codecs.maps.map { (String($0.value.payloadType), $0.value) }) {
            first,
            _ in
            first
        }
        parameters = Dictionary(codecs.parameters.map { ($0.value.format, $0.value) }) { first, _ in
            first
        }
    }

    /// The name of a format's encoding in lower case.
    func encoding(of format: String) -> String? { maps[format]?.knownName }
}
