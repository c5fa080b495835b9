import DTLS
import ICE
import SDP
import Wire

// MARK: - What a description of the peer's must be

extension Negotiator {
    /// RFC 9429 §5.8, RFC 3264 §8: sections stay where they are, and are what they were.
    func requireContinuation(by offer: RemoteDescription) throws(PeerError) {
        guard let current else { return }
        guard offer.sections.count >= current.remote.sections.count else {
            throw .invalidAccess(.description(.sections))
        }
        for (old, new) in zip(current.remote.sections, offer.sections) where old.kind != new.kind {
            // A section that was rejected may be used for something else (RFC 9429 §5.2.2).
            guard old.isRejected || current.local.media[old.index].isRejected else {
                throw .invalidAccess(.description(.sections))
            }
        }
    }

    /// RFC 8839 §4.4.1.1: other credentials than before are an ICE restart.
    func isRestart(_ offer: RemoteDescription) -> Bool {
        guard let old = current?.remote.transport?.credentials,
            let new = offer.transport?.credentials
        else { return false }
        return old != new
    }
}

extension RemoteDescription {
    /// RFC 3264 §6: an answer has the sections of the offer, under the names they have there.
    func requireMatch(with offer: SDPDescription) throws(PeerError) {
        guard sections.count == offer.media.count else {
            throw .invalidAccess(.description(.sections))
        }
        for (section, media) in zip(sections, offer.media) {
            guard section.kind == media.kind, !section.namesMid || section.mid == media.mid else {
                throw .invalidAccess(.description(.sections))
            }
        }
    }
}

extension SDPDescription {
    /// The DTLS role that an answer of ours names.
    var agreedSetup: SetupRole { media.lazy.compactMap(\.setup).first ?? .active }

    /// Whether any section is in use.
    var isUsed: Bool { media.contains { !$0.isRejected } }
}

// MARK: - Sections and transceivers

extension Negotiator {
    /// Takes back the places given to transceivers by descriptions that never came into force.
    mutating func forgetUnsettledSections() {
        let settled = current?.local.media.count ?? 0
        for index in transceivers.indices {
            guard let place = transceivers[index].section, place.index >= settled else { continue }
            transceivers[index].section = nil
            transceivers[index].remote = nil
        }
    }

    /// Ties the sections of an offer to transceivers, making those that the peer brought.
    mutating func adopt(_ offer: RemoteDescription) {
        for section in offer.sections {
            let place = Transceiver.Section(index: section.index, mid: section.mid)
            let known = transceivers.firstIndex { $0.section?.index == section.index }
            guard let index = known ?? (section.isUsable ? freeTransceiver() : nil) else {
                continue
            }
            transceivers[index].section = place
            transceivers[index].remote = section
        }
        // Those that an earlier offer brought, which was replaced before it was answered.
        transceivers.removeAll { $0.section == nil && !$0.isLocal }
    }

    /// RFC 9429 §5.10: a track the program added before the offer came takes the section.
    private mutating func freeTransceiver() -> Int {
        if let free = transceivers.firstIndex(where: { $0.section == nil }) { return free }
        let options = TransceiverOptions(direction: .receiveOnly)
        _ = addTransceiver(.audio, options, isLocal: false)
        return transceivers.count - 1
    }

    /// Ties the sections of an answer to the transceivers that offered them.
    mutating func tie(_ answer: RemoteDescription) {
        for index in transceivers.indices {
            guard let place = transceivers[index].section,
                answer.sections.indices.contains(place.index)
            else { continue }
            transceivers[index].remote = answer.sections[place.index]
        }
    }

    /// Tracks of the peer that the program has not been told of.
    mutating func announceTracks() -> [NegotiationOutcome.Track] {
        var tracks: [NegotiationOutcome.Track] = []
        for index in transceivers.indices {
            guard let remote = transceivers[index].remote, remote.isUsable,
                remote.direction.sends, transceivers[index].direction.receives,
                transceivers[index].announcedStreams == nil
            else { continue }
            transceivers[index].announcedStreams = remote.streamIDs
            tracks.append((transceivers[index].id, remote.streamIDs))
        }
        return tracks
    }
}

// MARK: - Agreement

extension Negotiator {
    /// Both descriptions are known: computes what they agree on.
    mutating func agree(
        local: SDPDescription,
        remote: RemoteDescription,
        weOffered: Bool,
        _ dtls: DTLSParameters?
    ) -> NegotiationOutcome {
        for index in transceivers.indices {
            transceivers[index].currentDirection = nil
            guard let section = transceivers[index].remote, section.isUsable,
                let place = transceivers[index].section,
                local.media.indices.contains(place.index), !local.media[place.index].isRejected
            else { continue }
            transceivers[index].currentDirection =
                local.media[place.index].direction.intersection(section.direction.reversed)
        }
        current = Agreement(
            local: local,
            remote: remote,
            weOffered: weOffered,
            role: current?.role ?? dtls?.role
        )
        created = (nil, nil)
        phase = .open(.none)
        var outcome = NegotiationOutcome()
        if let transport = remote.transport {
            var change = TransportChange(id: 0)
            change.remote = transport
            change.dtls = dtls
            outcome.transports = [change]
        }
        outcome.sections = transceivers.compactMap { parameters(of: $0, local) }
        outcome.midExtension = remote.midExtension
        return outcome
    }

    private func parameters(
        of transceiver: Transceiver,
        _ local: SDPDescription
    ) -> SectionParameters? {
        guard let direction = transceiver.currentDirection, let section = transceiver.section,
            let remote = transceiver.remote, let opus = remote.opus
        else { return nil }
        func id(of uri: String) -> UInt8? { remote.extensions.first { $0.uri == uri }?.id }
        let namesMid = remote.namesMid && section.mid.utf8.count <= longestMID
        return SectionParameters(
            id: transceiver.id,
            mid: section.mid,
            component: 0,
            sendSSRC: transceiver.ssrc,
            sends: direction.sends,
            receives: direction.receives,
            sendFormat: AudioSendStream.Format(
                payloadType: opus.payloadType,
                midExtension: namesMid ? id(of: KnownExtension.mid) : nil,
                levelExtension: id(of: KnownExtension.audioLevel),
                mid: section.mid
            ),
            receivePayloadTypes: local.media[section.index].payloadTypes,
            remoteSSRCs: remote.ssrcs
        )
    }
}

/// What a one-byte header extension holds (RFC 8285 §4.2); longer ones are told by SSRC alone.
private let longestMID = 16

extension NegotiationOutcome {
    /// New local credentials of the one transport.
    mutating func note(_ credentials: (ICECredentials, isFirst: Bool)?) {
        guard let (credentials, isFirst) = credentials else { return }
        if transports.isEmpty { transports = [TransportChange(id: 0)] }
        transports[0].local = isFirst ? .start(credentials) : .restart(credentials)
    }
}
