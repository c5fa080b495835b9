import Glibc
import TraversalSupport

// Calls between all kinds of NATs, on a simulated network: which path each ends on, and how soon.
//
//     traversals [--seeds N] [--from SEED] [--loss RATE] [--pair CALLER ANSWERER] [--share N/M]
//
// Ends with 1 if any call ends otherwise than on the best path there is.

var seeds: UInt64 = 200
var first: UInt64 = 0
var loss = 0.1
var pairs = Access.pairs

var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    let value = arguments.popFirst() ?? ""
    switch option {
    case "--seeds": seeds = UInt64(value) ?? seeds
    case "--from": first = UInt64(value) ?? first
    case "--loss": loss = Double(value) ?? loss
    case "--pair":
        guard let one = Access(rawValue: value), let name = arguments.popFirst(),
            let other = Access(rawValue: name)
        else { fail("a pair is two of \(Access.allCases.map(\.rawValue))") }
        pairs = [(one, other)]
    case "--share":
        let parts = value.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[1] > 0 else { fail("a share is written as 1/2") }
        pairs = pairs.enumerated().filter { $0.offset % parts[1] == parts[0] - 1 }.map(\.element)
    default: fail("unknown option \(option)")
    }
}

var wrong = 0
print(Survey.header)
for (one, other) in pairs {
    let survey = try Survey(one, other, loss: loss, seeds: first..<first + seeds)
    print(survey.row)
    wrong += survey.wrong.count
    if !survey.wrong.isEmpty {
        print("    not as expected: --pair \(one.rawValue) \(other.rawValue)", survey.wrong)
    }
}
guard wrong == 0 else { fail("\(wrong) calls did not end on the best path") }

func fail(_ reason: String) -> Never {
    print("error: \(reason)")
    exit(1)
}
