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

    var phase = Phase.open(.none)
    var transceivers: [Transceiver] = []
    var identity: LocalIdentity
    /// Descriptions both sides have agreed on.
    var current: Agreement?
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
                streamID: options.streamIDs?.first ?? Hex.encode(entropy.bytes(12)),
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
        return isRestartWanted || transceivers.contains { isNews($0) }
    }

    private func isNews(_ transceiver: Transceiver) -> Bool {
        guard let place = transceiver.section, let remote = transceiver.remote, let current,
            current.local.media.indices.contains(place.index)
        else { return true }
        guard remote.isUsable else { return false }
        let told = current.local.media[place.index].direction
        let theirs = remote.direction.reversed
        return current.weOffered
            ? told != transceiver.direction && theirs != transceiver.direction
            : told != transceiver.direction.intersection(theirs)
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
        guard let offer = created.offer, offer.write() == text else {
            throw .invalidModification(.description)
        }
        phase = .open(.localOffer(offer))
        let credentials = identity.takePending()
        if credentials != nil { isRestartWanted = false }
        var outcome = NegotiationOutcome(role: current == nil ? .controlling : nil)
        outcome.note(credentials)
        return outcome
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
                throw .invalidModification(.description)
            }
            let dtls = try offer.dtlsParameters(weOffered: false, localSetup: answer.agreedSetup)
            let isFirst = current == nil
            // A transport that nothing would use is not made.
            let credentials = answer.isUsed ? identity.takePending() : nil
            if credentials != nil { isRestartWanted = false }
            var outcome = agree(local: answer, remote: offer, weOffered: false, dtls)
            outcome.role = isFirst ? (offer.isLite ? .controlling : .controlled) : nil
            outcome.note(credentials)
            return outcome
        case .none, .localOffer: throw .invalidState(.signaling(state))
        }
    }

    // MARK: The peer's descriptions

    mutating func setRemoteOffer(
        _ offer: RemoteDescription
    ) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        if case .localOffer = pending { throw .invalidState(.signaling(state)) }
        try requireContinuation(by: offer)
        try offer.requireUsable()
        forgetUnsettledSections()
        adopt(offer)
        created = (nil, nil)
        identity.prepareDescription(restarting: isRestart(offer), entropy: &entropy)
        phase = .open(.remoteOffer(offer))
        return NegotiationOutcome(tracks: announceTracks())
    }

    mutating func setRemoteAnswer(
        _ answer: RemoteDescription
    ) throws(PeerError) -> NegotiationOutcome {
        guard case .open(let pending) = phase else { throw .invalidState(.closed) }
        switch pending {
        case .localOffer(let offer):
            try answer.requireMatch(with: offer)
            try answer.requireUsable()
            let dtls = try answer.dtlsParameters(weOffered: true, localSetup: .actpass)
            let isFirst = current == nil
            tie(answer)
            var outcome = agree(local: offer, remote: answer, weOffered: true, dtls)
            outcome.role = isFirst ? .controlling : nil
            outcome.tracks = announceTracks()
            return outcome
        case .none, .remoteOffer: throw .invalidState(.signaling(state))
        }
    }
}
