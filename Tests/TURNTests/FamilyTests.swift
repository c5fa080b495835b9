import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("RFC 8656 §7, §18.4, §18.11: address families")
struct FamilyTests {
    private let peer6 = endpoint("[2001:db8::7]:6000")

    @Test("An IPv6 relay is asked for over IPv4")
    func allocatesV6() {
        let scene = Scene.allocated(configureClient: { $0.families = .ipv6 })
        #expect(scene.node.relayed.map(\.address) == [ip("2001:db8::10")])
    }

    @Test("One allocation has both, IPv4 first, and relays to peers of both")
    func allocatesBoth() {
        let scene = Scene.allocated(configureClient: { $0.families = .both })
        #expect(scene.node.relayed.map(\.address) == [ip("192.0.2.10"), ip("2001:db8::10")])
        let (peer4, peer6) = (Scene.peerAddress, peer6)
        scene.with { node, now in
            node.client.permit(peer4, at: now)
            node.client.permit(peer6, at: now)
        }
        scene.network.run(for: .seconds(1))
        scene.with { node, _ in
            let isSent = node.send([4], to: peer4) && node.send([6], to: peer6)
            #expect(isSent)
        }
        scene.network.run(for: .seconds(1))
        #expect(Set(scene.node.received.map(\.peer)) == [peer4, peer6])
        #expect(scene.node.sentSizes.filter { $0 > 100 }.count == 2, "one request for both peers")
    }

    @Test("A server without IPv6 gives half of what was asked for")
    func givesHalf() {
        let scene = Scene.allocated(
            configureServer: { $0.relays.removeLast() },
            configureClient: { $0.families = .both }
        )
        #expect(scene.node.relayed.map(\.address) == [ip("192.0.2.10")])
    }

    @Test("A server without IPv6 refuses a client that wants nothing else (440)")
    func refusesV6() {
        let scene = Scene(
            configureServer: { $0.relays.removeLast() },
            configureClient: { $0.families = .ipv6 }
        )
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.addressFamilyNotSupported)])
    }

    @Test("A peer of the other family is refused without asking the server")
    func refusesOtherFamily() {
        let scene = Scene.allocated()
        let before = scene.node.sentSizes.count
        let peer6 = peer6
        scene.with { node, now in
            node.client.permit(peer6, at: now)
            node.client.bindChannel(peer6, at: now)
        }
        #expect(
            scene.events.suffix(2) == [
                .denied(peer6.address, .peerAddressFamilyMismatch),
                .channelRefused(peer6, .peerAddressFamilyMismatch),
            ]
        )
        #expect(scene.node.sentSizes.count == before)
    }

    @Test(
        "A peer of the other family that was wanted beforehand is refused when the relay is there"
    )
    func refusesOtherFamilyLater() {
        let scene = Scene()
        let peer6 = peer6
        scene.with { node, now in node.client.permit(peer6, at: now) }
        scene.start()
        scene.network.run(for: .seconds(1))
        #expect(scene.events.last == .denied(peer6.address, .peerAddressFamilyMismatch))
    }

    @Test("A server that cannot keep datagrams whole (420) is asked again without")
    func goesWithoutDontFragment() {
        let scene = Scene.allocated(configureClient: { $0.doesNotFragment = true })
        #expect(scene.node.relayed.count == 1)
        #expect(scene.node.sentSizes.count == 3)
    }
}
