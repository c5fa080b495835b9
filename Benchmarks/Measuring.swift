import CBenchmarking

/// What one benchmark came to.
struct Measurement: Codable, Sendable {
    var name: String
    var unit: String
    var median: Double
    var minimum: Double
    var maximum: Double
    var samples: Int
    /// Requests for memory an operation, on the measuring thread; nil where that is not counted.
    var mallocs: Double?

    init(name: String, unit: String, values: [Double], mallocs: Double? = nil) {
        let sorted = values.sorted()
        self.name = name
        self.unit = unit
        let middle = sorted.count / 2
        median = sorted.count % 2 == 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
        samples = sorted.count
        self.mallocs = mallocs
    }
}

extension Benchmark {
    /// Makes all samples and returns their summary.
    func measure(samples: Int?) async throws -> Measurement {
        switch work {
        case .repeated(let prepare):
            return try Self.measure(name, try prepare(), samples: samples ?? defaultSamples)
        case .sampled(let unit, let count, let measure):
            var values: [Double] = []
            for _ in 0..<(samples ?? count) { values.append(try await measure()) }
            return Measurement(name: name, unit: unit, values: values)
        }
    }

    private static func measure(
        _ name: String,
        _ body: Body,
        samples: Int
    ) throws -> Measurement {
        // Libraries and tables that are set up on first use are no cost of the operation.
        try body(1)
        let setup = cheapest(of: try (0..<5).map { _ in try cost(of: body, 0) })
        let iterations = try calibrate(body, setup)
        let costs = try (0..<samples).map { _ in try cost(of: body, iterations) }
        let isCounted = benchmark_allocations() >= 0
        let mallocs = cheapest(of: costs).mallocs - setup.mallocs
        return Measurement(
            name: name,
            unit: "ns",
            values: costs.map { max(0, $0.time - setup.time) / Double(iterations) },
            mallocs: isCounted ? max(0, mallocs) / Double(iterations) : nil
        )
    }

    /// How many iterations make a sample long enough to be measured well.
    private static func calibrate(_ body: Body, _ setup: Cost) throws -> Int {
        var iterations = 1
        while true {
            let time = try cost(of: body, iterations).time - setup.time
            if time >= sampleNanoseconds / 4 {
                return max(1, Int(Double(iterations) * sampleNanoseconds / time))
            }
            iterations *= 4
        }
    }

    /// What some iterations cost this thread: nanoseconds and requests for memory.
    private typealias Cost = (time: Double, mallocs: Double)

    private static func cost(of body: Body, _ iterations: Int) throws -> Cost {
        let (time, mallocs) = (benchmark_thread_time(), benchmark_allocations())
        try body(iterations)
        return (
            Double(benchmark_thread_time() - time), Double(benchmark_allocations() - mallocs)
        )
    }

    private static func cheapest(of costs: [Cost]) -> Cost {
        (costs.map(\.time).min() ?? 0, costs.map(\.mallocs).min() ?? 0)
    }
}

/// Long against a clock reading and short against the moods of a shared machine.
private let sampleNanoseconds = 20e6
private let defaultSamples = 15
