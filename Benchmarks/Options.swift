/// What the command line asks for.
enum Command: Equatable {
    case run(RunOptions)
    case list(filters: [String])
    case compare(old: String, new: String)
    case help
}

struct RunOptions: Equatable {
    /// Parts of names; a benchmark runs when its name holds one of them, or when there are none.
    var filters: [String] = []
    var samples: Int?
    var outputFile: String?
    var failsOnMissedGoals = false
}

/// A command line that makes no sense, and what would.
struct UsageError: Error, CustomStringConvertible {
    var description: String
}

extension Command {
    init(_ arguments: [String]) throws(UsageError) {
        var options = RunOptions()
        var wantsList = false
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                self = .help
                return
            case "--list": wantsList = true
            case "--check": options.failsOnMissedGoals = true
            case "--json":
                guard let file = rest.popFirst(), !file.hasPrefix("-") else {
                    throw UsageError(description: "--json wants a file to write: --json FILE")
                }
                options.outputFile = file
            case "--samples":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else {
                    throw UsageError(description: "--samples wants a number above 0: --samples 15")
                }
                options.samples = number
            case "--compare":
                guard let old = rest.popFirst(), let new = rest.popFirst(), rest.isEmpty else {
                    throw UsageError(
                        description: "--compare wants two files written by --json, and nothing "
                            + "else: --compare OLD NEW"
                    )
                }
                self = .compare(old: old, new: new)
                return
            case _ where argument.hasPrefix("-"):
                throw UsageError(description: "there is no option \(argument)\n\n\(usage)")
            default: options.filters.append(argument)
            }
        }
        self = wantsList ? .list(filters: options.filters) : .run(options)
    }
}

let usage = """
    usage: benchmarks [FILTER ...] [--samples N] [--json FILE] [--check]
           benchmarks --list [FILTER ...]
           benchmarks --compare OLD NEW

      FILTER         part of a name, such as wire/ or crc32c; several are joined by "or"
      --samples N    samples of each benchmark
      --json FILE    also write the results to FILE
      --check        end with status 1 when a goal is missed
      --list         print the names and goals
      --compare      print the ratios of two files written by --json
    """
