import NetworkSimulator
import Wire

/// An address that a test spells out; a misspelt one is nobody's.
func ip(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

func endpoint(_ text: String) -> SocketAddress {
    SocketAddress(text) ?? SocketAddress(IPAddress(v4: 0), port: 0)
}

/// Bytes that carry a number, so that packets can be told apart.
func numbered(_ number: Int, size: Int = 4) -> [UInt8] {
    let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    return digits + [UInt8](repeating: 0, count: max(0, size - 4))
}

func number(of datagram: Datagram) -> Int {
    datagram.payload.prefix(4).reduce(0) { $0 << 8 | Int($1) }
}

/// Alice sends to Bob over the link in question; Bob's own link does nothing.
struct Pair {
    static let here = endpoint("192.0.2.1:1000")
    static let there = endpoint("198.51.100.1:2000")

    let network: Simulation
    let alice: Host<ProbeNode>
    let bob: Host<ProbeNode>

    init(seed: UInt64 = 1, link: Link, downlink: Link = .instant, echoes: Bool = false) {
        network = Simulation(seed: seed)
        alice = network.addHost(
            "alice",
            addresses: [Self.here.address],
            link: link,
            node: ProbeNode()
        )
        bob = network.addHost(
            "bob",
            addresses: [Self.there.address],
            link: downlink,
            node: ProbeNode(echoes: echoes)
        )
    }

    /// Sends `count` packets at once and runs until all is over.
    func send(_ count: Int, size: Int = 4) {
        network.with(alice) { probe, _ in
            for index in 0..<count {
                probe.send(numbered(index, size: size), from: Self.here, to: Self.there)
            }
        }
        network.run(until: { false }, limit: .seconds(86_400))
    }

    /// Sends `count` packets, one each `interval`, and runs until all is over.
    func send(_ count: Int, every interval: Duration) {
        for index in 0..<count {
            network.after(interval * index) {
                network.with(alice) { probe, _ in
                    probe.send(numbered(index), from: Self.here, to: Self.there)
                }
            }
        }
        network.run(until: { false }, limit: .seconds(86_400))
    }

    /// The numbers that have arrived at Bob, in the order of arrival.
    var arrivedNumbers: [Int] { arrivals.map { number(of: $0.datagram) } }

    var arrivals: [ProbeNode.Arrival] { network.read(bob) { $0.received } }

    /// When each packet arrived, in milliseconds.
    var arrivalTimes: [Double] {
        arrivals.map { Double($0.time.nanoseconds) / 1_000_000 }
    }
}
