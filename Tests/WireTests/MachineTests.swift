import Support
import Testing
import Wire

/// Rings every second, `remaining` times, and can be told to break a promise.
private struct Bell: Machine, Sendable {
    enum Fault: CaseIterable { case none, stuck, early }

    var fault = Fault.none
    var remaining = 3
    var deadline: Instant? = Instant.zero.advanced(by: .seconds(1))
    private var outputs = Queue<String>()

    init(fault: Fault = .none, remaining: Int = 3) {
        self.fault = fault
        self.remaining = remaining
    }

    mutating func advance(to now: Instant) {
        guard let due = deadline else { return }
        guard now >= due || fault == .early else { return }
        outputs.append("ding")
        outputs.append("dong")
        remaining -= 1
        guard fault != .stuck else { return }
        deadline = remaining == 0 ? nil : due.advanced(by: .seconds(1))
    }

    mutating func popOutput() -> String? { outputs.popFirst() }
}

@Suite("What every machine promises")
struct MachineTests {
    @Test("draining hands over every output, oldest first")
    func drains() {
        var bell = Bell()
        bell.advance(to: .zero.advanced(by: .seconds(1)))
        var heard: [String] = []
        bell.drain { heard.append($0) }
        #expect(heard == ["ding", "dong"])
        #expect(bell.popOutput() == nil)
        bell.drain { _ in Issue.record("nothing was left") }
    }

    @Test("a machine is driven from deadline to deadline until it is idle")
    func runs() {
        var bell = Bell()
        let run = bell.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.map(\.output) == ["ding", "dong", "ding", "dong", "ding", "dong"])
        #expect(
            run.outputs.map { Instant.zero.duration(to: $0.at) }
                == [1, 1, 2, 2, 3, 3].map { Duration.seconds($0) }
        )
    }

    @Test("a run stops at its limit")
    func stops() {
        var bell = Bell(remaining: 100)
        #expect(bell.run(for: .seconds(10)).outputs.count == 20)
        #expect(bell.deadline == .zero.advanced(by: .seconds(11)))
    }

    @Test("a machine whose deadline does not move is found out")
    func stuck() {
        var bell = Bell(fault: .stuck)
        #expect(bell.run(for: .seconds(60)).brokenLaws.count == 1)
    }

    @Test("a machine that acts before its deadline is found out")
    func early() {
        var bell = Bell(fault: .early, remaining: 100)
        #expect(!bell.run(for: .seconds(3)).brokenLaws.isEmpty)
    }

    @Test("a machine with deadlines without end is found out")
    func endless() {
        var bell = Bell(remaining: .max)
        let run = bell.run(for: .seconds(1_000_000), maximumSteps: 50)
        #expect(run.brokenLaws.count == 1)
    }
}

@Suite("State transitions")
struct StepTests {
    private enum Phase: Equatable {
        case waiting([Int])
        case finished

        consuming func adding(_ number: Int) -> (Self, total: Int) {
            switch consume self {
            case .waiting(var numbers):
                numbers.append(number)
                guard numbers.count < 3 else { return (.finished, numbers.reduce(0, +)) }
                return (.waiting(numbers), 0)
            case .finished: return (.finished, -1)
            }
        }
    }

    @Test("each step leaves the successor behind and returns the action")
    func steps() {
        var phase = Phase.waiting([])
        #expect(step(&phase) { $0.adding(1) } == 0)
        #expect(phase == .waiting([1]))
        #expect(step(&phase) { $0.adding(2) } == 0)
        #expect(phase == .waiting([1, 2]))
        #expect(step(&phase) { $0.adding(4) } == 7)
        #expect(phase == .finished)
        #expect(step(&phase) { $0.adding(8) } == -1)
        #expect(phase == .finished)
    }
}
