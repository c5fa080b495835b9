import DTLS
import NetworkSimulator
import Testing
import Wire

@Suite("DTLS and what the network may bring, RFC 6347 §4.1.2.7")
struct DTLSHostileInputTests {
    static func connection(_ role: DTLSRole) throws -> DTLSConnection {
        let certificate = try Certificate.selfSigned(validFrom: someDay)
        return try DTLSConnection(
            role: role,
            certificate: certificate,
            peerFingerprints: [certificate.fingerprint]
        )
    }

    static let recordings = [
        "dtls/pion-corpus.hex", "dtls/certificate-fragments.hex", "dtls/handshake-flights.hex",
    ]

    @Test("recorded and fuzzed input traps in no phase", arguments: recordings)
    func corpus(name: String) throws {
        let inputs = HexFixture.lines(of: name)
        #expect(inputs.count >= 15)
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            for input in inputs {
                // As they are, as records, and as bodies of a handshake message.
                let wrapped = [
                    input, Self.record(22, input), Self.record(21, input),
                    Self.record(22, Self.handshake(1, input)), Self.record(20, input),
                ]
                for datagram in wrapped {
                    var server = try Self.connection(.server)
                    server.receive(datagram.span, at: .zero)
                    server.start(roundTripTime: nil, at: .zero)
                    server.receive(datagram.span, at: .zero)
                    Self.expectBounded(&server)
                    var client = try Self.connection(.client)
                    client.start(roundTripTime: nil, at: .zero)
                    client.receive(datagram.span, at: .zero)
                    Self.expectBounded(&client)
                }
            }
        }
    }

    @Test func everyPrefixOfAHelloIsHarmless() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            let hello = try #require(HexFixture.lines(of: "dtls/aiortc-hello.hex").first)
            for length in 0..<hello.count {
                var server = try Self.connection(.server)
                server.start(roundTripTime: nil, at: .zero)
                server.receive(hello.span.extracting(0..<length), at: .zero)
                let output = server.popOutput()
                #expect(output == nil, "a prefix of \(length) bytes was answered")
            }
        }
    }

    @Test func forgeriesDoNotDisturbAConnection() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var pair = try Pair()
            pair.shakeHands()
            var entropy = Entropy.seed(5)
            try pair.client.send([1].span, at: pair.now)
            guard case .transmit(let record)? = pair.client.popOutput() else { return }
            for index in record.indices {
                var forged = record
                forged[index] ^= 0x40
                pair.server.receive(forged.span, at: pair.now)
                pair.server.receive(record.span.extracting(0..<index), at: pair.now)
            }
            for input in HexFixture.lines(of: "dtls/pion-corpus.hex") {
                pair.server.receive(input.span, at: pair.now)
            }
            for count in 0..<300 {
                let noise = [23] + entropy.bytes(count * 7)
                pair.server.receive(noise.span, at: pair.now)
            }
            // An alert in the clear is no alert once keys are in use.
            let alert = Self.record(21, [2, 40])
            pair.server.receive(alert.span, at: pair.now)
            pair.server.receive(record.span, at: pair.now)
            pair.collect()
            #expect(pair.messages(of: .server) == [[1]])
            let isConnected = pair.server.isConnected
            #expect(isConnected)
        }
    }

    @Test func randomDatagramsInAHandshakeEndItAtWorst() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var entropy = Entropy.seed(6)
            for round in 0..<100 {
                var server = try Self.connection(.server)
                server.start(roundTripTime: nil, at: .zero)
                let length = 20 + round * 11
                server.receive(Self.record(22, entropy.bytes(length)), at: .zero)
                server.receive(entropy.bytes(length), at: .zero)
                server.receive([UInt8](repeating: 22, count: 65_535), at: .zero)
                Self.expectBounded(&server)
            }
        }
    }

    @Test func earlyDatagramsAreBounded() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var server = try Self.connection(.server)
            let noise = Self.record(22, [UInt8](repeating: 0, count: 1_100))
            for _ in 0..<10_000 { server.receive(noise.span, at: .zero) }
            server.start(roundTripTime: nil, at: .zero)
            Self.expectBounded(&server)
        }
    }

    static func expectBounded(_ connection: inout DTLSConnection) {
        var count = 0
        while let output = connection.popOutput() {
            count += 1
            if case .connected = output { Issue.record("connected by noise") }
        }
        #expect(count < 20)
    }

    static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(body.count >> 8 & 0xFF)]
            + [UInt8(body.count & 0xFF)] + body
    }

    static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length =
            [UInt8(body.count >> 16 & 0xFF), UInt8(body.count >> 8 & 0xFF)]
            + [UInt8(body.count & 0xFF)]
        return [type] + length + [0, 0, 0, 0, 0] + length + body
    }
}

