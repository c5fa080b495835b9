import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("RFC 8656 §9–12: permissions, indications and channels")
struct PermissionTests {
    private static let stranger = endpoint("203.0.113.9:7000")

    /// Sends from the peer's host to the relay.
    private func sendFromPeer(_ scene: Scene, _ payload: [UInt8], port: UInt16 = 6_000) throws {
        let relayed = try #require(scene.node.relayed.first)
        scene.network.with(scene.peer) { probe, _ in
            probe.send(
                payload,
                from: SocketAddress(Scene.peerAddress.address, port: port),
                to: relayed
            )
        }
        scene.network.run(for: .seconds(1))
    }

    @Test("Before a peer is permitted its packets do not pass, in either direction")
    func dropsUnpermitted() throws {
        let scene = Scene.allocated()
        try sendFromPeer(scene, [1])
        #expect(scene.node.received.isEmpty)
        #expect(scene.serverNode.server.statistics.unpermitted == 1)
        scene.with { node, _ in
            let isSent = node.send([1], to: Scene.peerAddress)
            #expect(!isSent)
        }
    }

    @Test("A permission is for an address, whatever the port")
    func permitsAddress() throws {
        let scene = Scene.permitted()
        try sendFromPeer(scene, [7], port: 6_001)
        let peer = SocketAddress(Scene.peerAddress.address, port: 6_001)
        #expect(scene.node.received == [ClientNode.Packet(peer: peer, payload: [7])])
    }

    @Test("A packet may follow the request for its permission at once")
    func sendsEarly() {
        let scene = Scene.allocated()
        scene.with { node, now in
            node.client.permit(Scene.peerAddress, at: now)
            while case .transmit(let bytes)? = node.client.popOutput() { node.transmit(bytes) }
            _ = node.send([5], to: Scene.peerAddress)
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.echoes == [[5]])
    }

    @Test("A hundred peers permitted in one breath take seven requests")
    func batches() {
        let scene = Scene.allocated()
        let before = scene.node.sentSizes.count
        scene.with { node, now in
            for number in 0..<100 {
                let address = IPAddress(v4: 0xCB00_7100 + UInt32(number))
                node.client.permit(SocketAddress(address, port: 9), at: now)
            }
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.node.sentSizes.count - before == 7)
        #expect(scene.events.count == 101)
    }

    @Test("One forbidden peer (403) does not take the others with it")
    func splitsRefused() {
        let scene = Scene.allocated()
        let others = [
            endpoint("203.0.113.7:1"), endpoint("203.0.113.8:1"), endpoint("203.0.113.9:1"),
        ]
        scene.with { node, now in
            node.client.permit(others[0], at: now)
            node.client.permit(endpoint("127.0.0.1:22"), at: now)
            node.client.permit(others[1], at: now)
            node.client.permit(others[2], at: now)
        }
        scene.network.run(for: .seconds(1))
        let outcome = Set(scene.events.dropFirst())
        let expected: Set<TURNClient.Output> = [
            .permitted(others[0].address), .permitted(others[1].address),
            .permitted(others[2].address), .denied(ip("127.0.0.1"), .forbidden),
        ]
        #expect(outcome == expected)
        scene.network.run(for: .seconds(900))
        #expect(scene.events.count == 5, "refreshed for good, each as it was granted")
    }

    @Test("A peer that is forgotten is out after five minutes")
    func forgets() throws {
        let scene = Scene.permitted()
        scene.with { node, now in node.client.forget(Scene.peerAddress, at: now) }
        scene.network.run(for: .seconds(301))
        try sendFromPeer(scene, [1])
        #expect(scene.node.received.isEmpty)
        #expect(scene.serverNode.server.statistics.unpermitted == 1)
    }

    @Test("A peer that comes back after it was forgotten has its short header again")
    func bindsAgain() {
        let scene = Scene.permitted()
        for round in 1...3 {
            scene.with { $0.client.bindChannel(Scene.peerAddress, at: $1) }
            scene.network.run(for: .seconds(1))
            #expect(scene.events.last == .channelBound(Scene.peerAddress))
            scene.exchange([UInt8(round)])
            #expect(scene.node.sentSizes.last == 5)
            scene.with { $0.client.forget(Scene.peerAddress, at: $1) }
            scene.network.run(for: .seconds(100))
        }
        #expect(scene.echoes == [[1], [2], [3]])
    }

    @Test("More peers than the client may have are refused without asking")
    func boundsPeers() {
        let scene = Scene.allocated(configureClient: { $0.maximumPeers = 2 })
        scene.with { node, now in
            for number in 0..<10_000 {
                let address = IPAddress(v4: 0xCB00_0000 + UInt32(number))
                node.client.permit(SocketAddress(address, port: 9), at: now)
            }
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.events.filter { if case .permitted = $0 { true } else { false } }.count == 2)
    }

    @Test("A channel takes four bytes where an indication takes thirty-six")
    func bindsChannel() throws {
        let scene = Scene.permitted()
        scene.exchange([1, 2, 3, 4])
        let long = try #require(scene.node.sentSizes.last)
        scene.with { node, now in node.client.bindChannel(Scene.peerAddress, at: now) }
        scene.network.run(for: .seconds(1))
        #expect(scene.events.last == .channelBound(Scene.peerAddress))
        scene.exchange([1, 2, 3, 4])
        #expect(long == 40)
        #expect(scene.node.sentSizes.last == 8)
        #expect(scene.echoes == [[1, 2, 3, 4], [1, 2, 3, 4]])
    }

    @Test("A channel alone is a permission as well, and lives on for hours")
    func channelPermits() {
        let scene = Scene.allocated()
        scene.with { node, now in node.client.bindChannel(Scene.peerAddress, at: now) }
        scene.network.run(for: .seconds(7_200))
        scene.exchange([9])
        #expect(scene.echoes == [[9]])
        #expect(scene.node.sentSizes.last == 5)
        #expect(
            scene.events.dropFirst() == [
                .permitted(Scene.peerAddress.address), .channelBound(Scene.peerAddress),
            ]
        )
    }

    @Test("Asking for the same channel twice asks the server once")
    func bindsOnce() {
        let scene = Scene.permitted()
        let before = scene.node.sentSizes.count
        scene.with { node, now in
            node.client.bindChannel(Scene.peerAddress, at: now)
            node.client.bindChannel(Scene.peerAddress, at: now)
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.node.sentSizes.count == before + 1)
    }

    @Test("A server without channels left refuses (508), and packets go on with the longer header")
    func channelRefused() {
        let scene = Scene.permitted(configureServer: { $0.limits.channels = 0 })
        scene.with { node, now in node.client.bindChannel(Scene.peerAddress, at: now) }
        scene.network.run(for: .seconds(1))
        #expect(
            scene.events.last == .channelRefused(Scene.peerAddress, .insufficientCapacity)
        )
        scene.exchange([3])
        #expect(scene.echoes == [[3]])
    }

    @Test("A server that loses its memory of permissions gets them again with the next refresh")
    func refreshesPermissions() {
        let scene = Scene.permitted()
        for _ in 0..<12 {
            scene.network.run(for: .seconds(100))
            scene.exchange([1])
        }
        #expect(scene.echoes.count == 12)
    }
}
