import DTLS
import Digests
import NetworkSimulator
import Testing
import Wire

@Suite("DTLS handshake, RFC 6347 §4.2 and RFC 5764")
struct DTLSHandshakeTests {
    @Test func bothSidesConnectAndHaveTheSameKeys() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var pair = try Pair()
            pair.shakeHands()
            let clientKeys = pair.keys(of: .client)
            let client = try #require(clientKeys)
            let serverKeys = pair.keys(of: .server)
            let server = try #require(serverKeys)
            #expect(client.bytes == server.bytes)
            #expect(client.bytes.count == 56)
            #expect(client.profile == 0x0007 && server.profile == 0x0007)
            #expect(client.localRole == .client && server.localRole == .server)
            let suite = pair.client.cipherSuite
            #expect(suite == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            // Two round trips, and nothing was sent twice.
            #expect(pair.now == Instant.zero.advanced(by: .milliseconds(40)))
        }
    }

    @Test(
        "completes with a third of the datagrams lost, others late or twice",
        arguments: 0..<50 as Range<UInt64>
    )
    func survivesLoss(seed: UInt64) throws {
        try SimulatedOpenSSL.withSimulation(seed: seed) {
            let link = Pair.Link(jitter: .milliseconds(30), loss: 0.3, duplication: 0.2)
            var pair = try Pair(link: link, seed: seed)
            pair.shakeHands()
            let keysKeys = pair.keys(of: .client)
            let keys = try #require(keysKeys)
            #expect(keys.bytes == pair.keys(of: .server)?.bytes)
        }
    }

    @Test("one seed gives the same datagrams every time", arguments: [3, 4] as [UInt64])
    func repeats(seed: UInt64) throws {
        func transcript() throws -> [[UInt8]] {
            try SimulatedOpenSSL.withSimulation(seed: seed) {
                let link = Pair.Link(jitter: .milliseconds(30), loss: 0.3, duplication: 0.2)
                var pair = try Pair(link: link, seed: seed)
                pair.shakeHands()
                try pair.client.send([1, 2, 3].span, at: pair.now)
                pair.collect()
                return pair.transcript
            }
        }
        let first = try transcript()
        #expect(first.count > 4)
        #expect(try transcript() == first)
    }

    @Test func simulationsLeaveOtherThreadsAndTimesAlone() throws {
        let outside = try Certificate.selfSigned(validFrom: someDay)
        let inside = try SimulatedOpenSSL.withSimulation(seed: 9) {
            try Certificate.selfSigned(validFrom: someDay)
        }
        let again = try SimulatedOpenSSL.withSimulation(seed: 9) {
            try Certificate.selfSigned(validFrom: someDay)
        }
        let after = try Certificate.selfSigned(validFrom: someDay)
        #expect(outside.der != after.der)
        #expect(inside.der == again.der)
        #expect(inside.der != after.der)
        #expect(!SimulatedOpenSSL.isActive)
    }

    @Test(arguments: [256, 300, 600, 1_200])
    func datagramsFitTheLink(mtu: Int) throws {
        try SimulatedOpenSSL.withSimulation(seed: 2) {
            var setup = Pair.Setup()
            setup.client.linkMTU = mtu
            setup.server.linkMTU = mtu
            var pair = try Pair(setup, link: Pair.Link(loss: 0.2))
            pair.shakeHands()
            let isConnected = pair.client.isConnected
            #expect(isConnected)
            let largest = pair.transcript.map(\.count).max()
            #expect(try #require(largest) <= mtu)
        }
    }

    @Test func nothingIsNegotiatedWithoutAProfileInCommon() throws {
        try SimulatedOpenSSL.withSimulation(seed: 5) {
            var setup = Pair.Setup()
            setup.client.srtpProfiles = []
            var pair = try Pair(setup)
            pair.shakeHands()
            #expect(pair.hasConnected(.client) && pair.hasConnected(.server))
            #expect(pair.keys(of: .client) == nil && pair.keys(of: .server) == nil)
        }
    }

    @Test(arguments: zip([0x0001, 0x0007, 0x0008] as [UInt16], [60, 56, 88]))
    func everyProfileExportsItsOwnLength(profile: UInt16, length: Int) throws {
        try SimulatedOpenSSL.withSimulation(seed: 6) {
            var setup = Pair.Setup()
            setup.client.srtpProfiles = [profile]
            var pair = try Pair(setup)
            pair.shakeHands()
            let keysKeys = pair.keys(of: .client)
            let keys = try #require(keysKeys)
            #expect(keys.profile == profile && keys.bytes.count == length)
            #expect(keys.bytes == pair.keys(of: .server)?.bytes)
        }
    }

    @Test func anUnknownProfileIsOurCallersFault() throws {
        var setup = Pair.Setup()
        setup.server.srtpProfiles = [0x0099]
        #expect(throws: DTLSError.unsupportedProfile(0x0099)) { _ = try Pair(setup) }
    }

    @Test func datagramsBeforeTheStartAreKept() throws {
        try SimulatedOpenSSL.withSimulation(seed: 7) {
            var pair = try Pair()
            pair.client.start(roundTripTime: .milliseconds(20), at: pair.now)
            pair.run(for: .milliseconds(40))
            let isConnected = pair.server.isConnected
            #expect(!isConnected)
            let sent = pair.transcript.count
            pair.server.start(roundTripTime: .milliseconds(20), at: pair.now)
            pair.run(for: .milliseconds(60), stopWhenConnected: true)
            #expect(pair.hasConnected(.client) && pair.hasConnected(.server))
            // The hello was not needed a second time: the answer is the very next datagram.
            #expect(pair.transcript[sent][13] == 2)
        }
    }
}

