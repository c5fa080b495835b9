import DTLS
import Digests
import NetworkSimulator
import Wire

/// A client and a server on virtual time, and a network between them that may lose datagrams.
///
/// To be used inside `SimulatedOpenSSL.withSimulation`.
struct Pair: ~Copyable {
    enum Side: Hashable { case client, server }

    struct Link {
        var latency = Duration.milliseconds(10)
        var jitter = Duration.zero
        var loss = 0.0
        var duplication = 0.0
    }

    var client: DTLSConnection
    var server: DTLSConnection
    var link: Link
    private(set) var now = Instant.zero
    private(set) var outputs: [Side: [DTLSConnection.Output]] = [.client: [], .server: []]
    /// Every datagram sent, in order.
    private(set) var transcript: [[UInt8]] = []
    private var inFlight: [(arrival: Instant, target: Side, datagram: [UInt8])] = []
    private var entropy: SplitMix64

    init(
        _ setup: Setup = Setup(),
        link: Link = Link(),
        seed: UInt64 = 1
    ) throws {
        let clientCertificate = try Certificate.selfSigned(validFrom: someDay)
        let serverCertificate = try Certificate.selfSigned(validFrom: someDay)
        let client = try DTLSConnection(
            role: .client,
            certificate: clientCertificate,
            peerFingerprints: setup.clientExpects(serverCertificate),
            configuration: setup.client
        )
        let server = try DTLSConnection(
            role: .server,
            certificate: serverCertificate,
            peerFingerprints: setup.serverExpects(clientCertificate),
            configuration: setup.server
        )
        self.client = client
        self.server = server
        self.link = link
        entropy = SplitMix64(seed: seed)
    }

    struct Setup {
        var client = DTLSConfiguration()
        var server = DTLSConfiguration()
        var clientExpects = { (certificate: Certificate) in [certificate.fingerprint] }
        var serverExpects = { (certificate: Certificate) in [certificate.fingerprint] }
    }

    /// Starts both ends and runs until both are connected, nothing happens, or `limit` has passed.
    mutating func shakeHands(limit: Duration = .seconds(60), roundTrip: Duration? = nil) {
        SimulatedOpenSSL.setTime(now)
        server.start(roundTripTime: roundTrip ?? link.latency * 2, at: now)
        client.start(roundTripTime: roundTrip ?? link.latency * 2, at: now)
        run(for: limit, stopWhenConnected: true)
    }

    mutating func run(for limit: Duration, stopWhenConnected: Bool = false) {
        let end = now.advanced(by: limit)
        collect()
        while !(stopWhenConnected && client.isConnected && server.isConnected) {
            guard let next = nextEvent, next <= end else { break }
            now = max(now, next)
            SimulatedOpenSSL.setTime(now)
            deliver()
            if let due = client.deadline, due <= now { client.advance(to: now) }
            if let due = server.deadline, due <= now { server.advance(to: now) }
            collect()
        }
    }

    private var nextEvent: Instant? {
        [inFlight.map(\.arrival).min(), client.deadline, server.deadline].compactMap(\.self).min()
    }

    private mutating func deliver() {
        let due = inFlight.filter { $0.arrival <= now }.sorted { $0.arrival < $1.arrival }
        inFlight.removeAll { $0.arrival <= now }
        for (_, target, datagram) in due {
            switch target {
            case .client: client.receive(datagram.span, at: now)
            case .server: server.receive(datagram.span, at: now)
            }
        }
    }

    mutating func collect() {
        while let output = client.popOutput() { take(output, from: .client, to: .server) }
        while let output = server.popOutput() { take(output, from: .server, to: .client) }
    }

    private mutating func take(_ output: DTLSConnection.Output, from: Side, to: Side) {
        guard case .transmit(let datagram) = output else {
            outputs[from, default: []].append(output)
            return
        }
        transcript.append(datagram)
        guard Double.random(in: 0..<1, using: &entropy) >= link.loss else { return }
        inFlight.append((now.advanced(by: delay()), to, datagram))
        if Double.random(in: 0..<1, using: &entropy) < link.duplication {
            inFlight.append((now.advanced(by: delay()), to, datagram))
        }
    }

    private mutating func delay() -> Duration {
        link.latency + link.jitter * Double.random(in: 0...1, using: &entropy)
    }
}

extension Pair {
    func keys(of side: Side) -> KeyingMaterial? {
        for case .connected(let keys, _) in outputs[side] ?? [] { return keys }
        return nil
    }

    func hasConnected(_ side: Side) -> Bool {
        for case .connected in outputs[side] ?? [] { return true }
        return false
    }

    func messages(of side: Side) -> [[UInt8]] {
        (outputs[side] ?? []).compactMap {
            if case .applicationData(let message) = $0 { message } else { nil }
        }
    }

    func failure(of side: Side) -> DTLSError? {
        for case .failed(let error) in outputs[side] ?? [] { return error }
        return nil
    }
}

/// 2026-01-01.
let someDay: Int64 = 1_767_225_600

extension DTLSConnection {
    /// Takes a datagram that is an expression.
    mutating func receive(_ datagram: [UInt8], at now: Instant) {
        receive(datagram.span, at: now)
    }
}

extension Certificate {
    func fingerprint(by function: HashFunction) -> CertificateFingerprint {
        let der = der
        return CertificateFingerprint(of: der.span, function: function)
    }
}
