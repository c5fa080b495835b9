import ICE

/// How far the whole connection has come: W3C's `RTCPeerConnectionState`.
public enum PeerConnectionState: String, Hashable, Sendable, CaseIterable {
    case new, connecting, connected, disconnected, failed, closed
}

/// How far one DTLS transport has come: W3C's `RTCDtlsTransportState`.
public enum DTLSTransportState: String, Hashable, Sendable, CaseIterable {
    case new, connecting, connected, closed, failed
}

/// How far candidate gathering has come: W3C's `RTCIceGatheringState`.
public enum ICEGatheringState: String, Hashable, Sendable, CaseIterable {
    case new, gathering, complete
}

/// Where offer and answer stand: W3C's `RTCSignalingState`.
public enum SignalingState: String, Hashable, Sendable, CaseIterable {
    case stable
    case haveLocalOffer = "have-local-offer"
    case haveRemoteOffer = "have-remote-offer"
    /// Our provisional answer to the peer's offer is set.
    case haveLocalPranswer = "have-local-pranswer"
    /// The peer's provisional answer to our offer is set.
    case haveRemotePranswer = "have-remote-pranswer"
    case closed

    /// Whether the peer may describe itself so now; what a rollback needs is asked elsewhere.
    func takes(remote kind: SessionDescription.Kind) -> Bool {
        switch (kind, self) {
        case (.offer, .stable), (.offer, .haveLocalOffer), (.offer, .haveRemoteOffer),
            (.answer, .haveLocalOffer), (.answer, .haveRemotePranswer),
            (.pranswer, .haveLocalOffer), (.pranswer, .haveRemotePranswer), (.rollback, _):
            true
        case (.offer, _), (.answer, _), (.pranswer, _): false
        }
    }
}

extension PeerConnectionState {
    /// The state that follows from the transports' states (W3C WebRTC §4.3.3).
    init(ice: ICEConnectionState, dtls: some Collection<DTLSTransportState>) {
        if ice == .failed || dtls.contains(.failed) {
            self = .failed
        } else if ice == .disconnected {
            self = .disconnected
        } else if ice == .new && dtls.allSatisfy({ $0 == .new }) {
            self = .new
        } else if (ice == .connected || ice == .completed), !dtls.isEmpty,
            dtls.allSatisfy({ $0 == .connected || $0 == .closed })
        {
            self = .connected
        } else {
            self = .connecting
        }
    }
}
