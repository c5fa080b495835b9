import Glibc
import NetworkSimulator
import Testing
import Wire

@Suite("Captures")
struct CaptureTests {
    /// Traffic with every kind of chance in it.
    private static func busyRun(seed: UInt64, points: Capture.Points = .delivered) -> Simulation {
        let network = Simulation(seed: seed)
        network.capture.points = points
        let link = Link(
            delay: .milliseconds(20),
            jitter: .milliseconds(15),
            loss: .bursts(rate: 0.1, meanLength: 2),
            duplication: 0.05,
            reordering: 0.05,
            rate: .kilobits(300),
            queueLimit: 4_000
        )
        let home = network.addNetwork(
            behind: NAT(kind: .symmetric, publicAddress: ip("203.0.113.1")),
            link: link
        )
        let source = endpoint("10.0.0.2:5000")
        let alice = network.addHost(
            "alice",
            addresses: [source.address],
            on: home,
            link: link,
            node: ProbeNode()
        )
        let bob = endpoint("198.51.100.7:6000")
        network.addHost("bob", addresses: [bob.address], node: ProbeNode(echoes: true))
        for index in 0..<200 {
            network.at(.milliseconds(10 * index)) {
                network.with(alice) { probe, _ in
                    probe.send(numbered(index, size: 4 + index % 300), from: source, to: bob)
                }
            }
        }
        network.run(for: .seconds(10))
        return network
    }

    @Test func whatCrossedTheNetworkCanBeReadBack() throws {
        let network = Self.busyRun(seed: 4)
        let packets = try PcapReader(network.capture.pcap()).packets
        #expect(packets.count == network.statistics.delivered)
        #expect(packets.map(\.datagram) == network.capture.packets.map(\.datagram))
        #expect(packets.map(\.time) == network.capture.packets.map(\.time))
        #expect(packets.allSatisfy { $0.checksums == [0xFFFF, 0xFFFF] })
        let seen = Set(packets.map(\.datagram.source.address))
        #expect(seen == [ip("203.0.113.1"), ip("198.51.100.7")])
    }

    @Test func aCaptureHasWhatItsPointsSay() {
        let network = Self.busyRun(seed: 4, points: [.sent, .dropped])
        let sent = network.capture.packets.filter { $0.point == .sent }
        let dropped = network.capture.packets.filter { $0.point == .dropped }
        #expect(sent.count == network.statistics.sent)
        #expect(dropped.count == network.statistics.dropped)
        #expect(sent.count + dropped.count == network.capture.packets.count)
        #expect(sent.contains { $0.datagram.source == endpoint("10.0.0.2:5000") })
        network.capture.removeAll()
        #expect(network.capture.pcap().count == 24)
    }

    @Test func everyDatagramIsDeliveredOrDroppedForAReason() {
        let statistics = Self.busyRun(seed: 4).statistics
        #expect(
            statistics.sent + statistics.duplicated == statistics.delivered + statistics.dropped
        )
        #expect(statistics.dropped(.loss) > 0)
        #expect(statistics.duplicated > 0)
    }

    @Test func oddPayloadsAndIPv6HaveRightChecksums() throws {
        let network = Simulation(seed: 1)
        let here = endpoint("[2001:db8::1]:1000")
        let there = endpoint("[2001:db8::2]:2000")
        let alice = network.addHost("alice", addresses: [here.address], node: ProbeNode())
        network.addHost("bob", addresses: [there.address], node: ProbeNode())
        network.with(alice) { probe, _ in
            for size in 0..<9 {
                probe.send(
                    (0..<size).map { UInt8(truncatingIfNeeded: $0 * 37) },
                    from: here,
                    to: there
                )
            }
        }
        network.run(for: .seconds(1))
        let packets = try PcapReader(network.capture.pcap()).packets
        #expect(packets.map(\.datagram.payload.count) == Array(0..<9))
        #expect(packets.allSatisfy { $0.checksums == [0xFFFF] })
    }

    @Test("one seed gives one run, byte for byte", arguments: 1...10 as ClosedRange<UInt64>)
    func determinism(seed: UInt64) {
        let first = Self.busyRun(seed: seed)
        let second = Self.busyRun(seed: seed)
        let other = Self.busyRun(seed: seed + 100)
        #expect(first.capture.pcap() == second.capture.pcap())
        #expect(first.statistics == second.statistics)
        #expect(first.capture.pcap() != other.capture.pcap())
    }

    /// Nothing may depend on the process, as the order of a dictionary does.
    ///
    /// The number changes when the simulator does on purpose: seeds then mean other runs.
    @Test func aSeedMeansTheSameInEveryProcess() {
        let file = Self.busyRun(seed: 1).capture.pcap()
        let checksum = CRC32.checksum(file.span)
        #expect(checksum == 0x5FE8_AF5F)
    }

    @Test func anotherHostLeavesTheOthersAlone() {
        func arrivals(withOthers: Bool) -> [Instant] {
            let link = Link(jitter: .milliseconds(30), loss: .random(0.2), duplication: 0.1)
            let network = Simulation(seed: 6)
            func addOther(_ name: String, _ address: String) {
                guard withOthers else { return }
                network.addHost(name, addresses: [ip(address)], link: link, node: ProbeNode())
            }
            addOther("first", "192.0.2.101")
            let alice = network.addHost(
                "alice",
                addresses: [Pair.here.address],
                link: link,
                node: ProbeNode()
            )
            addOther("middle", "192.0.2.102")
            let bob = network.addHost(
                "bob",
                addresses: [Pair.there.address],
                link: link,
                node: ProbeNode()
            )
            network.with(alice) { probe, _ in
                for index in 0..<100 {
                    probe.send(numbered(index), from: Pair.here, to: Pair.there)
                }
            }
            network.run(for: .seconds(1))
            return network.read(bob) { $0.received.map(\.time) }
        }
        #expect(arrivals(withOthers: true) == arrivals(withOthers: false))
        #expect(!arrivals(withOthers: true).isEmpty)
    }

    @Test func aCaptureIsWrittenToAFile() throws {
        let network = Self.busyRun(seed: 4)
        let path = "/tmp/swiftlet-capture-test-\(getpid()).pcap"
        // The path is a valid string for the length of the call.
        defer { _ = unsafe unlink(path) }
        try network.capture.write(to: path)
        var bytes = [UInt8](repeating: 0, count: network.capture.pcap().count + 1)
        let file = unsafe open(path, O_RDONLY)
        // The path is a valid string; the array has room for as many bytes as may be written.
        let count = unsafe read(file, &bytes, bytes.count)
        close(file)
        #expect(Array(bytes.prefix(count)) == network.capture.pcap())
        #expect(throws: CaptureFileError(code: ENOENT)) {
            try network.capture.write(to: "/nowhere/at/all")
        }
    }
}
