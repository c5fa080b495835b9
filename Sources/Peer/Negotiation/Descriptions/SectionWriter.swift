import DTLS
import ICE
import SDP
import Wire

/// Writes m-sections in the order RFC 9429 §5.2.1 lists their lines.
struct SectionWriter {
    let identity: LocalIdentity
    /// Whether nominations of ours may be taken back (draft-thatcher-ice-renomination).
    let renominates: Bool

    /// What the section that speaks for a transport says of it.
    struct Transport {
        /// Nil in a section of RTP whose group has one of data to speak for it: what data cannot say
        /// of RTCP, the first section says that can (RFC 9143 §7.1.3).
        var association: Association?
        var mux = RemoteSection.Multiplexing.none
        /// Whether RTCP may need a port of its own.
        var namesRTCPPort = false
        var hasReducedSizeRTCP = false
    }

    /// Who we are on a transport.
    struct Association {
        var credentials: ICECredentials
        var setup: SetupRole
        var tlsID: String?
    }

    func emptyDescription() -> SDPDescription {
        var description = SDPDescription(
            origin: SDPDescription.Origin(
                sessionID: identity.sessionID,
                sessionVersion: identity.version
            )
        )
        description.isICELite = identity.isLite
        description.iceOptions = [ICEOptionsAttribute.trickle, ICEOptionsAttribute.ice2]
        if renominates { description.iceOptions.append(ICEOptionsAttribute.renomination) }
        return description
    }

    /// RFC 9429 §5.3.1: port zero, in the words of the section that is refused.
    func rejection(_ form: SectionForm, mid: String?) -> MediaDescription {
        var media = empty(form)
        media.port = 0
        if let mid { media.attributes.append(SDPAttribute("mid", mid)) }
        // RFC 8841 §9.2: a rejected section of data says no direction, as no other does.
        if form.kind != "application" {
            media.attributes.append(MediaDirection.inactive.attribute)
        }
        return media
    }

    /// A section of media.
    func media(
        _ media: LocalMedia,
        of transceiver: Transceiver,
        form: SectionForm,
        mid: String?,
        transport: Transport?,
        limit: Int?
    ) -> MediaDescription {
        var section = empty(form)
        section.attributes.reserveCapacity(24 + 8 * media.codecs.count)
        if let transport { add(transport, to: &section) }
        if let mid { section.attributes.append(SDPAttribute("mid", mid)) }
        for map in media.extensions {
            let way = map.direction.map { "/\($0.rawValue)" } ?? ""
            section.attributes.append(SDPAttribute("extmap", "\(map.id)\(way) \(map.uri)"))
        }
        section.attributes.append(media.direction.attribute)
        if media.announces { addStreams(media, of: transceiver.sender, to: &section) }
        for codec in media.codecs { add(codec, among: media.codecs, to: &section) }
        if let limit { section.attributes.append(SDPAttribute("maxptime", String(limit))) }
        addSimulcast(media, to: &section)
        if media.direction.sends && media.sent.isEmpty {
            addSources(media, of: transceiver.sender, to: &section)
        }
        return section
    }

    /// A section of data channels (RFC 8841 §5, §6).
    func data(
        _ data: MediaCapabilities.Data,
        form: SectionForm,
        isLegacy: Bool,
        mid: String?,
        transport: Transport?
    ) -> MediaDescription {
        var section = empty(form)
        if let transport { add(transport, to: &section) }
        if let mid { section.attributes.append(SDPAttribute("mid", mid)) }
        if isLegacy {
            section.append("sctpmap", "\(form.formats.first ?? "5000") webrtc-datachannel 1024")
        } else {
            section.append("sctp-port", String(data.sctpPort))
        }
        section.append("max-message-size", String(data.maximumMessageSize))
        return section
    }

    private func empty(_ form: SectionForm) -> MediaDescription {
        MediaDescription(
            kind: form.kind,
            protocolName: form.protocolName,
            formats: form.formats
        )
    }

    /// The attributes that RFC 8859 puts in the categories IDENTICAL and TRANSPORT.
    private func add(_ transport: Transport, to media: inout MediaDescription) {
        if transport.namesRTCPPort {
            media.append(RTCPAttribute(port: 9, connection: ConnectionInformation(.any4)))
        }
        if let association = transport.association { add(association, to: &media) }
        switch transport.mux {
        case .none: break
        case .offered: media.append("rtcp-mux")
        case .only:
            media.append("rtcp-mux")
            media.append("rtcp-mux-only")
        }
        if transport.hasReducedSizeRTCP { media.append("rtcp-rsize") }
    }

    private func add(_ association: Association, to media: inout MediaDescription) {
        media.append("ice-ufrag", association.credentials.usernameFragment)
        media.append("ice-pwd", association.credentials.password)
        let fingerprint = identity.fingerprint
        media.append(
            FingerprintAttribute(hashFunction: fingerprint.function, bytes: fingerprint.bytes)
        )
        media.append(association.setup)
        if let tlsID = association.tlsID { media.append("tls-id", tlsID) }
    }
}
