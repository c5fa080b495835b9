import Foundation

/// Runs what `filters` select and prints a line for each; true when all goals were met.
func run(_ options: RunOptions) async throws -> Bool {
    let selected = select(options.filters)
    guard !selected.isEmpty else {
        throw UsageError(
            description: "no benchmark has \(options.filters.joined(separator: " or ")) in its "
                + "name; --list prints the names"
        )
    }
    print(resultTable.row(resultHeader))
    var results: [Measurement] = []
    var meetsAllGoals = true
    for benchmark in selected {
        let result = try await benchmark.measure(samples: options.samples)
        print(resultTable.row(result.cells(goal: benchmark.goal)))
        // Each line as it comes, also into a pipe: nil flushes all streams.
        fflush(nil)
        results.append(result)
        if let goal = benchmark.goal, !goal.isMet(by: result) { meetsAllGoals = false }
    }
    if let file = options.outputFile { try ResultFile(results: results).write(to: file) }
    return meetsAllGoals
}

func select(_ filters: [String]) -> [Benchmark] {
    guard !filters.isEmpty else { return allBenchmarks.filter { !$0.isSlow } }
    return allBenchmarks.filter { benchmark in
        filters.contains {
            benchmark.isSlow ? benchmark.name == $0 : benchmark.name.contains($0)
        }
    }
}

func complain(_ text: String) {
    FileHandle.standardError.write(Data("benchmarks: \(text)\n".utf8))
}

do {
    switch try Command([String](CommandLine.arguments.dropFirst())) {
    case .help: print(usage)
    case .list(let filters):
        let listed = filters.isEmpty ? allBenchmarks : select(filters)
        for benchmark in listed {
            print(
                Table(widths: [40, 22]).row([benchmark.name, benchmark.goal?.description ?? ""])
            )
        }
    case .compare(let old, let new):
        let lines = comparison(of: try ResultFile(path: old), with: try ResultFile(path: new))
        for line in lines { print(line) }
    case .run(let options):
        let meetsAllGoals = try await run(options)
        if options.failsOnMissedGoals, !meetsAllGoals {
            complain("a goal was missed; the lines end with an exclamation mark")
            exit(1)
        }
    }
} catch let error as UsageError {
    complain(error.description)
    exit(64)
} catch {
    complain("\(error)")
    exit(1)
}
