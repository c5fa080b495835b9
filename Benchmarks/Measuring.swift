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
        let iterations = try calibrate(body)
        var values: [Double] = []
        var fewestMallocs = Int64.max
        for _ in 0..<samples {
            let before = benchmark_allocations()
            let time = try duration(of: body, iterations)
            fewestMallocs = min(fewestMallocs, benchmark_allocations() - before)
            values.append(time / Double(iterations))
        }
        // The fewest: a table built once, on first use, is not a cost of the operation.
        let isCounted = benchmark_allocations() >= 0
        let mallocs = isCounted ? Double(fewestMallocs) / Double(iterations) : nil
        return Measurement(name: name, unit: "ns", values: values, mallocs: mallocs)
    }

    /// How many iterations make a sample long enough to be measured well.
    private static func calibrate(_ body: Body) throws -> Int {
        var iterations = 1
        while true {
            let time = try duration(of: body, iterations)
            if time >= sampleNanoseconds / 4 {
                return max(1, Int(Double(iterations) * sampleNanoseconds / time))
            }
            iterations *= 4
        }
    }

    /// Nanoseconds this thread computes for `iterations`.
    private static func duration(of body: Body, _ iterations: Int) throws -> Double {
        let start = benchmark_thread_time()
        try body(iterations)
        return Double(max(1, benchmark_thread_time() - start))
    }
}

/// Long against a clock reading and short against the moods of a shared machine.
private let sampleNanoseconds = 20e6
private let defaultSamples = 15
