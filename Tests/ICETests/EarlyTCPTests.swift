import ICE
import STUN
import Testing
import Wire

@Suite("TCP connections that come before the answer, RFC 6544 §7")
struct EarlyTCPTests {
    /// The left side can connect, and the right one accepts, but does not know the left one yet.
    static func network(roles: (ICERole, ICERole) = (.controlling, .controlled)) -> VirtualNetwork {
        var network = VirtualNetwork([
            TrickleTests.bareSide(.left, roles.0, seed: 1),
            TrickleTests.bareSide(.right, roles.1, seed: 1),
        ])
        let active = TCPTests.tcp(.left, .active)
        let passive = TCPTests.tcp(.right, .passive)
        network.sides[0].addresses.append(active.address)
        network.sides[1].addresses.append(passive.address)
        network.with(1) { $0.add(local: passive, to: 0, at: $1) }
        network.with(0) { agent, now in
            agent.add(local: active, to: 0, at: now)
            agent.add(remote: passive, to: 0, at: now)
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        return network
    }

    @Test("stay open until it comes, as their checks are remembered")
    func beforeTheAnswer() {
        var network = Self.network()
        network.run(for: .seconds(5))
        #expect(!network.connections.isEmpty)
        #expect(network.sides[1].closed.isEmpty)
        network.with(1) { $0.setRemote(Party.left.credentials, of: 0, at: $1) }
        let isConnected = network.connect(within: .seconds(5))
        #expect(isConnected)
        #expect(network.sides.allSatisfy { $0.closed.isEmpty })
    }

    @Test("stay open while the peer changes its role")
    func conflict() {
        // Whichever has the greater tie-breaker stays, so one of the two meets the 487.
        for roles in [(ICERole.controlling, ICERole.controlling), (.controlled, .controlled)] {
            var network = Self.network(roles: roles)
            network.with(1) { $0.setRemote(Party.left.credentials, of: 0, at: $1) }
            let isConnected = network.connect(within: .seconds(5))
            #expect(isConnected)
            #expect(network.sides.allSatisfy { $0.closed.isEmpty })
        }
    }

    @Test("are given back when nobody answers")
    func nobodyAnswers() {
        var network = Self.network()
        network.run(for: .seconds(1))
        network.passes = { _ in false }
        network.run(for: .seconds(60))
        #expect(network.sides[1].closed.count == 1)
        #expect(network.sides[1].agent.deadline == nil)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("are kept up to a limit")
    func flood() throws {
        var network = Self.network()
        for port in 1...40 as ClosedRange<UInt16> {
            let packet = try HostileTests.request(
                username: "user2:user1",
                password: Party.right.credentials.password,
                id: STUNTransactionID(high: UInt32(port), low: 3)
            )
            network.with(1) {
                let source = Party.left.address(port)
                $0.receive(
                    packet.span,
                    from: source,
                    on: Party.right.address(5_001),
                    over: .tcp,
                    at: $1
                )
            }
        }
        #expect(network.sides[1].closed.count == 24)
    }
}
