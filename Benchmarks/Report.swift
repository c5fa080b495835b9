/// Columns of text: the first to the left, the others to the right.
struct Table {
    private let widths: [Int]

    init(widths: [Int]) { self.widths = widths }

    func row(_ cells: [String]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return column == 0 ? cell.0 + space : space + cell.0
        }
        return padded.joined(separator: "  ").trimmingTrailingSpaces
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// A figure with three digits that mean something.
func format(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value.magnitude >= 100 || value == 0 ? 0 : value.magnitude >= 10 ? 1 : 2
    let scale = [1.0, 10, 100][digits]
    let rounded = Int64((value.magnitude * scale) + 0.5)
    let sign = value < 0 ? "-" : ""
    guard digits > 0 else { return sign + String(rounded) }
    let fraction = String(rounded % Int64(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(rounded / Int64(scale)).\(zeros)\(fraction)"
}

/// A count an operation, where a hundredth is a buffer that grew once.
func formatCount(_ value: Double) -> String {
    let whole = Int64(value + 0.5)
    return (value - Double(whole)).magnitude < 0.01 ? String(whole) : format(value)
}

extension Goal: CustomStringConvertible {
    var description: String {
        switch self {
        case .atMost(let limit, let mallocs):
            "≤ \(format(limit))" + (mallocs.map { ", \(formatCount($0)) mallocs" } ?? "")
        case .atLeast(let limit): "≥ \(format(limit))"
        }
    }

    func isMet(by measurement: Measurement) -> Bool {
        switch self {
        case .atMost(let limit, let mallocs):
            guard measurement.median <= limit else { return false }
            guard let allowed = mallocs, let counted = measurement.mallocs else { return true }
            // A buffer that grows once in a sample is no allocation an operation.
            return counted < allowed + 0.01
        case .atLeast(let limit): return measurement.median >= limit
        }
    }
}

let resultTable = Table(widths: [40, 10, 19, 9, 9, 22])
let resultHeader = ["name", "median", "min–max", "unit", "mallocs", "goal"]

extension Measurement {
    func cells(goal: Goal?) -> [String] {
        let verdict = goal.map { $0.isMet(by: self) ? "\($0)  " : "\($0) !" } ?? ""
        return [
            name, format(median), "\(format(minimum))–\(format(maximum))", unit,
            mallocs.map(formatCount) ?? "", verdict,
        ]
    }
}
