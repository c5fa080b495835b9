/// One codec of a section, with numbers replaced by what they stand for.
struct Codec {
    /// The payload type.
    var payloadType: UInt8
    /// What the rtpmap says, and for a retransmission or redundant format, of what.
    var label: String
    /// The parameters, names in lower case, sorted.
    var parameters: [String: String]
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
            labels[map.payloadType] = map.label
        }
        var parameters: [UInt8: [String: String]] = [:]
        for format in media.formatParameters {
            guard let type = format.payloadType, parameters[type] == nil else { continue }
            parameters[type] = format.table
        }
        var seen: Set<UInt8> = []
        codecs = media.payloadTypes.filter { seen.insert($0).inserted }.map { type in
            Codec(type, labels: labels, parameters: parameters)
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
        sharedFeedback = Array(shared.prefix(64))
    }

    /// The feedback that holds for a payload type, each kind once.
    func feedback(of payloadType: UInt8) -> [String] {
        var seen: Set<String> = []
        let all = (feedback[payloadType] ?? []) + sharedFeedback
        return all.filter { seen.insert($0).inserted }
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
        parameters all: [UInt8: [String: String]]
    ) {
        payloadType = type
        var label = labels[type] ?? staticLabels[type] ?? "payload type \(type)"
        var parameters = all[type] ?? [:]
        // RFC 4588 §8.1: a retransmission is known by what it repeats, not by a number.
        var keySuffix = ""
        if let apt = parameters["apt"].flatMap({ UInt8(digits: $0.utf8) }) {
            parameters["apt"] = nil
            label += " for \(labels[apt] ?? staticLabels[apt] ?? "payload type \(apt)")"
            // Cut, because a hundred formats may name one with very long parameters.
            keySuffix = " for " + (all[apt] ?? [:]).sortedText.prefix(200)
        }
        // RFC 2198 §5: the parameters of RED are numbers of other formats.
        if label.lowercased().hasPrefix("red/") {
            parameters = Dictionary(
                parameters.map { name, value in
                    let parts = name.split(separator: "/").prefix(8).map { part in
                        UInt8(part).flatMap { labels[$0] } ?? String(part)
                    }
                    return (parts.joined(separator: " "), value)
                },
                uniquingKeysWith: { first, _ in first }
            )
        }
        self.label = label
        self.parameters = parameters
        key = "\(label.lowercased()) \(parameters.sortedText)\(keySuffix)"
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
        Dictionary(parameters.map { ($0.name.lowercased(), $0.value ?? "") }) { first, _ in first }
    }
}

/// RFC 3551 §6: formats that need no rtpmap, those still in use.
let staticLabels: [UInt8: String] = [
    0: "PCMU/8000", 3: "GSM/8000", 4: "G723/8000", 8: "PCMA/8000", 9: "G722/8000", 13: "CN/8000",
    15: "G728/8000", 18: "G729/8000", 26: "JPEG/90000", 31: "H261/90000", 34: "H263/90000",
]
