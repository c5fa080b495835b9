import DTLS
import SDP

/// Writes answers (RFC 9429 §5.3): never a line about what the offer has and we do not support.
struct AnswerBuilder {
    let negotiator: Negotiator
    let offer: RemoteDescription

    func description() -> SDPDescription {
        var description = SectionBuilder.emptyDescription(of: negotiator.identity)
        for section in offer.sections {
            let isFirst = description.media.allSatisfy(\.isRejected)
            description.media.append(answer(to: section, isFirst: isFirst))
        }
        let grouped = Set(offer.sections.filter(\.isGrouped).map(\.mid))
        SectionBuilder.bundle(&description) { grouped.contains($0) }
        return description
    }

    private func answer(to section: RemoteSection, isFirst: Bool) -> MediaDescription {
        guard section.isUsable, let opus = section.opus,
            let transceiver = negotiator.transceivers.first(where: {
                $0.section?.index == section.index
            })
        else { return SectionBuilder.rejection(of: section) }
        let builder = SectionBuilder(identity: negotiator.identity, transceiver: transceiver)
        var media = builder.section(
            opus: opus,
            extensions: section.extensions,
            direction: transceiver.direction.intersection(section.direction.reversed),
            // RFC 9143 §7.3: the first accepted section speaks for the transport of all.
            transport: isFirst ? transport(answering: section.transport) : nil
        )
        // RFC 9429 §5.1.2: the answer repeats the profile of the offer, whatever it is.
        media.protocolName = section.protocolName
        if !section.namesMid { media.mid = nil }
        return media
    }

    private func transport(answering offered: RemoteTransport) -> SectionBuilder.Transport {
        SectionBuilder.Transport(
            setup: setup(answering: offered.setup),
            namesTLSID: offered.namesTLSID
        )
    }

    /// RFC 8842 §5.3: active where the offer lets us choose, and the role we have on later ones.
    private func setup(answering offered: SetupRole?) -> SetupRole {
        switch (offered, negotiator.agreedRole) {
        case (.active, _): .passive
        case (.passive, _): .active
        case (.actpass, .server?), (.holdconn, .server?), (nil, .server?): .passive
        case (.actpass, _), (.holdconn, _), (nil, _): .active
        }
    }
}
