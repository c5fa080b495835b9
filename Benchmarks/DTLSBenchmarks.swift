import DTLS
import Wire

let dtlsBenchmarks = [
    Benchmark("dtls/certificate", goal: .atMost(400_000)) {
        { iterations in
            for _ in 0..<iterations { use(try Certificate.selfSigned(validFrom: 0).der.count) }
        }
    },
    Benchmark("dtls/handshake-both-sides", goal: .atMost(1_100_000)) {
        let certificates = try [
            Certificate.selfSigned(validFrom: dayInPast), .selfSigned(validFrom: dayInPast),
        ]
        return { iterations in
            for _ in 0..<iterations {
                var pair = try DTLSPair(certificates)
                try pair.shakeHands()
            }
        }
    },
    Benchmark("dtls/seal-1200B", goal: .atMost(800, mallocs: 0)) {
        let certificates = try [
            Certificate.selfSigned(validFrom: dayInPast), .selfSigned(validFrom: dayInPast),
        ]
        let payload = [UInt8](repeating: 7, count: 1_100)
        return { iterations in
            var pair = try DTLSPair(certificates)
            try pair.shakeHands()
            var packet = [UInt8](repeating: 0, count: 1_300)
            for _ in 0..<iterations {
                var place = packet.mutableSpan
                use(try pair.client.seal(payload.span, into: &place, at: .zero))
            }
        }
    },
]

private let dayInPast: Int64 = 1_700_000_000

/// Two ends whose datagrams reach each other at once.
private struct DTLSPair: ~Copyable {
    var client: DTLSConnection
    var server: DTLSConnection

    init(_ certificates: [Certificate]) throws(DTLSError) {
        let client = try DTLSConnection(
            role: .client,
            certificate: certificates[0],
            peerFingerprints: [certificates[1].fingerprint]
        )
        let server = try DTLSConnection(
            role: .server,
            certificate: certificates[1],
            peerFingerprints: [certificates[0].fingerprint]
        )
        self.client = client
        self.server = server
    }

    mutating func shakeHands() throws {
        server.start(roundTripTime: nil, at: .zero)
        client.start(roundTripTime: nil, at: .zero)
        for _ in 0..<20 where !(client.isConnected && server.isConnected) {
            while let output = client.popOutput() {
                if case .transmit(let datagram) = output {
                    server.receive(datagram.span, at: .zero)
                }
            }
            while let output = server.popOutput() {
                if case .transmit(let datagram) = output {
                    client.receive(datagram.span, at: .zero)
                }
            }
        }
        guard client.isConnected, server.isConnected else {
            throw UnexpectedResult("the handshake must end")
        }
    }
}