@Suite("DTLS fingerprints, RFC 8122 §6.2")
struct DTLSFingerprintTests {
    static let wrong: @Sendable (Certificate) -> [CertificateFingerprint] = { _ in
        [CertificateFingerprint(function: "sha-256", bytes: [UInt8](repeating: 7, count: 32))]
    }

    @Test func aWrongServerCertificateFailsBothSides() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var setup = Pair.Setup()
            setup.clientExpects = Self.wrong
            var pair = try Pair(setup)
            pair.shakeHands()
            #expect(pair.failure(of: .client) == .fingerprintMismatch)
            #expect(pair.failure(of: .server) == .alertReceived(.badCertificate))
            #expect(!pair.hasConnected(.client) && !pair.hasConnected(.server))
        }
    }

    @Test func aWrongClientCertificateFailsBothSides() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var setup = Pair.Setup()
            setup.serverExpects = Self.wrong
            var pair = try Pair(setup)
            pair.shakeHands()
            #expect(pair.failure(of: .server) == .fingerprintMismatch)
            #expect(pair.failure(of: .client) == .alertReceived(.badCertificate))
            #expect(!pair.hasConnected(.client) && !pair.hasConnected(.server))
        }
    }

    @Test(arguments: [HashFunction.sha1, .sha224, .sha256, .sha384, .sha512])
    func everyHashFunctionIsVerified(function: HashFunction) throws {
        try SimulatedOpenSSL.withSimulation(seed: 2) {
            var setup = Pair.Setup()
            setup.clientExpects = { [$0.fingerprint(by: function)] }
            setup.serverExpects = {
                var fingerprint = $0.fingerprint(by: function)
                fingerprint.bytes[0] ^= 1
                return [fingerprint]
            }
            var pair = try Pair(setup)
            pair.shakeHands()
            #expect(pair.failure(of: .server) == .fingerprintMismatch)
        }
    }

    @Test func theStrongestFunctionOfferedDecides() throws {
        try SimulatedOpenSSL.withSimulation(seed: 3) {
            var setup = Pair.Setup()
            setup.clientExpects = { Self.wrong($0) + [$0.fingerprint] }
            setup.serverExpects = {
                [
                    $0.fingerprint,
                    CertificateFingerprint(
                        function: "SHA-512",
                        bytes: [UInt8](repeating: 0, count: 64)
                    ),
                ]
            }
            var pair = try Pair(setup)
            pair.shakeHands()
            // The client found one right fingerprint of two; the server's sha-512 was wrong.
            #expect(pair.failure(of: .server) == .fingerprintMismatch)
            #expect(pair.failure(of: .client) == .alertReceived(.badCertificate))
        }
    }

    @Test func forbiddenAndUnknownFunctionsDoNotCount() throws {
        var setup = Pair.Setup()
        setup.clientExpects = {
            [
                $0.fingerprint(by: .md5),
                CertificateFingerprint(function: "sha-3", bytes: [1]),
            ]
        }
        #expect(throws: DTLSError.noUsableFingerprint) { _ = try Pair(setup) }
    }
}
