import TLS
import Testing
import Wire

@Suite("Verification of servers (RFC 9525)")
struct TLSVerificationTests {
    /// What the client says of a server with `identity` when it asks for `name`.
    private func verdict(
        _ name: String,
        _ identity: TLSIdentity,
        in lab: Lab,
        trust: TLSTrust? = nil
    ) throws -> TLSError? {
        var pair = try lab.pair(name, identity, trust: trust)
        pair.shakeHands()
        if let error = pair.toClient.failure {
            #expect(pair.toClient.session == nil)
            #expect(!pair.client.isConnected && !pair.server.isConnected)
            return error
        }
        #expect(pair.client.isConnected && pair.server.isConnected)
        return nil
    }

    @Test func aServerIsKnownByAnyOfItsNames() throws {
        let lab = try Lab()
        let identity = try lab.identity(for: ["turn.lab", "stun.lab", "192.0.2.1", "2001:db8::1"])
        for name in [
            "turn.lab", "STUN.lab", "stun.lab.", "192.0.2.1", "2001:db8::1", "[2001:db8::1]",
        ] {
            #expect(try verdict(name, identity, in: lab) == nil, "\(name)")
        }
        let error = try #require(try verdict("other.lab", identity, in: lab))
        let names = try ["turn.lab", "stun.lab", "192.0.2.1", "2001:db8::1"].map {
            try TLSServerName($0)
        }
        let expected = try TLSServerName("other.lab")
        #expect(error == .wrongHost(expected: expected, certificateIsFor: names))
        #expect("\(error)".contains("not for other.lab but for turn.lab, stun.lab"))
        let another = try TLSServerName("192.0.2.2")
        #expect(
            try verdict("192.0.2.2", identity, in: lab)
                == .wrongHost(expected: another, certificateIsFor: names)
        )
    }

    @Test func aNameIsNoAddressAndAnAddressNoName() throws {
        let lab = try Lab()
        let identity = try lab.identity(for: ["192.0.2.1"])
        let name = try TLSServerName("a.lab")
        #expect(
            try verdict("a.lab", identity, in: lab)
                == .wrongHost(expected: name, certificateIsFor: [TLSServerName("192.0.2.1")])
        )
    }

    @Test func anExpiredCertificateIsRefused() throws {
        let lab = try Lab()
        let past = try lab.identity(for: ["a"], validFrom: someDay - 86_400 * 3, days: 1)
        #expect(try verdict("a", past, in: lab) == .certificateExpired)
        let future = try lab.identity(for: ["a"], validFrom: someDay + 86_400)
        #expect(try verdict("a", future, in: lab) == .certificateNotYetValid)
    }

    @Test func anUnknownAuthorityIsRefused() throws {
        let lab = try Lab()
        let other = try Lab()
        let identity = try other.identity(for: ["a"])
        #expect(try verdict("a", identity, in: lab) == .unknownAuthority)
        #expect(try verdict("a", identity, in: lab, trust: .system) == .unknownAuthority)
    }

    @Test func aServersOwnCertificateCanBeTrusted() throws {
        let lab = try Lab()
        let issued = try lab.authority.issue(for: [TLSServerName("a")], validFrom: someDay - 1)
        let identity = try TLSIdentity(
            certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        )
        let trust = try TLSTrust.certificates(pem: issued.certificatePEM)
        #expect(try verdict("a", identity, in: lab, trust: trust) == nil)
    }

    @Test func theRefusedServerIsTold() throws {
        let lab = try Lab()
        var pair = try lab.pair("b", lab.identity(for: ["a"]))
        pair.shakeHands()
        #expect(
            pair.toServer.failure == .alertReceived(.certificateUnknown)
                || pair.toServer.failure == .alertReceived(.badCertificate)
        )
    }

    @Test func onlyTheInsecureTrustTakesAnything() throws {
        let lab = try Lab()
        let identity = try Lab().identity(for: ["a"], validFrom: 0, days: 1)
        let trust = try TLSTrust.insecureTrustInEverybody()
        #expect(try verdict("b", identity, in: lab, trust: trust) == nil)
    }

    @Test(arguments: [
        "", ".", "a b", "a\0b", "*.lab", "ä.lab", "a/b", String(repeating: "a", count: 254),
    ])
    func aNameThatIsNoneIsRefused(text: String) {
        let error = #expect(throws: TLSError.self) { try TLSServerName(text) }
        #expect(error == .invalidServerName)
    }

    @Test func filesThatAreWrongAreNamed() throws {
        let lab = try Lab()
        let one = try lab.authority.issue(for: [TLSServerName("a")], validFrom: 0)
        let two = try lab.authority.issue(for: [TLSServerName("a")], validFrom: 0)
        func failure(_ certificate: [UInt8], _ key: [UInt8]) -> TLSError? {
            do throws(TLSError) {
                _ = try TLSIdentity(certificatePEM: certificate, privateKeyPEM: key)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(one.certificatePEM, one.privateKeyPEM) == nil)
        #expect(failure([], one.privateKeyPEM) == .noCertificate)
        #expect(failure(one.privateKeyPEM, one.privateKeyPEM) == .noCertificate)
        #expect(failure(one.certificatePEM, [1, 2, 3]) == .noPrivateKey)
        #expect(failure(one.certificatePEM, two.privateKeyPEM) == .keyMismatch)
        let error = #expect(throws: TLSError.self) { try TLSTrust.certificates(pem: [0x41]) }
        #expect(error == .noCertificate)
        let other = #expect(throws: TLSError.self) { try TLSTrust.certificates(der: [[0x30, 0]]) }
        #expect(other == .noCertificate)
    }
}
