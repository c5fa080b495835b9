extension CodecTable {
    /// One line for each codec, in order of preference.
    var explanations: [String] {
        codecs.map { codec in
            "\(codec.payloadType) \(codec.explanation)"
                + (feedbackWords(of: codec).map { "; feedback \($0)" } ?? "")
        }
    }

    private func feedbackWords(of codec: Codec) -> String? {
        let kinds = feedback(of: codec.payloadType)
        return kinds.isEmpty ? nil : listed(kinds)
    }
}

extension Codec {
    /// Name, rate and channels, what it is for, and its parameters.
    fileprivate var explanation: String {
        let parts = (label.split(separator: " ").first ?? "").split(separator: "/")
        let name = parts.first.map(String.init) ?? label
        var text = name.unicodeScalars.count > 40 ? quoted(name) : name
        if parts.count > 1, let rate = Int(parts[1]) {
            text += rate % 1_000 == 0 ? ", \(rate / 1_000) kHz" : ", \(rate) Hz"
        }
        if parts.count > 2 { text += ", \(parts[2]) channels" }
        text += meanings[name.lowercased()].map { ": \($0)" } ?? ""
        if let target { text += " of \(String(target.unicodeScalars.prefix(40)))" }
        guard !parameters.isEmpty else { return text }
        let names = parameters.keys.sorted().prefix(12)
        let list = names.map { name in
            let value = parameters[name] ?? ""
            let word = value.isEmpty ? name : "\(name)=\(value)"
            return word.unicodeScalars.count > 80 ? quoted(word) : word
        }
        return text + "; " + list.joined(separator: ", ")
    }
}

/// What codecs are for.
private let meanings: [String: String] = [
    "opus": "speech and music",
    "pcmu": "telephone speech, G.711 µ-law",
    "pcma": "telephone speech, G.711 A-law",
    "g722": "wideband telephone speech",
    "g729": "narrow telephone speech",
    "gsm": "mobile telephone speech",
    "ilbc": "telephone speech that survives loss",
    "isac": "wideband speech of old browsers",
    "speex": "speech",
    "cn": "comfort noise",
    "telephone-event": "keys of a telephone",
    "red": "redundant copies",
    "vp8": "video",
    "vp9": "video",
    "h264": "video",
    "h265": "video",
    "av1": "video",
    "rtx": "retransmission",
    "ulpfec": "error correction",
    "flexfec": "error correction",
    "flexfec-03": "error correction",
]
