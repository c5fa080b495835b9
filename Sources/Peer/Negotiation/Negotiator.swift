import DTLS
import ICE
import SDP
import Wire

/// Offer and answer (RFC 9429): told descriptions, returns what the session must do.
struct Negotiator: Sendable {
    /// The description that waits for its counterpart.
    enum Pending: Sendable {
        case none
        case localOffer(SDPDescription)
        case remoteOffer(RemoteDescription)
    }

    enum Phase: Sendable {
        case open(Pending)
        case closed
    }

    /// Two descriptions that belong together, and who made the offer.
    struct Agreement: Sendable {
        var local: SDPDescription
        var remote: RemoteDescription
        var weOffered: Bool
        var role: DTLSRole?
    }

    private(set) var phase = Phase.open(.none)
    var transceivers: [Transceiver] = []
    var identity: LocalIdentity
    /// Descriptions both sides have agreed on.
    private(set) var current: Agreement?
    /// What createOffer and createAnswer returned last: only that may be set.
    var created: (offer: SDPDescription?, answer: SDPDescription?) = (nil, nil)
    var isRestartWanted = false
    private var entropy: Entropy
    private var nextID = 0

    init(fingerprint: CertificateFingerprint, entropy: consuming Entropy) {
        identity = LocalIdentity(fingerprint: fingerprint, entropy: &entropy)
        self.entropy = entropy
    }

    var state: SignalingState {
        switch phase {
        case .open(.none): .stable
        case .open(.localOffer): .haveLocalOffer
        case .open(.remoteOffer): .haveRemoteOffer
        case .closed: .closed
        }
    }

    /// The part we play in DTLS, once it is agreed.
    var agreedRole: DTLSRole? { current?.role }

    mutating func close() { phase = .closed }

    // MARK: Transceivers

    mutating func addTransceiver(
        _ kind: MediaKind,
        _ options: TransceiverOptions,
        isLocal: Bool = true
    ) -> TransceiverID {
        let id = TransceiverID(rawValue: nextID)
        nextID += 1
        transceivers.append(
            Transceiver(
                id: id,
                kind: kind,
                direction: options.direction,
                ssrc: UInt32.random(in: 1...UInt32.max, using: &entropy),
                streamID: options.streamID ?? Hex.encode(entropy.bytes(12)),
                trackID: Hex.encode(entropy.bytes(12)),
                isLocal: isLocal
            )
        )
        return id
    }

    func index(of id: TransceiverID) -> Int? { transceivers.firstIndex { $0.id == id } }

    /// Whether an offer would tell the peer something new (W3C WebRTC §4.7.3).
    var needsNegotiation: Bool {
        guard case .open(.none) = phase else { return false }
        return isRestartWanted
            || transceivers.contains { transceiver in
                guard transceiver.section != nil, let remote = transceiver.remote else {
                    return true
                }
                guard !remote.isRejected else { return false }
                let agreed = transceiver.direction.intersection(remote.direction.reversed)
                return agreed != transceiver.currentDirection
            }
    }

    // MARK: Offer

    mutating func createOffer() throws(PeerError) -> SessionDescription {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        if case .remoteOffer = pending { throw .invalidState(.signaling(state)) }
        identity.prepareDescription(restarting: isRestartWanted, entropy: &entropy)
        assignSections()
        let offer = OfferBuilder(negotiator: self).description()
        created.offer = offer
        return SessionDescription(.offer, sdp: offer.write())
    }

    /// Gives each new transceiver the next position and a mid nobody uses (RFC 9429 §5.2.1).
    private mutating func assignSections() {
        var count = transceivers.compactMap(\.section?.index).max().map { $0 + 1 } ?? 0
        count = max(count, current?.remote.sections.count ?? 0)
        for index in transceivers.indices where transceivers[index].section == nil {
            var number = count
            while isMidTaken("\(number)") { number += 1 }
            transceivers[index].section = Transceiver.Section(index: count, mid: "\(number)")
            count += 1
        }
    }

    private func isMidTaken(_ mid: String) -> Bool {
        transceivers.contains { $0.section?.mid == mid }
            || current?.remote.sections.contains { $0.mid == mid } == true
    }

