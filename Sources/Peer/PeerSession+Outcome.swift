import DTLS
import ICE
import Wire

// What negotiation asks for.
extension PeerSession {
    mutating func carryOut(_ outcome: NegotiationOutcome, at now: Instant) {
        if let role = outcome.role { agent.setRole(role) }
        for change in outcome.transports { carryOut(change, at: now) }
        if let sections = outcome.sections {
            for event in media.apply(sections, midExtension: outcome.midExtension) {
                outputs.append(.event(event))
            }
        }
        for track in outcome.tracks {
            outputs.append(.event(.trackAdded(track.id, streamIDs: track.streamIDs)))
        }
    }

    private mutating func carryOut(_ change: TransportChange, at now: Instant) {
        switch change.local {
        case .unchanged: break
        case .start(let credentials): begin(change, credentials)
        case .restart(let credentials):
            agent.restart(stream: change.id, credentials: credentials, at: now)
            for candidate in gathering.stream(change.id).candidates {
                announce(candidate, of: change.id)
            }
        }
        guard let transport = transport(change.id) else { return }
        if let remote = change.remote { use(remote, for: change.id, at: now) }
        if transport.parameters == nil { transport.parameters = change.dtls }
        start(transport, at: now)
    }

    private mutating func begin(_ change: TransportChange, _ credentials: ICECredentials) {
        let before = gathering.state
        transports.append(Transport(component: ICEComponent(stream: change.id)))
        agent.addStream(change.id, components: change.components, credentials: credentials)
        gathering.begin(change.id)
        outputs.append(.gather(stream: change.id))
        guard before != gathering.state else { return }
        outputs.append(.event(.gatheringStateChanged(gathering.state)))
    }

    /// The peer's side of ICE: credentials, and the candidates its description brought.
    private mutating func use(_ remote: RemoteTransport, for stream: Int, at now: Instant) {
        if let credentials = remote.credentials {
            agent.setRemote(
                credentials,
                isLite: remote.isLite,
                pacing: remote.pacing,
                of: stream,
                at: now
            )
        }
        for candidate in remote.candidates { agent.add(remote: candidate, to: stream, at: now) }
        if remote.isComplete { agent.endOfRemoteCandidates(of: stream, at: now) }
    }

    mutating func announce(_ candidate: Candidate, of stream: Int) {
        outputs.append(.event(.candidate(negotiator.candidate(candidate, of: stream))))
    }
}
