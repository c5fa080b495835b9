import ICE
import SDP
public import Wire

// MARK: - Addresses of ours

extension PeerSession {
    /// How many sockets on each address the transport `stream` needs: one for each component.
    public func componentCount(of stream: Int) -> Int { gathering.stream(stream).components }

    /// A socket for the transport `stream` is bound to `address`: a host candidate.
    ///
    /// With two components, 1 is for RTP and 2 for RTCP.
    public mutating func addLocalAddress(
        _ address: SocketAddress,
        to stream: Int,
        component: Int = 1,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed, transport(stream) != nil, let component = UInt8(exactly: component),
            1...gathering.stream(stream).components ~= Int(component)
        else { return }
        let rank = gathering.stream(stream).candidates.count { $0.component == component }
        let candidate = Candidate.host(
            address,
            component: component,
            localPreference: UInt16(clamping: 65_535 - rank)
        )
        add(candidate, to: stream, at: now)
        pump(at: now)
    }

    /// No more sockets will be opened for the transport `stream`.
    public mutating func endOfLocalAddresses(of stream: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed, transport(stream) != nil, !gathering.stream(stream).isComplete else {
            return
        }
        let before = gathering.state
        gathering.complete(stream)
        agent.endOfLocalCandidates(of: stream, at: now)
        publishGatheringState(since: before)
        pump(at: now)
    }

    /// Gives a candidate to the agent and tells the peer of it.
    mutating func add(_ candidate: Candidate, to stream: Int, at now: Instant) {
        gathering.add(candidate, published: candidate.attribute, to: stream)
        agent.add(local: candidate, to: stream, at: now)
        announce(candidate.attribute, of: stream)
    }

    /// Hands a candidate to signaling.
    mutating func announce(_ candidate: CandidateAttribute, of stream: Int) {
        outputs.append(.event(.candidate(negotiator.candidate(candidate, of: stream))))
    }
}
