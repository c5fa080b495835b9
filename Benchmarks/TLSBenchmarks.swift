import TLS
import Wire

let tlsBenchmarks = [
    Benchmark("tls/handshake-both-sides", goal: .atMost(1_100_000)) {
        let setup = try TLSSetup()
        return { iterations in
            for _ in 0..<iterations {
                var pair = try TLSPair(setup)
                try pair.shakeHands()
            }
        }
    },
    Benchmark("tls/record-16KiB", goal: .atMost(25_000)) {
        let setup = try TLSSetup()
        let data = [UInt8](repeating: 7, count: 16_384)
        return { iterations in
            var pair = try TLSPair(setup)
            try pair.shakeHands()
            for _ in 0..<iterations {
                try pair.client.send(data.span, at: .zero)
                use(pair.settle())
            }
        }
    },
]

private struct TLSSetup {
    let name: TLSServerName
    let trust: TLSTrust
    let identity: TLSIdentity

    init() throws {
        let authority = try TLSAuthority(named: "Lab", validFrom: dayInPast, days: 36_000)
        name = try TLSServerName("lab.example")
        let issued = try authority.issue(for: [name], validFrom: dayInPast, days: 36_000)
        trust = try TLSTrust.certificates(pem: authority.certificatePEM)
        identity = try TLSIdentity(
            certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        )
    }
}

private let dayInPast: Int64 = 1_700_000_000

/// Two ends whose bytes reach each other at once.
private struct TLSPair: ~Copyable {
    var client: TLSConnection
    var server: TLSConnection

    init(_ setup: TLSSetup) throws {
        let client = try TLSConnection(client: setup.name, trust: setup.trust)
        let server = try TLSConnection(server: setup.identity)
        self.client = client
        self.server = server
    }

    mutating func shakeHands() throws {
        client.start(at: .zero)
        server.start(at: .zero)
        settle()
        guard client.isConnected, server.isConnected else {
            throw UnexpectedResult("the handshake must end")
        }
    }

    /// Carries bytes until all is quiet; returns how many bytes of data came out.
    @discardableResult
    mutating func settle() -> Int {
        var received = 0
        var moved = true
        while moved {
            moved = false
            while let output = client.popOutput() {
                moved = true
                if case .transmit(let bytes) = output { server.receive(bytes.span, at: .zero) }
            }
            while let output = server.popOutput() {
                moved = true
                if case .transmit(let bytes) = output { client.receive(bytes.span, at: .zero) }
                if case .received(let data) = output { received += data.count }
            }
        }
        return received
    }
}
