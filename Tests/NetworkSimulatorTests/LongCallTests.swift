import NetworkSimulator
import Testing
import Wire

/// Sends a packet each 20 ms, as a call does.
struct Talker: SimulatedNode {
    let here: SocketAddress
    let there: SocketAddress
    var deadline: Instant?
    private(set) var receivedCount = 0
    private var outputs = Queue<Datagram>()

    init(here: SocketAddress, there: SocketAddress) {
        self.here = here
        self.there = there
        deadline = .zero
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) { receivedCount += 1 }

    mutating func advance(to now: Instant) {
        guard let due = deadline, due <= now else { return }
        outputs.append(
            Datagram(from: here, to: there, payload: [UInt8](repeating: 0x80, count: 120))
        )
        deadline = now.advanced(by: .milliseconds(20))
    }

    mutating func popTransmit() -> Datagram? { outputs.popFirst() }
}

@Suite("A long call")
struct LongCallTests {
    /// 60,000 packets each arrive or are accounted for; takes about a second without optimisation.
    @Test func tenMinutesOfTalk() {
        let network = Simulation(seed: 11)
        let link = Link(delay: .milliseconds(30), jitter: .milliseconds(10), loss: .random(0.02))
        let hosts = [(Pair.here, Pair.there), (Pair.there, Pair.here)].map { here, there in
            network.addHost(
                "\(here)",
                addresses: [here.address],
                link: link,
                node: Talker(here: here, there: there)
            )
        }
        network.run(for: .seconds(600))
        let received = hosts.map { host in network.read(host) { $0.receivedCount } }
        #expect(network.statistics.sent == 60_002)
        #expect(received.allSatisfy { (28_600...29_000).contains($0) })
    }
}
