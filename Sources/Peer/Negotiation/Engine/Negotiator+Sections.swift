import SDP
import Wire

// What the media modules are told: today the audio sections that carry Opus.
extension Negotiator {
    mutating func tellSections(_ pair: Agreement, _ outcome: inout NegotiationOutcome) {
        var sections: [SectionParameters] = []
        for transceiver in transceivers.list where transceiver.kind == .audio {
            guard let place = transceiver.negotiated.place,
                pair.remote.sections.indices.contains(place.index)
            else { continue }
            let namesMid = pair.remote.sections[place.index].namesMid
            if let section = parameters(of: transceiver, place, pair.local, namesMid: namesMid) {
                sections.append(section)
            }
        }
        outcome.sections = sections
    }

    private func parameters(
        of transceiver: Transceiver,
        _ place: Transceiver.Place,
        _ local: LocalDescription,
        namesMid: Bool
    ) -> SectionParameters? {
        let negotiated = transceiver.negotiated
        guard let direction = negotiated.currentDirection, let opus = negotiated.codecs.opus,
            let transport = slots[place.index].transport,
            case .media(_, let media) = local.sections[place.index].content
        else { return nil }
        let hasRoom = namesMid && place.mid.utf8.count <= longestMID
        return SectionParameters(
            id: transceiver.id,
            mid: place.mid,
            component: transport,
            sendSSRC: transceiver.sender.ssrc,
            sends: direction.sends,
            receives: direction.receives,
            sendFormat: AudioSendStream.Format(
                payloadType: opus.sendPayloadType ?? opus.payloadType,
                midExtension: hasRoom ? negotiated.id(of: .midURI) : nil,
                levelExtension: negotiated.id(of: .audioLevelURI),
                mid: place.mid
            ),
            receivePayloadTypes: media.codecs.map(\.payloadType),
            remoteSSRCs: negotiated.remote?.ssrcs ?? [],
            midExtension: namesMid ? negotiated.id(of: .midURI) : nil
        )
    }
}

extension Transceiver.Negotiated {
    fileprivate func id(of uri: String) -> UInt8? { extensions.first { $0.uri == uri }?.id }
}

extension String {
    fileprivate static let midURI = ExtensionMapAttribute.midURI
    fileprivate static let audioLevelURI = ExtensionMapAttribute.audioLevelURI
}

/// What a one-byte header extension holds (RFC 8285 §4.2); longer ones are told by SSRC alone.
private let longestMID = 16