@Suite("Hellos of other stacks, RFC 6347 §4.2.3")
struct RecordedHelloTests {
    /// The hello in two datagrams, in the orders and numbers a network may deliver.
    @Test(arguments: [[0, 1], [1, 0], [0, 0, 1, 1], [1, 1, 0], [0, 1, 0, 1]])
    func aPostQuantumHelloIsAnswered(order: [Int]) throws {
        let hello = HexFixture.lines(of: "dtls/chromium-hello-post-quantum.hex")
        #expect(hello.map(\.count) == [1_200, 263])
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var server = try DTLSHostileInputTests.connection(.server)
            server.start(roundTripTime: .milliseconds(20), at: .zero)
            for index in order { server.receive(hello[index], at: .zero) }
            let flight = Self.flight(&server)
            // ServerHello, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone.
            #expect(flight.messages == [2, 11, 12, 13, 14])
            #expect(flight.datagrams == 1)
            let deadline = server.deadline
            #expect(deadline == .zero.advanced(by: .milliseconds(50)))
            // Sent again, the flight is one datagram still.
            let due = Instant.zero.advanced(by: .milliseconds(50))
            SimulatedOpenSSL.setTime(due)
            server.advance(to: due)
            let second = Self.flight(&server)
            #expect(second.messages == [2, 11, 12, 13, 14])
            #expect(second.datagrams == 1)
        }
    }

    @Test func halfAHelloIsNotAnsweredYet() throws {
        let hello = HexFixture.lines(of: "dtls/chromium-hello-post-quantum.hex")
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var server = try DTLSHostileInputTests.connection(.server)
            server.start(roundTripTime: .milliseconds(20), at: .zero)
            server.receive(hello[1], at: .zero)
            server.receive(hello[1], at: .zero)
            #expect(Self.flight(&server).messages.isEmpty)
            server.receive(hello[0], at: .zero)
            #expect(Self.flight(&server).messages.first == 2)
        }
    }

    @Test func anotherStacksHelloIsAnswered() throws {
        let hello = try #require(HexFixture.lines(of: "dtls/aiortc-hello.hex").first)
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var server = try DTLSHostileInputTests.connection(.server)
            server.start(roundTripTime: .milliseconds(20), at: .zero)
            server.receive(hello.span, at: .zero)
            #expect(Self.flight(&server).messages == [2, 11, 12, 13, 14])
        }
    }

    /// The handshake messages in the clear that leave the server, by type.
    static func flight(_ server: inout DTLSConnection) -> (messages: [UInt8], datagrams: Int) {
        var (messages, datagrams) = ([UInt8](), 0)
        while case .transmit(let datagram)? = server.popOutput() {
            datagrams += 1
            #expect(datagram.count <= 1_200)
            var offset = 0
            while offset + 13 < datagram.count {
                messages.append(datagram[offset + 13])
                offset += 13 + Int(datagram[offset + 11]) << 8 + Int(datagram[offset + 12])
            }
        }
        return (messages, datagrams)
    }
}
