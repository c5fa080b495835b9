import SDP

// What a section says of its formats and sources.
extension SectionWriter {
    /// RFC 8830 §2: one line for each stream, or one that says there is none.
    func addStreams(
        _ media: LocalMedia,
        of sender: Transceiver.Sender,
        to section: inout MediaDescription
    ) {
        let track = sender.announcedTrackID
        guard !media.streamIDs.isEmpty else {
            return section.append("msid", "\(MSIDAttribute.noStream) \(track)")
        }
        for stream in media.streamIDs { section.append("msid", "\(stream) \(track)") }
    }

    func add(
        _ codec: SectionCodec,
        among codecs: [SectionCodec],
        to section: inout MediaDescription
    ) {
        let type = String(codec.payloadType)
        var map = "\(type) \(codec.codec.name)/\(codec.codec.clockRate)"
        if let channels = codec.codec.channels, channels > 1 { map += "/\(channels)" }
        section.attributes.append(SDPAttribute("rtpmap", map))
        for feedback in codec.codec.feedback {
            section.attributes.append(SDPAttribute("rtcp-fb", "\(type) \(feedback)"))
        }
        let parameters = codec.parameters(among: codecs)
        guard !parameters.isEmpty else { return }
        var line = type
        for (index, parameter) in parameters.enumerated() {
            line += index == 0 ? " " : ";"
            line += parameter.name
            if let value = parameter.value { line += "=\(value)" }
        }
        section.attributes.append(SDPAttribute("fmtp", line))
    }

    /// RFC 8853 §5.1, RFC 8851 §4.
    func addSimulcast(_ media: LocalMedia, to section: inout MediaDescription) {
        for encoding in media.sent { section.append("rid", "\(encoding.rid) send") }
        for encoding in media.received { section.append("rid", "\(encoding.rid) recv") }
        guard media.sent.count > 1 || !media.received.isEmpty else { return }
        section.append(
            SimulcastAttribute(
                sent: media.sent.count > 1 ? media.sent.map { [$0] } : [],
                received: media.received.map { [$0] }
            )
        )
    }

    /// RFC 5576 §4.1, and the source of packets that repeat others (RFC 4588 §8.8).
    func addSources(
        _ media: LocalMedia,
        of sender: Transceiver.Sender,
        to section: inout MediaDescription
    ) {
        let repeats = media.codecs.contains { $0.purpose == .retransmission }
        if repeats {
            section.append("ssrc-group", "FID \(sender.ssrc) \(sender.repairSSRC)")
        }
        section.append("ssrc", "\(sender.ssrc) cname:\(identity.cname)")
        if repeats { section.append("ssrc", "\(sender.repairSSRC) cname:\(identity.cname)") }
    }
}
