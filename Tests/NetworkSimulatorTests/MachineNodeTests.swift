import NetworkSimulator
import Testing
import Wire

@Suite("Any machine as a node")
struct MachineNodeTests {
    /// Sends until it is answered; owns its counter, so cannot be copied.
    struct Knocker: ~Copyable, Machine {
        enum Output: Hashable, Sendable {
            case transmit(Datagram)
            case answered(after: Int)
        }

        var deadline: Instant?
        private var knocks = 0
        private var outputs = Queue<Output>()

        init(at now: Instant) { deadline = now }

        mutating func receive(_ datagram: Datagram, at now: Instant) {
            deadline = nil
            outputs.append(.answered(after: knocks))
        }

        mutating func advance(to now: Instant) {
            guard let due = deadline, due <= now else { return }
            knocks += 1
            outputs.append(
                .transmit(Datagram(from: Pair.here, to: Pair.there, payload: numbered(knocks)))
            )
            deadline = now.advanced(by: .milliseconds(500))
        }

        mutating func popOutput() -> Output? { outputs.popFirst() }
    }

    @Test func datagramsLeaveAndOtherOutputsAreKept() {
        let network = Simulation(seed: 1)
        let knocker = network.addHost(
            "knocker",
            addresses: [Pair.here.address],
            uplink: Link(loss: .packets([0, 1])),
            node: MachineNode(Knocker(at: .zero)) { machine, datagram, now in
                machine.receive(datagram, at: now)
            } transmit: { output in
                switch output {
                case .transmit(let datagram): datagram
                case .answered: nil
                }
            }
        )
        network.addHost("door", addresses: [Pair.there.address], node: ProbeNode(echoes: true))
        let ending = network.run(until: { network.read(knocker) { !$0.events.isEmpty } })
        #expect(ending == .done)
        let events = network.read(knocker) { $0.events }
        #expect(events.map(\.output) == [.answered(after: 3)])
        #expect(events.map(\.time.nanoseconds) == [1_040_000_000])
        #expect(network.run(until: { false }) == .idle)
    }
}
