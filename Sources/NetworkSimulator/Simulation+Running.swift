import Wire

extension Simulation {
    /// How a run came to its end.
    public enum Ending: Hashable, Sendable {
        /// The condition came true, or the time asked for has passed.
        case done
        /// Nothing is on its way, no timer runs, nothing is scheduled: nothing will ever happen.
        case idle
        /// The condition was still false at the limit.
        case outOfTime
        /// Events went on and on; most likely two nodes answer each other for ever, or one never stops.
        case livelock(steps: Int)
    }

    /// Runs until `isDone`, which is asked after each event, or until `limit` has passed.
    ///
    /// When that is the case the clock stands at the limit. Without anything left to happen the run
    /// ends early, with the clock at the last event.
    @discardableResult
    public func run(until isDone: () -> Bool, limit: Duration = .seconds(600)) -> Ending {
        let end = now.advanced(by: limit)
        var steps = 0
        var stepsAtOnce = 0
        while !isDone() {
            guard let next = nextTime else { return .idle }
            guard next <= end else {
                now = end
                return .outOfTime
            }
            stepsAtOnce = next == now ? stepsAtOnce + 1 : 0
            steps += 1
            guard steps <= stepLimit, stepsAtOnce <= largestStepsAtOnce, !isRunaway else {
                isRunaway = false
                return .livelock(steps: steps)
            }
            now = max(now, next)
            step()
        }
        return .done
    }

    /// Runs for `duration`, whether anything happens or not.
    @discardableResult
    public func run(for duration: Duration) -> Ending {
        let end = now.advanced(by: duration)
        switch run(until: { false }, limit: duration) {
        case .done, .idle, .outOfTime:
            now = max(now, end)
            return .done
        case .livelock(let steps):
            return .livelock(steps: steps)
        }
    }

    /// When the next event happens, after setting aside deadlines that were put off meanwhile.
    private var nextTime: Instant? {
        while let time = agenda.nextTime {
            guard let host = agenda.nextWake else { return time }
            if let deadline = hosts[host].station.deadline, deadline <= time { return time }
            _ = agenda.popFirst()
            hosts[host].wakes.removeLast()
            arrangeWake(of: host)
        }
        return nil
    }

    private func step() {
        switch agenda.popFirst() {
        case .wake(let host): wake(host)
        case .arrival(let datagram, let hop): arrive(datagram, at: hop)
        case .change(let change): apply(change)
        case .action(let action): action()
        case nil: break
        }
    }
}

/// More events than this without any time passing are a livelock.
private let largestStepsAtOnce = 200_000
