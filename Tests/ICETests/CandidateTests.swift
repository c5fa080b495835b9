import ICE
import Testing
import Wire

@Suite("Candidates, pairs and credentials, RFC 8445 §5 and §6.1.2")
struct CandidateTests {
    @Test("priorities are those of RFC 8445 §5.1.2")
    func priorities() {
        #expect(Candidate.host(Party.left.address()).priority == 2_130_706_431)
        #expect(Candidate.host(Party.left.address(), component: 2).priority == 2_130_706_430)
        let base = Party.left.address()
        let reflexive = Candidate.serverReflexive(Party.right.address(), base: base)
        #expect(reflexive.priority == 1_694_498_815)
        #expect(reflexive.base == base)
        #expect(Candidate.relayed(base, relatedAddress: nil).priority == 16_777_215)
    }

    @Test("foundations tell kinds and bases apart, and ports not")
    func foundations() {
        let first = Candidate.host(Party.left.address(1))
        let second = Candidate.host(Party.left.address(2))
        let other = Candidate.host(Party.left.address(1, host: 2))
        let reflexive = Candidate.serverReflexive(Party.right.address(), base: first.address)
        #expect(first.foundation == second.foundation)
        #expect(Set([first, other, reflexive].map(\.foundation)).count == 3)
        #expect(1...32 ~= first.foundation.count)
    }

    @Test("foundations tell servers and transports apart (RFC 8445 §5.1.1.3)")
    func foundationsOfServers() throws {
        let base = Party.left.address()
        let outside = Party.right.address()
        let servers = [Party.left.address(3_478, host: 8), Party.left.address(3_478, host: 9)]
        let reflexive = servers.map {
            Candidate.serverReflexive(outside, base: base, server: $0)
        }
        let relayed = servers.map { Candidate.relayed(outside, relatedAddress: base, server: $0) }
        let tcp = Candidate.host(base, transport: .tcp(.passive))
        let all = reflexive + relayed + [tcp, .host(base)]
        #expect(Set(all.map(\.foundation)).count == 6)
        let otherPort = SocketAddress(servers[0].address, port: 5_349)
        let again = Candidate.serverReflexive(outside, base: base, server: otherPort)
        #expect(again.foundation == reflexive[0].foundation)
        #expect(relayed[0].base == outside)
        #expect(reflexive[0].base == base)
    }

    @Test(
        "priorities of TCP candidates prefer the direction that works, and UDP (RFC 6544 §4.2)",
        arguments: [CandidateKind.host, .serverReflexive]
    )
    func tcpPriorities(kind: CandidateKind) {
        let kinds: [CandidateTransport.TCPKind] = [.active, .passive, .simultaneousOpen]
        let priorities = kinds.map {
            Candidate.priority(
                of: kind,
                transport: .tcp($0),
                localPreference: 65_535,
                component: 1
            )
        }
        let udp = Candidate.priority(of: kind, localPreference: 0, component: 1)
        #expect(priorities.allSatisfy { $0 < udp })
        let preferences = priorities.map { $0 >> 21 & 7 }
        #expect(preferences == (kind == .host ? [6, 4, 2] : [4, 2, 6]))
        #expect(priorities.allSatisfy { $0 & 0xFF == 255 && $0 >> 8 & 0x1FFF == 0x1FFF })
    }

    @Test("both sides compute the same pair priority, and no priority overflows")
    func pairPriority() {
        var local = Candidate.host(Party.left.address())
        var remote = Candidate.host(Party.right.address(), localPreference: 7)
        let ours = CandidatePair(local: local, remote: remote)
        let theirs = CandidatePair(local: remote, remote: local)
        #expect(ours.priority(as: .controlling) == theirs.priority(as: .controlled))
        let expected = UInt64(remote.priority) << 32 + 2 * UInt64(local.priority)
        #expect(ours.priority(as: .controlling) == expected + 1)
        #expect(ours.priority(as: .controlled) == expected)
        local.priority = .max
        remote.priority = .max
        let highest = CandidatePair(local: local, remote: remote).priority(as: .controlling)
        #expect(highest > expected)
    }

    @Test("credentials have the lengths and characters of RFC 8839 §5.4")
    func credentials() {
        var entropy = Entropy.seed(5)
        let first = ICECredentials.random(using: &entropy)
        let second = ICECredentials.random(using: &entropy)
        #expect(first.isValid && second.isValid && first != second)
        #expect(first.usernameFragment.count == 8)
        #expect(first.password.count == 24)
        #expect(!ICECredentials(usernameFragment: "abc", password: first.password).isValid)
        #expect(!ICECredentials(usernameFragment: "abcd", password: "short").isValid)
        #expect(!ICECredentials(usernameFragment: "ab:d", password: first.password).isValid)
    }
}
