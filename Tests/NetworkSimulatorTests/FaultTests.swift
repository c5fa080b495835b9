import NetworkSimulator
import Testing
import Wire

@Suite("Faults on schedule")
struct FaultTests {
    @Test func anOutageLosesWhatEntersTheLink() {
        let pair = Pair(link: .instant)
        pair.network.schedule(.outage(of: pair.alice, from: .seconds(2), for: .seconds(3)))
        pair.send(10, every: .seconds(1))
        #expect(pair.arrivedNumbers == [0, 1, 5, 6, 7, 8, 9])
        #expect(pair.network.statistics.dropped(.outage) == 3)
    }

    @Test func anOutageWithoutEndLasts() {
        let pair = Pair(link: .instant)
        pair.network.schedule(.outage(of: pair.bob, from: .seconds(4)))
        pair.send(10, every: .seconds(1))
        #expect(pair.arrivedNumbers == [0, 1, 2, 3])
    }

    @Test func overlappingOutagesEndWithTheLast() {
        let pair = Pair(link: .instant)
        pair.network.schedule(
            .outage(of: pair.alice, from: .seconds(1), for: .seconds(3)),
            .outage(of: pair.alice, from: .seconds(2), for: .seconds(5))
        )
        pair.send(10, every: .seconds(1))
        #expect(pair.arrivedNumbers == [0, 7, 8, 9])
    }

    @Test func anOutageOfARouterCutsItsNetworkOff() {
        let scene = NATScene(.fullCone)
        scene.network.schedule(.outage(of: scene.home, from: .seconds(1), for: .seconds(1)))
        let before = scene.goOut(to: NATScene.serverA)
        scene.network.run(for: .seconds(1))
        let during = scene.goOut(to: NATScene.serverA)
        scene.network.run(for: .seconds(1))
        #expect(before != nil)
        #expect(during == nil)
        #expect(scene.goOut(to: NATScene.serverA) == before)
    }

    @Test func anAddressChangeTellsTheNode() {
        let pair = Pair(link: .instant)
        let other = endpoint("192.0.2.9:1000")
        pair.network.schedule(.addressChange(of: pair.alice, to: [other.address], at: .seconds(1)))
        pair.network.run(for: .seconds(2))
        let told = pair.network.read(pair.alice) { $0.addresses }
        #expect(told == [other.address])
        #expect(pair.network.addresses(of: pair.alice) == [other.address])
        pair.network.with(pair.alice) { probe, _ in
            probe.send(numbered(1), from: Pair.here, to: Pair.there)
            probe.send(numbered(2), from: other, to: Pair.there)
        }
        pair.network.run(for: .seconds(1))
        #expect(pair.arrivedNumbers == [2])
        #expect(pair.network.statistics.dropped(.foreignSource) == 1)
    }

    @Test func packetsForAnAddressThatIsGoneAreLost() {
        let pair = Pair(link: .instant, downlink: Link(delay: .milliseconds(100)))
        let other = ip("192.0.2.9")
        pair.network.schedule(.addressChange(of: pair.bob, to: [other], at: .milliseconds(50)))
        pair.send(2, every: .milliseconds(80))
        #expect(pair.arrivals.isEmpty)
        #expect(pair.network.statistics.dropped(.noRoute) == 2)
    }

    @Test func aHostMovesToAnotherNetwork() {
        let scene = NATScene(.portRestricted)
        let mobile = scene.network.addNetwork(
            "mobile",
            behind: NAT(kind: .symmetric, publicAddress: ip("203.0.113.200"))
        )
        let address = endpoint("10.0.0.5:5000")
        scene.network.schedule(
            .addressChange(of: scene.alice, to: [address.address], on: mobile, at: .seconds(1))
        )
        #expect(scene.goOut(to: NATScene.serverA)?.address == NATScene.router)
        scene.network.run(for: .seconds(1))
        let seen = scene.goOut(from: address, to: NATScene.serverA)
        #expect(seen?.address == ip("203.0.113.200"))
    }

    @Test func aHostMayHaveTwoInterfacesAndLoseOne() {
        let pair = Pair(link: .instant)
        let second = endpoint("192.0.2.50:1000")
        pair.network.addInterface(to: pair.alice, addresses: [second.address], link: .instant)
        pair.network.schedule(.outage(of: pair.alice, interface: 0, from: .seconds(1)))
        pair.network.run(for: .seconds(2))
        pair.network.with(pair.alice) { probe, _ in
            probe.send(numbered(1), from: Pair.here, to: Pair.there)
            probe.send(numbered(2), from: second, to: Pair.there)
        }
        pair.network.run(for: .seconds(1))
        #expect(pair.arrivedNumbers == [2])
        #expect(pair.network.addresses(of: pair.alice) == [Pair.here.address, second.address])
    }

    @Test func linkConditionsChange() {
        let pair = Pair(link: .instant)
        pair.network.schedule(
            .linkChange(
                of: pair.alice,
                to: .instant,
                uplink: Link(delay: .milliseconds(300)),
                at: .milliseconds(1_500)
            )
        )
        pair.send(3, every: .seconds(1))
        #expect(pair.arrivalTimes == [0, 1_000, 2_300])
    }

    @Test func rulesLoseOneParticularMessage() {
        let pair = Pair(link: .instant)
        pair.network.drop { datagram, _ in number(of: datagram) == 2 }
        pair.send(4)
        #expect(pair.arrivedNumbers == [0, 1, 3])
        #expect(pair.network.statistics.dropped(.rule) == 1)
        pair.network.removeDropRules()
        pair.send(4)
        #expect(pair.arrivedNumbers == [0, 1, 3, 0, 1, 2, 3])
    }
}
