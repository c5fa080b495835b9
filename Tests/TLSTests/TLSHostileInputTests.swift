import Support
import TLS
import Testing
import Wire

@Suite("TLS and hostile peers")
struct TLSHostileInputTests {
    private func outputs(of connection: inout TLSConnection) -> [TLSConnection.Output] {
        var outputs: [TLSConnection.Output] = []
        while let output = connection.popOutput() { outputs.append(output) }
        return outputs
    }

    @Test func whoSpeaksAnotherProtocolIsRecognized() throws {
        let lab = try Lab()
        var client = try TLSConnection(client: TLSServerName("a"), trust: lab.trust)
        client.start(at: .zero)
        client.receive(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8).span, at: .zero)
        #expect(outputs(of: &client).failure == .notTLS)

        var server = try TLSConnection(server: lab.identity(for: ["a"]))
        server.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span, at: .zero)
        #expect(outputs(of: &server).failure == .notTLS)
    }

    @Test func changedBytesEndTheHandshakeAndNothingElse() throws {
        let lab = try Lab()
        let identity = try lab.identity(for: ["a"])
        var entropy = SplitMix64(seed: 7)
        var failures = 0
        for _ in 0..<150 {
            var client = try TLSConnection(
                client: TLSServerName("a"),
                trust: lab.trust,
                configuration: onSomeDay
            )
            var server = try TLSConnection(server: identity)
            client.start(at: .zero)
            var connected = 0
            for _ in 0..<4 {
                for case .transmit(var bytes) in outputs(of: &client) {
                    bytes.damage(with: &entropy)
                    server.receive(bytes.span, at: .zero)
                }
                for output in outputs(of: &server) {
                    switch output {
                    case .transmit(let bytes): client.receive(bytes.span, at: .zero)
                    case .connected: connected += 1
                    case .failed: failures += 1
                    case .received, .closed: Issue.record("nothing was sent")
                    }
                }
            }
            #expect(connected == 0, "a changed handshake must not be accepted")
        }
        #expect(failures > 100)
    }

    @Test func aDamagedRecordEndsTheConnection() throws {
        let lab = try Lab()
        var pair = try lab.pair("a", lab.identity(for: ["a"]))
        pair.shakeHands()
        try pair.client.send([1, 2, 3].span, at: .zero)
        guard case .transmit(var bytes)? = pair.client.popOutput() else {
            Issue.record("nothing was sent")
            return
        }
        bytes[bytes.count - 1] ^= 1
        pair.server.receive(bytes.span, at: .zero)
        let result = outputs(of: &pair.server)
        guard case .protocolViolation? = result.failure else {
            Issue.record("\(result)")
            return
        }
        #expect(result.data.isEmpty)
        let hasEnded = pair.server.hasEnded
        #expect(hasEnded)
    }

    @Test func whoNeverFinishesAHandshakeIsCutOff() throws {
        let lab = try Lab()
        var configuration = TLSConfiguration()
        configuration.maximumHandshakeSize = 1_000
        var server = try TLSConnection(
            server: lab.identity(for: ["a"]),
            configuration: configuration
        )
        // The head of a record that announces more than it brings.
        let head: [UInt8] = [22, 3, 1, 0x3F, 0xFF]
        server.receive(head.span, at: .zero)
        for _ in 0..<10 { server.receive([UInt8](repeating: 1, count: 100).span, at: .zero) }
        let failure = outputs(of: &server).failure
        #expect(failure != nil)
        let hasEnded = server.hasEnded
        #expect(hasEnded)
        server.receive(head.span, at: .zero)
        #expect(server.popOutput() == nil)
    }

    @Test func noBytesTrapEitherSide() throws {
        let lab = try Lab()
        let identity = try lab.identity(for: ["a"])
        var entropy = SplitMix64(seed: 11)
        for round in 0..<300 {
            var client = try TLSConnection(client: TLSServerName("a"), trust: lab.trust)
            var server = try TLSConnection(server: identity)
            client.start(at: .zero)
            var bytes = (0..<Int(entropy.next() % 300)).map { _ in
                UInt8(truncatingIfNeeded: entropy.next())
            }
            // Half of them look like a record of the handshake.
            if round % 2 == 0 { bytes = [22, 3, 3, 0, UInt8(clamping: bytes.count)] + bytes }
            client.receive(bytes.span, at: .zero)
            server.receive(bytes.span, at: .zero)
            #expect(!client.isConnected && !server.isConnected)
        }
    }

    @Test func theMachineKeepsItsLaws() throws {
        let lab = try Lab()
        var client = try TLSConnection(client: TLSServerName("a"), trust: lab.trust)
        client.start(at: .zero)
        let run = client.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.map(\.output).failure == .timedOut)
    }
}

extension [UInt8] {
    /// Changes one bit somewhere behind the record's head.
    fileprivate mutating func damage(with entropy: inout SplitMix64) {
        guard count > 11 else { return }
        let place = 11 + Int(entropy.next() % UInt64(count - 11))
        self[place] ^= 1 << UInt8(entropy.next() % 8)
    }
}
