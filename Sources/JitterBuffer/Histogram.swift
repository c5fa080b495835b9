/// How often each delay was seen, the newest counting most.
///
/// Instead of making all old weights smaller with each observation, the weight of the next one is
/// made larger: adding takes constant time.
struct Histogram: Sendable {
    private var weights: [Double]
    private var total = 0.0
    private var weight = 1.0
    private var observations = 0
    private let growth: Double
    private let equallyWeighted: Int

    /// `memory` is the number of observations after which one counts 1/e.
    init(buckets: Int, memory: Double) {
        weights = [Double](repeating: 0, count: buckets)
        let memory = max(2, memory)
        growth = memory / (memory - 1)
        // The first observations count the same: forgetting begins when there is something to keep.
        equallyWeighted = Int(min(memory, 1e6)) / 5
    }

    /// Counts one observation; too large a bucket counts as the last.
    mutating func add(_ bucket: Int) {
        let index = max(0, min(bucket, weights.count &- 1))
        weights[index] += weight
        total += weight
        observations &+= 1
        guard observations > equallyWeighted else { return }
        weight *= growth
        guard weight > largestWeight else { return }
        rescale()
    }

    /// The smallest bucket that, with all below it, holds the share `quantile`.
    func bucket(at quantile: Double) -> Int {
        let share = total * quantile
        var sum = 0.0
        for index in weights.indices {
            sum += weights[index]
            if sum >= share { return index }
        }
        return weights.count - 1
    }

    private mutating func rescale() {
        total = 0
        for index in weights.indices {
            weights[index] /= weight
            total += weights[index]
        }
        weight = 1
    }
}

private let largestWeight = 1e12
