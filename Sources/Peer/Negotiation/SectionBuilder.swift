import DTLS
import ICE
import SDP
import Wire

/// Writes m-sections in the order RFC 9429 §5.2.1 lists their lines.
struct SectionBuilder {
    let identity: LocalIdentity
    let transceiver: Transceiver

    /// What the section that speaks for the transport says of it.
    struct Transport {
        var setup: SetupRole
        var namesTLSID: Bool
    }

    /// The header extensions of our offers and their ids.
    static let offeredExtensions = [
        NegotiatedExtension(id: 1, uri: KnownExtension.audioLevel),
        NegotiatedExtension(id: 4, uri: KnownExtension.mid),
    ]

    static func emptyDescription(of identity: LocalIdentity) -> SDPDescription {
        var description = SDPDescription(
            origin: SDPDescription.Origin(
                sessionID: identity.sessionID,
                sessionVersion: identity.version
            )
        )
        description.iceOptions = [ICEOptionsAttribute.trickle, ICEOptionsAttribute.ice2]
        return description
    }

    /// Adds the BUNDLE group of all sections that have a mid, are not rejected and may be in it.
    static func bundle(_ description: inout SDPDescription, where isMember: (String) -> Bool) {
        let mids = description.media.filter { !$0.isRejected }.compactMap(\.mid).filter(isMember)
        guard !mids.isEmpty else { return }
        let group = GroupAttribute(semantics: GroupAttribute.bundle, mids: mids)
        description.attributes.insert(group.attribute, at: 0)
    }

    /// RFC 9429 §5.3.1: port zero, in the words of the section that is refused.
    static func rejection(of section: RemoteSection) -> MediaDescription {
        var media = MediaDescription(
            kind: section.kind,
            port: 0,
            protocolName: section.protocolName,
            formats: section.formats
        )
        if section.namesMid { media.mid = section.mid }
        media.direction = .inactive
        return media
    }

    func section(
        opus: OpusFormat,
        extensions: [NegotiatedExtension],
        direction: MediaDirection,
        transport: Transport?
    ) -> MediaDescription {
        let payloadType = opus.payloadType
        var media = MediaDescription(kind: transceiver.kind.rawValue, formats: ["\(payloadType)"])
        if let transport { add(transport, to: &media) }
        media.mid = transceiver.section?.mid
        media.append(
            contentsOf: extensions.map {
                ExtensionMapAttribute(id: UInt16($0.id), uri: $0.uri)
            }
        )
        media.direction = direction
        if direction.sends {
            media.append(
                MSIDAttribute(streamID: transceiver.streamID, trackID: transceiver.trackID)
            )
        }
        media.append(
            RTPMapAttribute(
                payloadType: payloadType,
                encoding: "opus",
                clockRate: 48_000,
                channels: 2  // RFC 7587 §7: always two, whatever is sent
            )
        )
        var parameters = OpusParameters()
        parameters.minimumPacketTime = .milliseconds(10)
        parameters.acceptsInbandFEC = true
        if let attribute = parameters.attribute(payloadType: payloadType) {
            media.append(attribute)
        }
        if direction.sends {
            media.append(SSRCAttribute(ssrc: transceiver.ssrc, cname: identity.cname))
        }
        return media
    }

    /// The attributes that RFC 8859 puts in the categories IDENTICAL and TRANSPORT.
    private func add(_ transport: Transport, to media: inout MediaDescription) {
        media.append(RTCPAttribute(port: 9, connection: ConnectionInformation(.any4)))
        if let credentials = identity.credentials.latest {
            media.iceUfrag = credentials.usernameFragment
            media.icePwd = credentials.password
        }
        let fingerprint = identity.fingerprint
        media.append(
            FingerprintAttribute(hashFunction: fingerprint.function, bytes: fingerprint.bytes)
        )
        media.setup = transport.setup
        if transport.namesTLSID { media.append("tls-id", identity.tlsID) }
        media.isRTCPMux = true
    }
}
