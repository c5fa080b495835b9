import SDP

// What an answer may say of formats, extensions and encodings.
extension AnswerRules {
    mutating func checkFormats(
        _ ours: MediaDescription,
        _ theirs: MediaDescription,
        _ index: Int
    ) {
        let offered = Set(theirs.payloadTypes)
        for type in ours.payloadTypes {
            let isSame = offered.contains(type) && sameMeaning(type, ours, theirs)
            report.require(isSame, .answeredFormats, in: index, "\(type)")
            guard isSame else { continue }
            report.require(
                sameParameters(type, ours, theirs),
                .answeredParameters,
                in: index,
                "\(type)"
            )
            let feedback = Set(theirs.rtcpFeedback(of: type).map(Feedback.init))
            for own in ours.rtcpFeedback(of: type).map(Feedback.init) {
                report.require(
                    feedback.contains(own),
                    .answeredFeedback,
                    in: index,
                    "\(type) \(own)"
                )
            }
        }
        let carriesMedia = ours.payloadTypes.contains { ours.carriesMedia($0) }
        report.require(carriesMedia, .mediaFormat, in: index)
    }

    private func sameMeaning(
        _ type: UInt8,
        _ ours: MediaDescription,
        _ theirs: MediaDescription
    ) -> Bool {
        // What the offer leaves out, the answer may say.
        guard let offered = theirs.meaning(of: type) else { return true }
        return ours.meaning(of: type) == offered
    }

    /// Whether what defines a format is the same: profiles, modes, and what is retransmitted.
    private func sameParameters(
        _ type: UInt8,
        _ ours: MediaDescription,
        _ theirs: MediaDescription
    ) -> Bool {
        func parameters(_ media: MediaDescription) -> CodecParameters? {
            guard let map = media.effectiveRTPMap(of: type) else { return nil }
            let stated = media.formatParameters(of: type)
            let attribute = stated ?? FormatParametersAttribute(payloadType: type)
            return try? CodecParameters(attribute, encoding: map.encoding)
        }
        switch (parameters(ours), parameters(theirs)) {
        case (.h264(let own), .h264(let other)): return own.isSameFormat(as: other)
        case (.h265(let own), .h265(let other)): return own.isSameFormat(as: other)
        case (.vp9(let own), .vp9(let other)): return own.isSameFormat(as: other)
        case (.av1(let own), .av1(let other)): return own.isSameFormat(as: other)
        case (.rtx(let own), .rtx(let other)): return own.isSameFormat(as: other)
        case (_, nil): return true
        case (nil, _): return false
        case (.opus?, _), (.vp8?, _), (.red?, _), (.other?, _), (.h264?, _), (.h265?, _),
            (.vp9?, _), (.av1?, _), (.rtx?, _):
            return true
        }
    }

    mutating func checkExtensions(
        _ ours: MediaDescription,
        _ theirs: MediaDescription,
        _ index: Int
    ) {
        let offered = offer.description.extensionMaps(for: theirs)
        for map in answer.description.extensionMaps(for: ours) {
            // RFC 8285 §7: from 4096, the offer lets the answerer choose an id.
            let source = offered.first { $0.uri == map.uri && ($0.id == map.id || $0.isToBeChosen) }
            report.require(source != nil, .answeredExtensions, in: index, map.value)
            guard let source else { continue }
            let possible = (source.direction ?? .sendReceive).reversed
            let own = map.direction ?? .sendReceive
            report.require(
                own.intersection(possible) == own,
                .extensionDirection,
                in: index,
                map.value
            )
        }
    }

    mutating func checkEncodings(
        _ ours: MediaDescription,
        _ theirs: MediaDescription,
        _ index: Int
    ) {
        for rid in ours.rids {
            let isTurned = theirs.rids.contains { $0.id == rid.id && $0.isSent != rid.isSent }
            report.require(isTurned, .answeredRIDs, in: index, rid.id)
        }
        guard let simulcast = ours.simulcast else { return }
        let offered = theirs.simulcast ?? SimulcastAttribute()
        let fits =
            isReduced(simulcast.sent, of: offered.received)
            && isReduced(simulcast.received, of: offered.sent)
        report.require(fits, .answeredSimulcast, in: index, simulcast.value)
    }

    /// Whether each stream is one of the offered ones, each used once, with no more alternatives.
    private func isReduced(
        _ streams: [[SimulcastAttribute.Alternative]],
        of offered: [[SimulcastAttribute.Alternative]]
    ) -> Bool {
        var left = offered.map { Set($0.map(\.rid)) }
        for stream in streams {
            let names = Set(stream.map(\.rid))
            guard let place = left.firstIndex(where: { $0.isSuperset(of: names) }) else {
                return false
            }
            left.remove(at: place)
        }
        return true
    }
}

/// Feedback without its payload type.
private struct Feedback: Hashable, CustomStringConvertible {
    var kind: String
    var parameter: String?

    init(_ attribute: RTCPFeedbackAttribute) {
        kind = attribute.kind
        parameter = attribute.parameter
    }

    var description: String { "\(kind) \(parameter ?? "")" }
}
