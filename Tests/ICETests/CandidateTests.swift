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
