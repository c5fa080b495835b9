import DTLS
import SDP

/// Writes answers (RFC 9429 §5.3): never a line about what the offer has and we do not support.
struct AnswerBuilder {
    let negotiator: Negotiator
    let offer: RemoteDescription

    func description() -> SDPDescription {
        var description = SectionBuilder.emptyDescription(of: negotiator.identity)
        for section in offer.sections { description.media.append(answer(to: section)) }
        SectionBuilder.bundle(&description)
        return description
    }

    private func answer(to section: RemoteSection) -> MediaDescription {
        guard section.isUsable, let opus = section.opus,
            let transceiver = negotiator.transceivers.first(where: {
                $0.section?.index == section.index
            })
        else { return SectionBuilder.rejection(of: section) }
        let builder = SectionBuilder(identity: negotiator.identity, transceiver: transceiver)
        var media = builder.section(
            opus: opus,
            extensions: section.extensions.filter {
                $0.uri == KnownExtension.mid || $0.uri == KnownExtension.audioLevel
            },
            direction: transceiver.direction.intersection(section.direction.reversed),
            setup: setup(answering: section.transport.setup)
        )
        if !section.namesMid { media.mid = nil }
        return media
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
