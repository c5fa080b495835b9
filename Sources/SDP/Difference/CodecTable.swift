/// One codec of a section, with numbers replaced by what they stand for.
struct Codec {
    /// The payload type.
    var payloadType: UInt8
    /// What the rtpmap says, and for a retransmission or redundant format, of what.
    var label: String
    /// The parameters, names in lower case, sorted.
    var parameters: [String: String]
    /// What is repeated, for a retransmission.
    var target: String?
    /// What is equal for the same codec in two descriptions, whatever the numbers.
    var key: String

    /// The label with the payload type, to tell several codecs of one name apart.
    var name: String { "\(label) (\(payloadType))" }

    /// The label with the parameters.
    var text: String {
        guard !parameters.isEmpty else { return label }
        return "\(label) (\(parameters.sortedText))"
    }
}

/// The codecs of a section in order of preference, and their feedback.
struct CodecTable {
    let codecs: [Codec]
    private let feedback: [UInt8: [String]]
    private let sharedFeedback: [String]

    init(_ media: MediaDescription) {
        var labels: [UInt8: String] = [:]
        for map in media.rtpMaps where labels[map.payloadType] == nil {
            // Cut, as below: a label is repeated for each retransmission of it.
            labels[map.payloadType] = String(map.label.unicodeScalars.prefix(40))
        }
        var parameters: [UInt8: [String: String]] = [:]
        for format in media.formatParameters {
            guard let type = format.payloadType, parameters[type] == nil else { continue }
            parameters[type] = format.table
        }
        // Made once: a hundred retransmissions may name one format with very long parameters.
        let texts = parameters.mapValues(\.sortedText)
        var seen: Set<UInt8> = []
        codecs = media.payloadTypes.filter { seen.insert($0).inserted }.map { type in
            Codec(type, labels: labels, parameters: parameters, texts: texts)
        }
        var feedback: [UInt8: [String]] = [:]
        var shared: [String] = []
        for line in media.rtcpFeedback {
            let text = line.kind + (line.parameter.map { " \($0)" } ?? "")
            if let type = line.payloadType {
                feedback[type, default: []].append(text)
            } else {
                shared.append(text)
            }
        }
        self.feedback = feedback
        // Enough for every kind there is: each line counts for every codec.
        sharedFeedback = shared.prefix(16).removingDuplicates()
    }

    /// The feedback that holds for a payload type, each kind once.
    func feedback(of payloadType: UInt8) -> [String] {
        guard let own = feedback[payloadType] else { return sharedFeedback }
        return (own + sharedFeedback).removingDuplicates()
    }

    /// A list of payload types as what they stand for.
    func labels(of formats: [String]) -> [String] {
        let labels = Dictionary(codecs.map { (String($0.payloadType), $0.label) }) { first, _ in
            first
        }
        return formats.map { labels[$0] ?? $0 }
    }
}

extension Codec {
    fileprivate init(
        _ type: UInt8,
        labels: [UInt8: String],
        parameters all: [UInt8: [String: String]],
        texts: [UInt8: String]
    ) {
        payloadType = type
        var label = labels[type] ?? staticLabel(type)
        var parameters = all[type] ?? [:]
        var text = texts[type] ?? ""
        // RFC 4588 §8.1: a retransmission is known by what it repeats, not by a number.
        var keySuffix = ""
        if let apt = parameters["apt"].flatMap({ UInt8(digits: $0.utf8) }) {
            parameters["apt"] = nil
            text = parameters.sortedText
            let repeated = labels[apt] ?? staticLabel(apt)
            target = repeated
            label += " for \(repeated)"
            keySuffix = " for \((texts[apt] ?? "").prefix(200))"
        }
        // RFC 2198 §5: the parameters of RED are numbers of other formats.
        if parameters.count <= 8, label.lowercased().hasPrefix("red/") {
            parameters = Dictionary(
                parameters.map { name, value in
                    let parts = name.split(separator: "/").prefix(8).map { part in
                        UInt8(part).flatMap { labels[$0] } ?? String(part)
                    }
                    return (parts.joined(separator: " "), value)
                },
                uniquingKeysWith: { first, _ in first }
            )
            text = parameters.sortedText
        }
        self.label = label
        self.parameters = parameters
        key = "\(label.lowercased()) \(text)\(keySuffix)"
    }
}

extension [String: String] {
    /// The parameters as in an fmtp line, sorted by name.
    fileprivate var sortedText: String {
        sorted { $0.key < $1.key }.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }
            .joined(separator: ";")
    }
}

extension RTPMapAttribute {
    fileprivate var label: String {
        let suffix = channels.map { $0 > 1 ? "/\($0)" : "" } ?? ""
        return "\(encoding)/\(clockRate)\(suffix)"
    }
}

extension FormatParametersAttribute {
    fileprivate var table: [String: String] {
        // Far more than any codec has.
        let pairs = parameters.prefix(256).map { ($0.name.lowercased(), $0.value ?? "") }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension Sequence<String> {
    /// The elements, each once.
    fileprivate func removingDuplicates() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

/// What RFC 3551 §6 calls a payload type without rtpmap.
private func staticLabel(_ payloadType: UInt8) -> String { staticLabels[Int(payloadType)] }

private let staticLabels: [String] = (0...UInt8.max).map { payloadType in
    RTPMapAttribute.assigned(to: payloadType)?.label ?? "payload type \(payloadType)"
}
