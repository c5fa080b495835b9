import SDP

/// Writes offers (RFC 9429 §5.2).
struct OfferBuilder {
    let negotiator: Negotiator

    func description() -> SDPDescription {
        let remote = negotiator.current?.remote.sections ?? []
        let last = negotiator.transceivers.compactMap(\.section?.index).max() ?? -1
        let count = max(last + 1, remote.count)
        var description = SectionBuilder.emptyDescription(of: negotiator.identity)
        for index in 0..<count {
            if let transceiver = negotiator.transceivers.first(where: {
                $0.section?.index == index && $0.remote?.isUsable != false
            }) {
                let isFirst = description.media.allSatisfy(\.isRejected)
                description.media.append(section(of: transceiver, isFirst: isFirst))
            } else if index < remote.count {
                var rejection = SectionBuilder.rejection(of: remote[index])
                rejection.mid = remote[index].mid
                description.media.append(rejection)
            }
        }
        SectionBuilder.bundle(&description) { _ in true }
        return description
    }

    private func section(of transceiver: Transceiver, isFirst: Bool) -> MediaDescription {
        let builder = SectionBuilder(identity: negotiator.identity, transceiver: transceiver)
        var media = builder.section(
            opus: transceiver.remote?.opus ?? OpusFormat(payloadType: defaultOpusPayloadType),
            extensions: transceiver.remote?.extensions ?? SectionBuilder.offeredExtensions,
            direction: transceiver.direction,
            // RFC 9429 §5.2.1: the other sections say nothing of the transport, and RFC 8842 §5.5:
            // an offer leaves the role open.
            transport: isFirst ? SectionBuilder.Transport(setup: .actpass, namesTLSID: true) : nil
        )
        // RFC 9143 §7.2.1: a section that was never bundled has no transport of its own.
        if !isFirst && transceiver.remote == nil {
            media.port = 0
            media.isBundleOnly = true
        }
        return media
    }
}

/// The payload type of Opus in our offers; browsers use the same.
let defaultOpusPayloadType: UInt8 = 111
