import DTLS
import Peer
import Wire

/// Negotiation in a session whose certificate is ready; no sockets, no cryptography.
let peerBenchmarks = [
    Benchmark("peer/create-offer", goal: .atMost(100_000)) {
        var session = try makeSession()
        _ = try session.addTransceiver(.audio, at: .zero)
        _ = try session.addTransceiver(.video, at: .zero)
        try session.addDataSection(at: .zero)
        let box = SessionBox(session)
        return { iterations in
            for _ in 0..<iterations { use(try box.session.createOffer(at: .zero).sdp.utf8.count) }
        }
    },
    negotiation(sections: 100),
    negotiation(sections: 200),
]

/// Offer and answer of so many sections between two sessions, audio and video in turn.
private func negotiation(sections: Int) -> Benchmark {
    Benchmark("peer/negotiate-\(sections)") {
        let certificate = try Certificate.selfSigned(validFrom: 1_700_000_000)
        return { iterations in
            for _ in 0..<iterations {
                var caller = makeSession(certificate)
                var answerer = makeSession(certificate)
                for index in 0..<sections {
                    let kind: MediaKind = index % 2 == 0 ? .audio : .video
                    _ = try caller.addTransceiver(kind, at: .zero)
                }
                let offer = try caller.setLocalDescription(at: .zero)
                try answerer.setRemoteDescription(offer, at: .zero)
                let answer = try answerer.setLocalDescription(at: .zero)
                try caller.setRemoteDescription(answer, at: .zero)
                use(caller.transceivers.count)
            }
        }
    }
}

/// A session that a closure can change.
private final class SessionBox {
    var session: PeerSession

    init(_ session: consuming PeerSession) { self.session = session }
}

private func makeSession() throws -> PeerSession {
    makeSession(try Certificate.selfSigned(validFrom: 1_700_000_000))
}

private func makeSession(_ certificate: Certificate) -> PeerSession {
    var configuration = PeerConfiguration()
    configuration.capabilities = .full
    return PeerSession(
        certificate: certificate,
        configuration: configuration,
        entropy: .seed(1),
        wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
        at: .zero
    )
}
