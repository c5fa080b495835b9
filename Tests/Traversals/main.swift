import Glibc
import TraversalSupport

// Calls between all kinds of NATs, on a simulated network: which path each ends on, and how soon.
//
//     traversals [--seeds N] [--from SEED] [--loss RATE] [--pair CALLER ANSWERER] [--story SEED]
//
// Ends with 1 if any call ends otherwise than on the best path there is.

var seeds: UInt64 = 200
var first: UInt64 = 0
var loss = 0.1
var pairs = Access.pairs
var story: UInt64?

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
    case "--story": story = UInt64(value)
    default: fail("unknown option \(option)")
    }
}

if let story {
    for (one, other) in pairs {
        let crossing = try Survey.crossing(one, other, loss: loss, seed: story)
        print(try crossing.run())
        for line in crossing.story { print(line) }
    }
    exit(0)
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
