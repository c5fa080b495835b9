import ICE
import NetworkSimulator
import Peer
import Testing
import TURNSupport
import TraversalSupport
import Wire

@Suite("A call goes on when its path changes, RFC 8445 §9 and RFC 7675")
struct PathChangeTests {
    private func call(
        _ one: Access,
        _ other: Access,
        seed: UInt64,
        isBlocked: Bool = false,
        servers: [ICEServer]? = nil,
        configure: (inout PeerConfiguration) -> Void = { _ in }
    ) throws -> RelayScene {
        let scene = try RelayScene(
            one,
            other,
            servers: servers,
            configure: configure,
            seed: seed
        )
        if isBlocked { block(scene) }
        try scene.negotiate()
        #expect(try scene.connect())
        try scene.carryOn(for: .seconds(5))
        return scene
    }

    /// Lets nothing pass but what goes to the server or comes from it.
    private func block(_ scene: RelayScene) {
        let server = address(RelayScene.serverAddress)
        scene.network.drop { datagram, _ in
            datagram.source.address != server && datagram.destination.address != server
        }
    }

    /// When `delay` from now is, counted from the start.
    private func after(_ delay: Duration, _ scene: RelayScene) -> Duration {
        Instant.zero.duration(to: scene.network.now) + delay
    }

    // MARK: Addresses

    @Test(
        "a NAT that forgets all mappings",
        arguments: Access.allCases.dropFirst(),
        Access.allCases
    )
    func natRestart(one: Access, other: Access) throws {
        let scene = try call(one, other, seed: 11)
        scene.network.schedule(.natRestart(of: scene.homes[0], at: after(.zero, scene)))
        try scene.carryOn(for: .seconds(20))
        #expect(scene.isHeard())
        let isBest = try scene.carryOn(for: .seconds(60)) {
            scene.way == Access.bestWay(one, other)
        }.isDone
        #expect(isBest)
        #expect(scene.isHeard())
    }

    @Test("a NAT that gets another public address", arguments: Access.allCases.dropFirst())
    func natAddress(one: Access) throws {
        let scene = try call(one, .portRestricted, seed: 12)
        let outside = address("203.0.113.77")
        scene.network.schedule(
            .addressChange(of: scene.homes[0], to: outside, at: after(.zero, scene))
        )
        try scene.carryOn(for: .seconds(20))
        #expect(scene.isHeard())
        let isBest = try scene.carryOn(for: .seconds(60)) {
            scene.way == Access.bestWay(one, .portRestricted)
        }.isDone
        #expect(isBest)
    }

    @Test("a host that moves to another network", arguments: [0, 3])
    func hostMoves(gap: Int) throws {
        let scene = try call(.portRestricted, .addressRestricted, seed: 13)
        let nat = NAT(kind: .symmetric, publicAddress: address("203.0.113.70"))
        let other = scene.network.addNetwork("mobile", behind: nat)
        let (caller, new) = (scene.call.caller, address("10.7.0.2"))
        scene.network.schedule(.addressChange(of: caller, to: [], at: after(.zero, scene)))
        scene.network.schedule(
            .addressChange(of: caller, to: [new], on: other, at: after(.seconds(gap), scene))
        )
        let hasMoved = try scene.carryOn(for: .seconds(gap + 10)) {
            scene.isConnected && scene.call.statistics(of: caller).path?.local.base.address == new
        }.isDone
        #expect(hasMoved)
        #expect(scene.isHeard())
        try scene.carryOn(for: .seconds(40))
        #expect(scene.way == .direct)
        #expect(scene.isHeard())
    }

    // MARK: Outages

    /// One direction is dead and there is no other path: neither may go on sending.
    @Test func consentEndsOnBothSidesOfAHalfDeadPath() throws {
        let scene = try call(.open, .open, seed: 14, servers: [])
        let (one, two) = (address("198.51.100.1"), address("198.51.100.2"))
        scene.network.drop { datagram, _ in datagram.source.address == one }
        for host in [scene.call.caller, scene.call.answerer] {
            scene.network.with(host) { $0.microphone.start(frames: 5_000, at: $1) }
        }
        scene.network.run(for: .seconds(32))
        let after = scene.network.now
        var late = 0
        scene.network.drop { datagram, now in
            if now > after, [one, two].contains(datagram.source.address) { late += 1 }
            return false
        }
        scene.network.run(for: .seconds(60))
        #expect(late == 0)
        for host in [scene.call.caller, scene.call.answerer] {
            #expect(scene.call.statistics(of: host).path == nil)
            #expect(scene.call.statistics(of: host).connectionState == .failed)
        }
    }

    @Test("one direction of the direct path is dead: both take the relay", arguments: [1, 2])
    func halfDeadPath(silent: Int) throws {
        let scene = try call(.open, .portRestricted, seed: 15)
        #expect(scene.way == .direct)
        let outsides = [address("198.51.100.1"), address("203.0.113.2")]
        let insides = [address("198.51.100.1"), address("192.168.2.2")]
        scene.network.drop { datagram, _ in
            datagram.source.address == insides[silent - 1]
                && datagram.destination.address == outsides[2 - silent]
        }
        let hasMoved = try scene.carryOn(for: .seconds(15)) { scene.way == .relayed }.isDone
        #expect(hasMoved)
        #expect(scene.isHeard())
        try scene.carryOn(for: .seconds(60))
        #expect(scene.way == .relayed)
        #expect(scene.isHeard())
        // The path heals, and is returned to.
        scene.network.removeDropRules()
        let isBack = try scene.carryOn(for: .seconds(90)) { scene.way == .direct }.isDone
        #expect(isBack)
        #expect(scene.isHeard())
    }

    // MARK: Better paths

    @Test("a direct path that opens later is moved to", arguments: [true, false])
    func betterPath(renominates: Bool) throws {
        let scene = try call(.portRestricted, .portRestricted, seed: 16, isBlocked: true) {
            $0.ice.usesRenomination = renominates
        }
        #expect(scene.way == .relayed)
        scene.network.removeDropRules()
        let (isDirect, offers) = try scene.carryOn(for: .seconds(30)) { scene.way == .direct }
        #expect(isDirect)
        // By a nomination more; or by a restart, without the user's help.
        #expect(offers == (renominates ? 0 : 1))
        #expect(scene.isHeard())
        try scene.carryOn(for: .seconds(30))
        #expect(scene.way == .direct)
        #expect(scene.isHeard())
    }

    @Test func theRelayDiesAndADirectPathTakesOver() throws {
        let scene = try call(.addressRestricted, .portRestricted, seed: 17, isBlocked: true)
        #expect(scene.way == .relayed)
        scene.network.removeDropRules()
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        let isDirect = try scene.carryOn(for: .seconds(30)) { scene.way == .direct }.isDone
        #expect(isDirect)
        #expect(scene.isHeard())
    }
}
