public import Wire

/// Drives a machine from deadline to deadline and checks what every machine promises.
///
/// Returns the outputs with the time they came out, and stops after `limit` of virtual time or
/// `maximumSteps` deadlines. Broken laws are returned as sentences, so that a test can expect none.
public struct MachineRun<Output: Sendable>: Sendable {
    /// What came out, and when.
    public var outputs: [(at: Instant, output: Output)] = []
    /// Promises of ``Machine`` that were broken.
    public var brokenLaws: [String] = []
}

extension Machine where Self: ~Copyable {
    /// Advances through every deadline until the machine is idle or `limit` has passed.
    public mutating func run(
        from start: Instant = .zero,
        for limit: Duration,
        maximumSteps: Int = 10_000
    ) -> MachineRun<Output> {
        var run = MachineRun<Output>()
        let end = start.advanced(by: limit)
        while let output = popOutput() { run.outputs.append((start, output)) }
        for _ in 0..<maximumSteps {
            guard let due = deadline, due <= end else { return run }
            checkEarlyAdvance(before: due, &run.brokenLaws)
            advance(to: due)
            while let output = popOutput() { run.outputs.append((due, output)) }
            if let next = deadline, next <= due {
                run.brokenLaws.append("after advance(to: \(due)) the deadline is \(next)")
                return run
            }
        }
        run.brokenLaws.append("more than \(maximumSteps) deadlines in \(limit)")
        return run
    }

    private mutating func checkEarlyAdvance(before due: Instant, _ brokenLaws: inout [String]) {
        let early = Instant(nanoseconds: due.nanoseconds - 1)
        advance(to: early)
        if popOutput() != nil { brokenLaws.append("advance(to:) before \(due) did something") }
        if deadline != due { brokenLaws.append("advance(to:) before \(due) moved the deadline") }
    }
}
