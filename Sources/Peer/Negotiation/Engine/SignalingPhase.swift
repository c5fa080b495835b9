/// Where offer and answer stand (RFC 9429 §3.2), with the descriptions that belong to it.
enum SignalingPhase: Sendable {
    case stable
    case localOffer(LocalDescription, base: Checkpoint)
    case remoteOffer(RemoteDescription, base: Checkpoint)
    case localPranswer(offer: RemoteDescription, answer: LocalDescription, base: Checkpoint)
    case remotePranswer(offer: LocalDescription, answer: RemoteDescription, base: Checkpoint)
    case closed

    var state: SignalingState {
        switch self {
        case .stable: .stable
        case .localOffer: .haveLocalOffer
        case .remoteOffer: .haveRemoteOffer
        case .localPranswer: .haveLocalPranswer
        case .remotePranswer: .haveRemotePranswer
        case .closed: .closed
        }
    }

    /// What a rollback goes back to; nil in a state that has nothing to take back.
    var base: Checkpoint? {
        switch self {
        case .stable, .closed: nil
        case .localOffer(_, let base), .remoteOffer(_, let base), .localPranswer(_, _, let base),
            .remotePranswer(_, _, let base):
            base
        }
    }

    /// Our description that is not agreed yet.
    var pendingLocal: LocalDescription? {
        switch self {
        case .localOffer(let offer, _), .remotePranswer(let offer, _, _): offer
        case .localPranswer(_, let answer, _): answer
        case .stable, .remoteOffer, .closed: nil
        }
    }

    /// The peer's description that is not agreed yet.
    var pendingRemote: RemoteDescription? {
        switch self {
        case .remoteOffer(let offer, _), .localPranswer(let offer, _, _): offer
        case .remotePranswer(_, let answer, _): answer
        case .stable, .localOffer, .closed: nil
        }
    }
}

/// Two descriptions that belong together, and who made the offer.
struct Agreement: Sendable {
    var local: LocalDescription
    var remote: RemoteDescription
    var weOffered: Bool
}

/// All that a rollback brings back (RFC 9429 §4.1.10.2).
struct Checkpoint: Sendable {
    let slots: [SectionSlot]
    let transceivers: TransceiverTable
    let transports: TransportTable
    let data: DataSection
}

/// What negotiation knows of data channels.
struct DataSection: Sendable {
    /// Whether the program wants channels.
    enum Wish: Hashable, Sendable {
        case none, wanted
        /// A description has rejected the section: it is not asked for until the program does so anew.
        case rejected
    }

    var wish = Wish.none
    var place: Transceiver.Place?
    /// What the peer said of them, once it is agreed.
    var remote: DataFormat?
    /// Whether an agreement holds the section.
    var isAgreed = false
    var draft = Transceiver.Draft()
}
