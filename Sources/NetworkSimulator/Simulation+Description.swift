import Wire

extension Simulation: CustomStringConvertible {
    /// The seed, the time, what became of the traffic, and what each host waits for.
    ///
    /// Worth printing when a run ends otherwise than expected.
    public var description: String {
        let deadlines = hosts.map { host in
            "\(host.name) waits for \(host.station.deadline.map(Self.text) ?? "nothing")"
        }
        return (["seed \(seed)", Self.text(now), "\(statistics)"] + deadlines)
            .joined(separator: "; ")
    }

    private static func text(_ time: Instant) -> String {
        let milliseconds = time.nanoseconds / 1_000_000
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction) s"
    }
}
