/// Decides which sequence numbers belong to a stream (RFC 3550 A.1).
struct SequenceTracker: Sendable {
    enum Verdict: Hashable, Sendable {
        case probation
        case valid(Int64)
        case duplicate
        case implausible
        /// Two packets in sequence far from the stream: the source has started anew.
        case restarted(Int64)
    }

    private enum Phase: Sendable {
        case nothingSeen
        case probation(remaining: Int, next: UInt16)
        case valid
    }

    private let probation: Int
    private var phase = Phase.nothingSeen
    private var base: Int64 = 0
    private var newest: Int64 = 0
    /// RFC 3550 A.1, `bad_seq`: the number that would confirm a restart.
    private var restartCandidate: UInt16?
    /// Which of the 64 numbers up to the newest came; bit 0 is the newest.
    private var seen: UInt64 = 0

    init(probation: Int) { self.probation = max(1, probation) }

    /// The highest number of the stream, cycles included.
    var highest: Int64? {
        switch phase {
        case .valid: newest
        case .nothingSeen, .probation: nil
        }
    }

    /// How many packets the numbers promise so far.
    var expected: Int {
        switch phase {
        case .valid: Int(newest - base) + 1
        case .nothingSeen, .probation: 0
        }
    }

    mutating func judge(_ number: UInt16) -> Verdict {
        switch phase {
        case .nothingSeen:
            return probe(number, remaining: probation - 1)
        case .probation(let remaining, let next):
            return probe(number, remaining: number == next ? remaining - 1 : probation - 1)
        case .valid:
            return follow(number)
        }
    }

    private mutating func probe(_ number: UInt16, remaining: Int) -> Verdict {
        guard remaining <= 0 else {
            phase = .probation(remaining: remaining, next: number &+ 1)
            return .probation
        }
        phase = .valid
        begin(at: Int64(number))
        return .valid(newest)
    }

    private mutating func follow(_ number: UInt16) -> Verdict {
        let forward = number &- UInt16(truncatingIfNeeded: newest)
        if forward != 0, forward < maximumDropout {
            restartCandidate = nil
            newest &+= Int64(forward)
            seen = forward < 64 ? seen << UInt64(forward) | 1 : 1
            return .valid(newest)
        }
        let backward = 0 &- forward
        if backward < maximumMisorder {
            restartCandidate = nil
            return late(by: Int(backward))
        }
        guard restartCandidate == number else {
            restartCandidate = number &+ 1
            return .implausible
        }
        // The numbers go on in the next cycle: for everybody behind us time never runs backwards.
        begin(at: (newest >> 16 &+ 1) << 16 | Int64(number))
        return .restarted(newest)
    }

    private mutating func late(by distance: Int) -> Verdict {
        guard distance < 64 else { return .valid(newest &- Int64(distance)) }
        let bit: UInt64 = 1 << UInt64(distance)
        guard seen & bit == 0 else { return .duplicate }
        seen |= bit
        return .valid(newest &- Int64(distance))
    }

    private mutating func begin(at number: Int64) {
        base = number
        newest = number
        seen = 1
        restartCandidate = nil
    }
}

/// RFC 3550 A.1: MAX_DROPOUT.
private let maximumDropout: UInt16 = 3_000
/// RFC 3550 A.1: MAX_MISORDER.
private let maximumMisorder: UInt16 = 100
