import ICE
import SDP

// Which descriptions are in force or pending, and what came after them (W3C WebRTC §4.3.1).
extension Negotiator {
    /// Our description, with what was gathered so far.
    func text(of local: LocalDescription, with gathering: Gathering) -> SessionDescription {
        var description = local.description
        var spoken = Set<Int>()
        let restarting = restarting(in: description, local)
        for (index, section) in local.sections.enumerated() {
            guard let id = section.transport, !section.isRejected, !restarting.contains(id) else {
                continue
            }
            let stream = gathering.stream(id)
            // RFC 9143 §7.3: all that are bundled have the address of the one that speaks.
            description.media[index].setDefaults(among: stream.published)
            guard description.media[index].iceUfrag != nil, spoken.insert(id).inserted else {
                continue
            }
            description.media[index].append(contentsOf: stream.published)
            if stream.isComplete { description.media[index].isEndOfCandidates = true }
        }
        return SessionDescription(local.kind, sdp: description.write())
    }

    /// Transports of an ICE restart that is not in force: what was gathered is of the one before.
    private func restarting(in description: SDPDescription, _ local: LocalDescription) -> Set<Int> {
        var found = Set<Int>()
        for (index, section) in local.sections.enumerated() {
            guard let id = section.transport, let credentials = transports[id]?.credentials,
                credentials.used != credentials.latest,
                description.media[index].iceUfrag == credentials.latest.usernameFragment
            else { continue }
            found.insert(id)
        }
        return found
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

    /// Remembers a candidate with the descriptions it belongs to (W3C WebRTC §4.4.2).
    mutating func add(_ signaled: ICECandidate) throws(PeerError) -> [RemoteCandidate] {
        try requireOpen()
        guard let remote = latestRemote else { throw .invalidState(.noRemoteDescription) }
        let isEnd = signaled.candidate.isEmpty
        // W3C WebRTC §4.4.2, addIceCandidate: without any name the end is that of all sections.
        if isEnd, (signaled.sdpMid ?? "").isEmpty, signaled.sdpMLineIndex == nil {
            var told = Set<ICECredentials>()
            var ends: [RemoteCandidate] = []
            for index in remote.sections.indices {
                guard let found = try generation(of: signaled, at: index, in: remote) else {
                    continue
                }
                let end = keep(nil, of: found, at: index)
                if told.insert(found).inserted { ends.append(end) }
            }
            return ends
        }
        let index: Int
        do throws(PeerError) {
            index = try remote.section(of: signaled)
        } catch {
            // It is of another description, which is worth knowing: perfect negotiation bears that.
            guard names(signaled.usernameFragment, in: remote) else {
                throw .operation(.unknownFragment)
            }
            throw error
        }
        let credentials = try generation(of: signaled, at: index, in: remote)
        let attribute = isEnd ? nil : try CandidateAttribute(candidateText: signaled.candidate)
        guard let credentials else { return [] }
        return [keep(attribute, of: credentials, at: index)]
    }

    /// Whether a fragment is of an applied description, or not named at all.
    private func names(_ fragment: String?, in remote: RemoteDescription) -> Bool {
        guard let fragment, !fragment.isEmpty else { return true }
        let known = remote.sections + (current?.remote.sections ?? [])
        return known.contains { $0.transport.credentials?.usernameFragment == fragment }
    }

    /// The generation of credentials a candidate belongs to: the one it names, or the latest.
    ///
    /// Nil where the section has none, because it is rejected.
    private func generation(
        of signaled: ICECandidate,
        at index: Int,
        in remote: RemoteDescription
    ) throws(PeerError) -> ICECredentials? {
        let latest = remote.transport(of: index).credentials
        guard let fragment = signaled.usernameFragment, !fragment.isEmpty, let latest,
            fragment != latest.usernameFragment
        else { return latest }
        let agreed = current.flatMap { agreement in
            agreement.remote.sections.indices.contains(index)
                ? agreement.remote.transport(of: index).credentials : nil
        }
        guard let agreed, agreed.usernameFragment == fragment else {
            throw .operation(.unknownFragment)
        }
        return agreed
    }

    /// Remembers a candidate, or their end, for what has these credentials.
    private mutating func keep(
        _ candidate: CandidateAttribute?,
        of credentials: ICECredentials,
        at index: Int
    ) -> RemoteCandidate {
        let usable = candidate.flatMap { Candidate($0) }
        let named = candidate.flatMap { $0.isNamed ? $0 : nil }
        changeRemotes(with: credentials, at: index) { $0.keep(candidate, for: index) }
        guard let transport = transports.id(ofRemote: credentials) else {
            return RemoteCandidate(candidate: usable, named: named, isEnd: candidate == nil)
        }
        transports.change(transport) { transport in
            if let usable { transport.remote?.keep(usable) }
            if let named { transport.remote?.keep(named: named) }
            if candidate == nil { transport.remote?.isComplete = true }
        }
        // The session does with it at once what it is told here: it is no news later.
        progress.told[transport]?.remote = transports[transport]?.remote
        return RemoteCandidate(
            candidate: usable,
            named: named,
            isEnd: candidate == nil,
            transport: transport
        )
    }

    /// Lets `change` work on the pending and the agreed description, where they have the credentials.
    private mutating func changeRemotes(
        with credentials: ICECredentials,
        at index: Int,
        _ change: (inout RemoteDescription) -> Void
    ) {
        func isMeant(_ description: RemoteDescription) -> Bool {
            description.sections.indices.contains(index)
                && description.transport(of: index).credentials == credentials
        }
        if var agreement = current, isMeant(agreement.remote) {
            change(&agreement.remote)
            current = agreement
        }
        switch signaling {
        case .remoteOffer(var offer, let base) where isMeant(offer):
            change(&offer)
            signaling = .remoteOffer(offer, base: base)
        case .localPranswer(var offer, let answer, let base) where isMeant(offer):
            change(&offer)
            signaling = .localPranswer(offer: offer, answer: answer, base: base)
        case .remotePranswer(let offer, var answer, let base) where isMeant(answer):
            change(&answer)
            signaling = .remotePranswer(offer: offer, answer: answer, base: base)
        case .remoteOffer, .localPranswer, .remotePranswer, .stable, .localOffer, .closed: break
        }
    }
}
