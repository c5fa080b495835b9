import CBenchmarking

/// Something that is measured, and what it should cost.
///
/// ```swift
/// Benchmark("wire/crc32c-1200B", goal: .atMost(200, mallocs: 0)) {
///     let packet = [UInt8](repeating: 7, count: 1_200)
///     return { iterations in
///         for _ in 0..<iterations { use(CRC32C.checksum(hide(packet).span)) }
///     }
/// }
/// ```
struct Benchmark: Sendable {
    /// Runs an operation as often as it is told.
    typealias Body = (_ iterations: Int) throws -> Void

    enum Work: Sendable {
        /// An operation of nanoseconds to milliseconds: repeated until a sample is long enough.
        case repeated(prepare: @Sendable () throws -> Body)
        /// A whole experiment that gives one figure each time it is made.
        case sampled(unit: String, count: Int, measure: @Sendable () async throws -> Double)
    }

    /// `module/what-size`, all lower case.
    let name: String
    let goal: Goal?
    let work: Work
    /// Whether it takes so long that it runs only when its name is given.
    let isSlow: Bool

    /// An operation that is repeated on one thread; `prepare` returns the loop around it.
    init(_ name: String, goal: Goal? = nil, prepare: @escaping @Sendable () throws -> Body) {
        self.name = name
        self.goal = goal
        isSlow = false
        work = .repeated(prepare: prepare)
    }

    /// An experiment that gives one figure in `unit`, made `samples` times.
    init(
        _ name: String,
        unit: String,
        samples: Int = 7,
        goal: Goal? = nil,
        isSlow: Bool = false,
        measure: @escaping @Sendable () async throws -> Double
    ) {
        self.name = name
        self.goal = goal
        self.isSlow = isSlow
        work = .sampled(unit: unit, count: samples, measure: measure)
    }
}

/// What a benchmark should reach.
enum Goal: Sendable {
    /// Time, memory: less is better. `mallocs` is the most an operation may ask for memory.
    case atMost(Double, mallocs: Double? = nil)
    /// Throughput: more is better.
    case atLeast(Double)
}

/// A number the optimiser knows nothing about.
@inline(__always)
func hide(_ value: Int) -> Int { Int(benchmark_hide(Int64(value))) }

/// The same bytes, about which the optimiser knows nothing: it cannot move work out of a loop.
@inline(__always)
func hide(_ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes[hide(0)...] }

/// Uses `value`, so that the work that made it is not removed.
@inline(__always)
func use(_ value: some BinaryInteger) { benchmark_use(Int64(truncatingIfNeeded: value)) }

@inline(__always)
func use(_ value: Bool) { benchmark_use(value ? 1 : 0) }

/// A benchmark whose own operation does not do what it should.
struct UnexpectedResult: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
