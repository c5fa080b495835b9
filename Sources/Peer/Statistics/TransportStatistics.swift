public import ICE
public import Wire

/// What a session knows of one transport (W3C `RTCTransportStats`, `RTCIceCandidateStats`).
///
/// Pairs, their checks and the reasons why they failed are in ``PeerStatistics/ice``.
public struct TransportStatistics: Hashable, Sendable {
    /// The transport: one stream for each BUNDLE group or section on its own, component 2 for RTCP.
    public var component: ICEComponent
    /// How far its DTLS association has come.
    public var dtlsState: DTLSTransportState
    /// The path packets take; nil while there is none.
    public var path: SelectedPath?
    /// When packets were last moved to another path.
    public var selectedAt: Instant?
    /// Our candidates, those that the peer was not told of included.
    public var localCandidates: [Candidate]
    /// Whether all servers have answered, or are not waited for any more.
    public var isGatheringComplete: Bool
}

extension PeerSession {
    var transportStatistics: [TransportStatistics] {
        transports.map { transport in
            let component = transport.component
            let stream = gathering.stream(component.stream)
            return TransportStatistics(
                component: component,
                dtlsState: transport.state,
                path: agent.selectedPair(of: component).map {
                    SelectedPath(local: $0.local, remote: $0.remote)
                },
                selectedAt: transport.selectedAt,
                localCandidates: stream.candidates.filter {
                    $0.component == component.component
                },
                isGatheringComplete: stream.isComplete
            )
        }
    }
}
