import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("RFC 8656 §7–8: an allocation")
struct AllocationTests {
    @Test("A client gets a relayed address and learns its own, in two round trips")
    func allocates() throws {
        let scene = Scene.allocated()
        let relayed = try #require(scene.node.relayed.first)
        #expect(relayed.address == Scene.serverAddress.address)
        #expect(49_152...65_535 ~= relayed.port)
        #expect(
            scene.events == [.allocated(relayed: [relayed], mapped: Scene.clientAddress)]
        )
        #expect(scene.node.times == [Instant.zero.advanced(by: .milliseconds(40))])
    }

    @Test("Packets go to the peer and back through the relay")
    func relays() throws {
        let scene = Scene.permitted()
        let relayed = try #require(scene.node.relayed.first)
        scene.exchange([1, 2, 3])
        #expect(scene.echoes == [[1, 2, 3]])
        let arrivals = scene.network.read(scene.peer) { $0.received }
        #expect(arrivals.map(\.datagram.source) == [relayed])
    }

    @Test("An empty packet passes, and so does one of every length modulo four")
    func relaysAnyLength() {
        let scene = Scene.permitted()
        let payloads = (0...5).map { [UInt8](repeating: 9, count: $0) }
        for payload in payloads { scene.exchange(payload) }
        #expect(scene.echoes == payloads)
    }

    @Test("A name without a password gets nothing, and the client says so at once")
    func wrongPassword() {
        let scene = Scene(configureClient: { $0.credentials.password = "wrong" })
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.unauthorized)])
        #expect(scene.node.sentSizes.count == 2)
    }

    @Test("An allocation lives on for hours, refreshed a minute before its end")
    func refreshes() {
        let scene = Scene.permitted()
        scene.network.run(for: .seconds(3 * 3_600))
        scene.exchange([4])
        #expect(scene.echoes == [[4]])
        #expect(scene.events.count == 2, "nothing is lost and nothing is said twice")
    }

    @Test(
        "At ten percent loss every client gets its relay and keeps it",
        arguments: 0..<50 as Range<UInt64>
    )
    func survivesLoss(seed: UInt64) {
        let line = Link(delay: .milliseconds(30), jitter: .milliseconds(10), loss: .random(0.1))
        let scene = Scene.permitted(seed: seed, link: line)
        #expect(scene.node.relayed.count == 1)
        scene.network.run(for: .seconds(1_800))
        for number in 0..<20 { scene.exchange([UInt8(number)]) }
        #expect(scene.echoes.count >= 10)
        #expect(!scene.node.client.hasEnded)
    }

    @Test("A client that goes away without a word costs the server nothing after ten minutes")
    func expires() {
        let scene = Scene.permitted()
        #expect(scene.serverNode.server.statistics.allocations == 1)
        scene.network.drop { datagram, _ in datagram.source == Scene.clientAddress }
        scene.network.run(for: .seconds(601))
        #expect(scene.serverNode.server.statistics.allocations == 0)
        #expect(scene.events.contains(.lost(.unanswered)))
    }

    @Test("A client that closes gives its relay back at once")
    func closes() {
        let scene = Scene.permitted()
        scene.with { $0.client.close(at: $1) }
        scene.run { $0.client.hasEnded }
        #expect(scene.events.last == .closed)
        #expect(scene.serverNode.server.statistics.allocations == 0)
        #expect(scene.node.deadline == nil)
    }

    @Test("A client that closes while its server is dead ends within five seconds")
    func closesAlone() {
        let scene = Scene.permitted()
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        scene.with { $0.client.close(at: $1) }
        scene.run(limit: .seconds(5)) { $0.client.hasEnded }
        #expect(scene.events.last == .closed)
    }

    @Test("A server that does not answer is given up after 39.5 s")
    func unanswered() {
        let scene = Scene()
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.unanswered)])
        #expect(scene.node.times == [Instant.zero.advanced(by: .milliseconds(39_500))])
        #expect(scene.node.sentSizes.count == 7)
    }

    @Test("Over a stream a request is sent once, and given up as late")
    func unansweredStream() {
        let scene = Scene(configureClient: { $0.transport = .stream })
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.node.times == [Instant.zero.advanced(by: .milliseconds(39_500))])
        #expect(scene.node.sentSizes.count == 1)
    }

    @Test("A server that dies is noticed with the next refresh")
    func serverDies() {
        let scene = Scene.permitted()
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        scene.network.run(for: .seconds(600))
        #expect(scene.events.last == .lost(.unanswered))
        #expect(scene.node.deadline == nil)
    }

    @Test("A server that comes back empty says so, and the client is told that its relay is gone")
    func serverRestarts() {
        let scene = Scene.permitted()
        scene.network.with(scene.server) { node, now in node.restart(at: now) }
        scene.network.run(for: .seconds(600))
        #expect(scene.events.last == .lost(.allocationMismatch))
    }

    @Test("A path over UDP that nobody uses is kept open every fifteen seconds")
    func keepsAlive() {
        let scene = Scene.allocated()
        let before = scene.node.sentSizes.count
        // The first fifteen seconds have the requests.
        scene.network.run(for: .seconds(151))
        #expect(scene.node.sentSizes[before...] == ArraySlice(repeating: 20, count: 9))
    }

    @Test("A retransmitted request is answered with the same relay")
    func answersAgain() {
        let scene = Scene()
        // The first success is lost on its way.
        var successes = 0
        scene.network.drop { datagram, _ in
            guard datagram.source == Scene.serverAddress, datagram.payload[0] == 1,
                datagram.payload[1] == 3
            else { return false }
            successes += 1
            return successes == 1
        }
        scene.start()
        scene.run { !$0.relayed.isEmpty }
        #expect(successes == 2)
        #expect(scene.node.relayed.count == 1)
        #expect(scene.serverNode.server.statistics.allocations == 1)
    }
}
