import CBenchmarking
import Foundation
import LinuxIO
import Swiftlet

/// Whole connections over loopback: both peers in this process, certificates of their own.
///
/// `Benchmarks/Peers/pion` measures the same of another stack: `pion-bench setup`, `setupc`, `mem`.
let setupBenchmarks = [
    Benchmark("peer/setup-offer-to-connected", unit: "ms", samples: 200, goal: .atMost(50)) {
        let pair = try await Pair()
        let time = try await pair.connect()
        await pair.close()
        return time
    },
    Benchmark("peer/setup-cpu", unit: "ms", samples: 7) {
        let count = 50
        let start = processTime()
        for _ in 0..<count {
            let pair = try await Pair()
            _ = try await pair.connect()
            await pair.close()
        }
        return (processTime() - start) * 1_000 / Double(count)
    },
    Benchmark("peer/setup-100-at-once", unit: "pairs/s", samples: 7) {
        try await pairsPerSecond(count: 100, share: 0.95)
    },
    Benchmark(idleMemory, unit: "kB", samples: 1, goal: .atMost(150)) {
        // What other benchmarks have left in malloc's lists would be used again, and cost nothing.
        try await inFreshProcess(idleMemory) { try await residentPerConnection(pairs: 100) }
    },
]

private let idleMemory = "peer/idle-memory"

/// Two connections that will call each other.
private struct Pair: Sendable {
    let left: PeerConnection
    let right: PeerConnection

    init() async throws {
        var configuration = Configuration()
        configuration.interfaces = .loopbackOnly
        left = try PeerConnection(configuration: configuration)
        right = try PeerConnection(configuration: configuration)
        _ = try await left.addAudioTrack()
        _ = try await right.addAudioTrack()
    }

    /// From createOffer until both sides are connected, in milliseconds.
    func connect() async throws -> Double {
        let start = wallTime()
        try await left.setLocalDescription(try await left.createOffer())
        guard let offer = await left.localDescription else { throw UnexpectedResult("no offer") }
        try await right.setRemoteDescription(offer)
        try await right.setLocalDescription(try await right.createAnswer())
        guard let answer = await right.localDescription else { throw UnexpectedResult("no answer") }
        try await left.setRemoteDescription(answer)
        try await left.connected()
        try await right.connected()
        return (wallTime() - start) * 1_000
    }

    func close() async {
        await left.close()
        await right.close()
    }
}

/// How fast `count` pairs connect that all begin at once, until `share` of them are done.
private func pairsPerSecond(count: Int, share: Double) async throws -> Double {
    let start = wallTime()
    let done = try await withThrowingTaskGroup(of: (Pair, Double).self) { group in
        for _ in 0..<count {
            group.addTask {
                let pair = try await Pair()
                _ = try await pair.connect()
                return (pair, wallTime() - start)
            }
        }
        var done: [(Pair, Double)] = []
        for try await result in group { done.append(result) }
        return done
    }
    for (pair, _) in done { await pair.close() }
    let enough = Int(Double(count) * share)
    let time = done.map(\.1).sorted()[enough - 1]
    return Double(enough) / time
}

/// Resident memory of a connected, silent connection.
private func residentPerConnection(pairs count: Int) async throws -> Double {
    // What is set up once, and what malloc keeps, belongs to the baseline.
    for pair in try await idlePairs(5) { await pair.close() }
    let before = trimmedResidentKilobytes()
    let pairs = try await idlePairs(count)
    let after = trimmedResidentKilobytes()
    for pair in pairs { await pair.close() }
    return (after - before) / Double(2 * count)
}

/// Connected pairs that have sent their first reports and given back DTLS's record buffers.
private func idlePairs(_ count: Int) async throws -> [Pair] {
    var pairs: [Pair] = []
    for _ in 0..<count {
        let pair = try await Pair()
        _ = try await pair.connect()
        pairs.append(pair)
    }
    try await Task.sleep(for: .seconds(3))
    return pairs
}

private func wallTime() -> Double { seconds(CLOCK_MONOTONIC) }

private func processTime() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    // The call fills the local value.
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Runs `measure` in a process that does nothing else: the benchmark `name` of this program, again.
private func inFreshProcess(
    _ name: String,
    _ measure: () async throws -> Double
) async throws -> Double {
    let marker = "SWIFTLET_FRESH_PROCESS"
    guard ProcessInfo.processInfo.environment[marker] == nil else { return try await measure() }
    let file = FileManager.default.temporaryDirectory
        .appending(path: "benchmarks-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [name, "--samples", "1", "--json", file]
    process.environment = ProcessInfo.processInfo.environment.merging([marker: "yes"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard let result = try ResultFile(path: file).results.first else {
        throw UnexpectedResult("\(name) did not run in a process of its own")
    }
    return result.median
}

/// Memory that is really in use: what malloc only keeps goes back to the system first.
private func trimmedResidentKilobytes() -> Double {
    benchmark_trim_memory()
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Double($0.split(separator: " ").dropFirst().first ?? "0") } ?? 0
}
