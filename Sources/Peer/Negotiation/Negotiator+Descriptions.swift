import ICE
import SDP

// Which descriptions are in force or pending, and what came after them.
extension Negotiator {
    /// Our description that is pending, or else in force.
    var localInForce: (SessionDescription.Kind, SDPDescription)? {
        switch phase {
        case .open(.localOffer(let offer)): return (.offer, offer)
        case .open(.none), .open(.remoteOffer), .closed:
            guard let current else { return nil }
            return (current.weOffered ? .offer : .answer, current.local)
        }
    }

    /// The peer's description that is pending, or else in force.
    var latestRemote: RemoteDescription? {
        switch phase {
        case .open(.remoteOffer(let offer)): offer
        case .open(.none), .open(.localOffer), .closed: current?.remote
        }
    }

    var remoteDescription: SessionDescription? {
        switch phase {
        case .open(.remoteOffer(let offer)): SessionDescription(.offer, sdp: offer.text)
        case .open(.none), .open(.localOffer), .closed:
            current.map { SessionDescription($0.weOffered ? .answer : .offer, sdp: $0.remote.text) }
        }
    }

    /// Whether the peer's latest description has been answered: the agent knows its credentials.
    var isRemoteInForce: Bool {
        switch phase {
        case .open(.remoteOffer), .closed: false
        case .open(.none), .open(.localOffer): current != nil
        }
    }

    /// A local candidate as signaling carries it.
    func candidate(_ candidate: CandidateAttribute, of stream: Int) -> ICECandidate {
        let section = transceivers.compactMap(\.section).min { $0.index < $1.index }
        return ICECandidate(
            candidate: candidate.attribute.description,
            sdpMid: section?.mid,
            sdpMLineIndex: section?.index,
            usernameFragment: identity.credentials.latest?.usernameFragment
        )
    }

    /// The description in force or pending, with what was gathered so far (W3C WebRTC §4.3.1).
    func localDescription(with gathering: Gathering) -> SessionDescription? {
        guard let (kind, inForce) = localInForce else { return nil }
        var description = inForce
        let stream = gathering.stream(0)
        if let index = description.media.firstIndex(where: { $0.port != 0 }) {
            description.media[index].append(contentsOf: stream.published)
            if stream.isComplete { description.media[index].isEndOfCandidates = true }
        }
        return SessionDescription(kind, sdp: description.write())
    }

    /// Remembers a candidate of the peer with the description it belongs to.
    mutating func keep(remote candidate: Candidate) {
        changeLatestRemote { $0.keep(candidate) }
    }

    mutating func endRemoteCandidates() {
        changeLatestRemote { $0.endCandidates() }
    }

    /// Lets `change` work on the description that ``latestRemote`` returns.
    private mutating func changeLatestRemote(_ change: (inout RemoteDescription) -> Void) {
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
}