    /// An offer of ours takes effect.
    mutating func setLocalOffer(_ text: String) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        if case .remoteOffer = pending { throw .invalidState(.signaling(state)) }
        guard let offer = created.offer, offer.write() == text else { throw .invalidModification }
        phase = .open(.localOffer(offer))
        return NegotiationOutcome(
            role: current == nil ? .controlling : nil,
            localCredentials: identity.takePending()
        )
    }

    // MARK: Answer

    mutating func createAnswer() throws(PeerError) -> SessionDescription {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        switch pending {
        case .remoteOffer(let offer):
            let answer = AnswerBuilder(negotiator: self, offer: offer).description()
            created.answer = answer
            return SessionDescription(.answer, sdp: answer.write())
        case .none, .localOffer: throw .invalidState(.signaling(state))
        }
    }

    /// An answer of ours takes effect: both sides agree.
    mutating func setLocalAnswer(_ text: String) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        switch pending {
        case .remoteOffer(let offer):
            guard let answer = created.answer, answer.write() == text else {
                throw .invalidModification
            }
            let isFirst = current == nil
            let outcome = try agree(local: answer, remote: offer, weOffered: false)
            return outcome.with(
                role: isFirst ? (offer.isLite ? .controlling : .controlled) : nil,
                localCredentials: identity.takePending()
            )
        case .none, .localOffer: throw .invalidState(.signaling(state))
        }
    }

    // MARK: The peer's descriptions

    mutating func setRemoteOffer(
        _ offer: RemoteDescription
    ) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        if case .localOffer = pending { throw .invalidState(.signaling(state)) }
        try offer.requireUsable()
        adopt(offer)
        let isRestart = offer.transport?.credentials != current?.remote.transport?.credentials
        identity.prepareDescription(restarting: current != nil && isRestart, entropy: &entropy)
        phase = .open(.remoteOffer(offer))
        return NegotiationOutcome(tracks: announceTracks())
    }

    mutating func setRemoteAnswer(
        _ answer: RemoteDescription
    ) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        switch pending {
        case .localOffer(let offer):
            guard answer.sections.count == offer.media.count else {
                throw .invalidAccess(.description(.sections))
            }
            try answer.requireUsable()
            adopt(answer)
            let isFirst = current == nil
            let outcome = try agree(local: offer, remote: answer, weOffered: true)
            isRestartWanted = false
            return outcome.with(
                role: isFirst ? .controlling : nil,
                localCredentials: nil,
                tracks: announceTracks()
            )
        case .none, .remoteOffer: throw .invalidState(.signaling(state))
        }
    }

    /// Ties the peer's sections to transceivers, making those that the peer brought.
    private mutating func adopt(_ remote: RemoteDescription) {
        for section in remote.sections where section.kind == MediaKind.audio.rawValue {
            if let index = transceivers.firstIndex(where: { $0.section?.index == section.index }) {
                transceivers[index].remote = section
                continue
            }
            guard section.isUsable else { continue }
            let place = Transceiver.Section(index: section.index, mid: section.mid)
            // RFC 9429 §5.10: a track the program added before the offer came takes the section.
            let free = transceivers.firstIndex { $0.section == nil && $0.isLocal }
            let index: Int
            if let free {
                index = free
            } else {
                _ = addTransceiver(
                    .audio,
                    TransceiverOptions(direction: .receiveOnly),
                    isLocal: false
                )
                index = transceivers.count - 1
            }
            transceivers[index].section = place
            transceivers[index].remote = section
        }
    }

    /// Both descriptions are known: computes what they agree on.
    private mutating func agree(
        local: SDPDescription,
        remote: RemoteDescription,
        weOffered: Bool
    ) throws(PeerError) -> NegotiationOutcome {
        let parameters = try remote.dtlsParameters(
            weOffered: weOffered,
            localSetup: local.media.lazy.compactMap(\.setup).first ?? .active
        )
        for index in transceivers.indices {
            guard let place = transceivers[index].section, let section = transceivers[index].remote,
                section.isUsable, local.media[place.index].port != 0 || section.isBundled
            else {
                transceivers[index].currentDirection = nil
                continue
            }
            transceivers[index].currentDirection =
                transceivers[index].direction.intersection(section.direction.reversed)
        }
        current = Agreement(
            local: local,
            remote: remote,
            weOffered: weOffered,
            role: current?.role ?? parameters?.role
        )
        created = (nil, nil)
        phase = .open(.none)
        return NegotiationOutcome(
            remoteTransport: remote.transport,
            dtls: parameters,
            sections: sectionParameters(),
            midExtension: remote.midExtension
        )
    }

    /// Lets `change` work on the description that ``latestRemote`` returns.
    mutating func changeLatestRemote(_ change: (inout RemoteDescription) -> Void) {
        switch phase {
        case .open(.remoteOffer(var offer)):
            change(&offer)
            phase = .open(.remoteOffer(offer))
        case .open(.none), .open(.localOffer), .closed:
            guard var agreement = current else { return }
            change(&agreement.remote)
            current = agreement
        }
    }

    /// Tracks of the peer that the program has not been told of.
    private mutating func announceTracks() -> [NegotiationOutcome.Track] {
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

    private func sectionParameters() -> [SectionParameters] {
        transceivers.compactMap { transceiver in
            guard let direction = transceiver.currentDirection, let section = transceiver.section,
                let remote = transceiver.remote, let opus = remote.opus
            else { return nil }
            func id(of uri: String) -> UInt8? {
                remote.extensions.first { $0.uri == uri }?.id
            }
            return SectionParameters(
                id: transceiver.id,
                mid: section.mid,
                component: 0,
                sendSSRC: transceiver.ssrc,
                sends: direction.sends,
                receives: direction.receives,
                sendFormat: AudioSendStream.Format(
                    payloadType: opus.payloadType,
                    midExtension: remote.namesMid ? id(of: KnownExtension.mid) : nil,
                    levelExtension: id(of: KnownExtension.audioLevel),
                    mid: section.mid
                ),
                receivePayloadTypes: [opus.payloadType, defaultOpusPayloadType],
                remoteSSRCs: remote.ssrcs
            )
        }
    }
}
