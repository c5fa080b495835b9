import ICE
import SDP

// Which descriptions are in force or pending, and what came after them (W3C WebRTC §4.3.1).
extension Negotiator {
    /// Our description, with what was gathered so far.
    func text(of local: LocalDescription, with gathering: Gathering) -> SessionDescription {
        var description = local.description
        var spoken = Set<Int>()
        for (index, section) in local.sections.enumerated() {
            guard let id = section.transport, description.media[index].iceUfrag != nil,
                spoken.insert(id).inserted
            else { continue }
            let stream = gathering.stream(id)
            description.media[index].append(contentsOf: stream.published)
            if stream.isComplete { description.media[index].isEndOfCandidates = true }
        }
        return SessionDescription(local.kind, sdp: description.write())
    }

    /// Whether the peer takes candidates that come by themselves; nil before its first description.
    var canTrickle: Bool? { latestRemote?.canTrickle }

    /// A local candidate as signaling carries it, under the section that speaks for its transport.
    func candidate(_ candidate: CandidateAttribute, of transport: Int) -> ICECandidate {
        let local = latestLocal
        let index = local?.sections.firstIndex { $0.transport == transport && !$0.isRejected }
        return ICECandidate(
            candidate: candidate.attribute.description,
            sdpMid: index.flatMap { local?.sections[$0].mid },
            sdpMLineIndex: index,
            usernameFragment: transports[transport]?.credentials.used?.usernameFragment
        )
    }
}

// MARK: - Candidates of the peer

extension Negotiator {
    /// Where a candidate of the peer goes.
    struct RemoteCandidate {
        /// Nil at the end of candidates, and for one that cannot be used.
        var candidate: Candidate?
        /// A candidate whose address is a name of the local network (mDNS).
        var named: CandidateAttribute?
        var isEnd: Bool
        /// The transport that takes it now; nil while its description has not been answered.
        var transport: Int?
    }

    /// Remembers a candidate with the description it belongs to (W3C WebRTC §4.4.2).
    mutating func add(_ signaled: ICECandidate) throws(PeerError) -> RemoteCandidate? {
        try requireOpen()
        let isEnd = signaled.candidate.isEmpty
        guard let remote = latestRemote else { throw .invalidState(.noRemoteDescription) }
        // W3C WebRTC §4.4.2, addIceCandidate: without any name the end is that of all sections.
        let isNameless = (signaled.sdpMid ?? "").isEmpty && signaled.sdpMLineIndex == nil
        let index = isEnd && isNameless ? 0 : try remote.section(of: signaled)
        guard remote.sections.indices.contains(index) else { return nil }
        let attribute = isEnd ? nil : try CandidateAttribute(candidateText: signaled.candidate)
        let parsed = attribute.flatMap { Candidate($0) }
        let described = remote.transport(of: index)
        guard let credentials = described.credentials else { return nil }
        if let fragment = signaled.usernameFragment, !fragment.isEmpty,
            fragment != credentials.usernameFragment
        {
            // Of the generation before, or of one to come: signaling may reorder.
            return nil
        }
        changeLatestRemote { description in
            if let parsed { description.keep(parsed, for: index) }
            if isEnd { description.endCandidates(of: index) }
        }
        guard let transport = transports.id(ofRemote: credentials) else { return nil }
        transports.change(transport) { transport in
            if let parsed { transport.remote?.keep(parsed) }
            if isEnd { transport.remote?.isComplete = true }
        }
        // The session does with it at once what it is told here: it is no news later.
        progress.told[transport]?.remote = transports[transport]?.remote
        return RemoteCandidate(
            candidate: parsed,
            named: attribute.flatMap { $0.isNamed ? $0 : nil },
            isEnd: isEnd,
            transport: transport
        )
    }

    /// Lets `change` work on the description that ``latestRemote`` returns.
    private mutating func changeLatestRemote(_ change: (inout RemoteDescription) -> Void) {
        switch signaling {
        case .remoteOffer(var offer, let base):
            change(&offer)
            signaling = .remoteOffer(offer, base: base)
        case .localPranswer(var offer, let answer, let base):
            change(&offer)
            signaling = .localPranswer(offer: offer, answer: answer, base: base)
        case .remotePranswer(let offer, var answer, let base):
            change(&answer)
            signaling = .remotePranswer(offer: offer, answer: answer, base: base)
        case .stable, .localOffer, .closed:
            guard var agreement = current else { return }
            change(&agreement.remote)
            current = agreement
        }
    }
}
