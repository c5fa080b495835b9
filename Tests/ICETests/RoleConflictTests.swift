import ICE
import Testing
import Wire

@Suite("Role conflicts, RFC 8445 §7.3.1.1")
struct RoleConflictTests {
    @Test(
        "both sides in one role end in different ones, and connect",
        arguments: [ICERole.controlling, .controlled],
        0..<20 as Range<UInt64>
    )
    func conflict(role: ICERole, seed: UInt64) {
        var network = VirtualNetwork.pair(roles: (role, role), seed: seed)
        let isConnected = network.connect(within: .seconds(10))
        #expect(isConnected)
        #expect(network.sides[0].agent.role == network.sides[1].agent.role.opposite)
        #expect(network.sides.map(\.roles).flatMap(\.self) == [role.opposite])
        #expect(network.brokenLaws.isEmpty)
    }

    @Test(
        "a conflict over a lossy network is settled too",
        arguments: [ICERole.controlling, .controlled],
        0..<10 as Range<UInt64>
    )
    func lossy(role: ICERole, seed: UInt64) {
        var network = VirtualNetwork.pair(
            hosts: 2,
            roles: (role, role),
            link: .init(jitter: .milliseconds(30), loss: 0.3),
            seed: seed
        )
        let isConnected = network.connect()
        #expect(isConnected)
        #expect(network.sides[0].agent.role == network.sides[1].agent.role.opposite)
    }
}
