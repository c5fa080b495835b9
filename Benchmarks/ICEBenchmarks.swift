import CBenchmarking
import ICE
import Wire

/// Agents without sockets: what they compute and keep, not what the system adds.
let iceBenchmarks = [
    Benchmark("ice/two-agents-start-to-nominated", goal: .atMost(2_000_000)) {
        { iterations in
            for index in 0..<iterations {
                var duo = Duo(number: index, start: .zero)
                duo.run(until: .zero)
                guard duo.isComplete else { throw UnexpectedResult("two agents must meet") }
                use(duo.left.streamNumbers.count)
            }
        }
    },
    Benchmark("ice/memory-connected-2-hosts", unit: "B", samples: 3, goal: .atMost(16_384)) {
        let count = 500
        var duos: [Duo] = []
        duos.reserveCapacity(count)
        let before = benchmark_used_memory()
        for index in 0..<count {
            duos.append(Duo(number: index, start: .zero))
            duos[index].run(until: .zero.advanced(by: .seconds(60)))
        }
        let after = benchmark_used_memory()
        guard duos.allSatisfy(\.isComplete) else { throw UnexpectedResult("a call broke") }
        // The agents themselves lie in the array that was reserved before.
        let inline = Double(MemoryLayout<Duo>.stride)
        return Double(after - before) / Double(2 * count) + inline / 2
    },
    Benchmark("ice/consent-of-10000-agents", unit: "% core", samples: 3, goal: .atMost(15)) {
        let count = 10_000
        var duos = (0..<count / 2).map { Duo(number: $0, start: .zero) }
        for index in duos.indices { duos[index].run(until: .zero.advanced(by: .seconds(20))) }
        let seconds = 20
        let start = benchmark_thread_time()
        // Second by second, so that no agent stays in the cache.
        for second in 1...seconds {
            let end = Instant.zero.advanced(by: .seconds(20 + second))
            for index in duos.indices { duos[index].run(until: end) }
        }
        let time = Double(benchmark_thread_time() - start) / 1e9
        guard duos.allSatisfy(\.isComplete) else { throw UnexpectedResult("a call broke") }
        return time / Double(seconds) * 100
    },
]

/// Two agents with two host candidates each, and a network that takes no time.
private struct Duo {
    var left: ICEAgent
    var right: ICEAgent

    init(number: Int, start: Instant) {
        left = Self.agent(.controlling, UInt64(number) &* 2)
        right = Self.agent(.controlled, UInt64(number) &* 2 &+ 1)
        for host in 0...1 {
            let ours = Candidate.host(Self.address(1, host), localPreference: UInt16(65_535 - host))
            let theirs = Candidate.host(
                Self.address(2, host),
                localPreference: UInt16(65_535 - host)
            )
            left.add(local: ours, to: 0, at: start)
            right.add(local: theirs, to: 0, at: start)
            left.add(remote: theirs, to: 0, at: start)
            right.add(remote: ours, to: 0, at: start)
        }
        guard let first = left.localCredentials(of: 0), let second = right.localCredentials(of: 0)
        else { return }
        left.setRemote(second, renominates: true, of: 0, at: start)
        right.setRemote(first, renominates: true, of: 0, at: start)
    }

    private static func agent(_ role: ICERole, _ seed: UInt64) -> ICEAgent {
        var entropy = Entropy.seed(seed)
        var agent = ICEAgent(role: role, entropy: entropy.split())
        agent.addStream(0, credentials: .random(using: &entropy))
        return agent
    }

    private static func address(_ side: UInt32, _ host: Int) -> SocketAddress {
        SocketAddress(IPAddress(v4: 0x0A00_0000 + side * 256 + UInt32(host)), port: 5_000)
    }

    var isComplete: Bool { left.state == .completed && right.state == .completed }

    mutating func run(until end: Instant) {
        var now = Instant.zero
        while true {
            exchange(at: now)
            let next = [left.deadline, right.deadline].compactMap(\.self).min()
            guard let next, next <= end else { return }
            now = next
            left.advance(to: now)
            right.advance(to: now)
        }
    }

    private mutating func exchange(at now: Instant) {
        var isMoving = true
        while isMoving {
            isMoving = Self.carry(from: &left, to: &right, at: now)
            if Self.carry(from: &right, to: &left, at: now) { isMoving = true }
        }
    }

    private static func carry(
        from sender: inout ICEAgent,
        to receiver: inout ICEAgent,
        at now: Instant
    ) -> Bool {
        var hasMoved = false
        while let output = sender.popOutput() {
            guard case .transmit(let datagram) = output else { continue }
            hasMoved = true
            receiver.receive(
                datagram.payload.span,
                from: datagram.source,
                on: datagram.destination,
                at: now
            )
        }
        return hasMoved
    }
}
