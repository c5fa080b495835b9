import Foundation

/// The results of one run, as `--json` writes them.
struct ResultFile: Codable {
    var machine: String
    var results: [Measurement]

    init(results: [Measurement]) {
        machine = Self.processorName
        self.results = results
    }

    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError(description: "there is no file \(path) that can be read")
        }
        guard let file = try? JSONDecoder().decode(ResultFile.self, from: data) else {
            throw UsageError(description: "\(path) was not written by --json")
        }
        self = file
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard FileManager.default.createFile(atPath: path, contents: try encoder.encode(self))
        else {
            throw UsageError(description: "\(path) cannot be written")
        }
    }

    private static var processorName: String {
        let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last ?? "unknown processor"
        return name.trimmingCharacters(in: .whitespaces)
    }
}

/// The ratios of two runs, line by line.
func comparison(of old: ResultFile, with new: ResultFile) -> [String] {
    let table = Table(widths: [40, 10, 10, 8, 13, 10])
    var lines = [table.row(["name", "old", "new", "ratio", "mallocs", "verdict"])]
    for result in new.results {
        guard let before = old.results.first(where: { $0.name == result.name }) else {
            lines.append(table.row([result.name, "", format(result.median), "", "", "new"]))
            continue
        }
        lines.append(table.row(cells(before, result)))
    }
    for result in old.results where !new.results.contains(where: { $0.name == result.name }) {
        lines.append(table.row([result.name, format(result.median), "", "", "", "gone"]))
    }
    if old.machine != new.machine {
        lines.append("The runs are of two machines: \(old.machine) and \(new.machine).")
    }
    return lines
}

private func cells(_ old: Measurement, _ new: Measurement) -> [String] {
    let ratio = old.median == 0 ? .nan : new.median / old.median
    let mallocs =
        if let before = old.mallocs, let after = new.mallocs,
            formatCount(before) != formatCount(after)
        {
            "\(formatCount(before)) → \(formatCount(after))"
        } else {
            new.mallocs.map(formatCount) ?? ""
        }
    return [
        new.name, format(old.median), format(new.median), format(ratio), mallocs,
        verdict(old, new, ratio: ratio),
    ]
}

/// Differences below 10 %, and those where the samples overlap, are none: the machine moves more.
private func verdict(_ old: Measurement, _ new: Measurement, ratio: Double) -> String {
    if new.minimum > old.maximum, ratio > 1.1 { return "more" }
    if new.maximum < old.minimum, ratio < 0.9 { return "less" }
    return ""
}
