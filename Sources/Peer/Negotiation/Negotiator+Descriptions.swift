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

    /// Remembers a candidate of the peer with the description it belongs to.
    mutating func keep(remote candidate: Candidate) {
        changeLatestRemote { $0.keep(candidate) }
    }

    mutating func endRemoteCandidates() {
        changeLatestRemote { $0.endCandidates() }
    }
}
