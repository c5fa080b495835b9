import Testing
import Wire

@Suite("Monotonic time")
struct InstantTests {
    @Test(
        "moving by a duration and measuring it are inverse",
        arguments: [-7, -1, 0, 1, 999, 1_000]
    )
    func arithmetic(milliseconds: Int64) {
        let start = Instant(nanoseconds: 5_000_000_000)
        let moved = start.advanced(by: .milliseconds(milliseconds))
        #expect(moved.nanoseconds == 5_000_000_000 + milliseconds * 1_000_000)
        #expect(start.duration(to: moved) == .milliseconds(milliseconds))
        #expect(moved.duration(to: start) == .milliseconds(-milliseconds))
        #expect((moved < start) == (milliseconds < 0))
    }

    @Test("it stops at the ends of the range instead of trapping")
    func saturation() {
        let first = Instant(nanoseconds: .min)
        let last = Instant(nanoseconds: .max)
        #expect(last.advanced(by: .nanoseconds(1)) == last)
        #expect(first.advanced(by: .nanoseconds(-1)) == first)
        #expect(last.advanced(by: .seconds(Int64.max)) == last)
        #expect(first.advanced(by: .seconds(Int64.min)) == first)
        #expect(Instant.zero.advanced(by: .seconds(Int64.max)) == last)
        #expect(Instant.zero.advanced(by: .seconds(Int64.min)) == first)
        #expect(first.duration(to: last) == .nanoseconds(Int64.max))
        #expect(last.duration(to: first) == .nanoseconds(Int64.min))
        #expect(last.advanced(by: .nanoseconds(Int64.min)) == Instant(nanoseconds: -1))
    }

    @Test(
        "a duration has whole nanoseconds, limited to 64 bits",
        arguments: [
            (.zero, 0),
            (.nanoseconds(1), 1),
            (.nanoseconds(-1), -1),
            (.seconds(-1), -1_000_000_000),
            (.milliseconds(-1_500), -1_500_000_000),
            (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
            (Duration(secondsComponent: 0, attosecondsComponent: -999_999_999), 0),
            (.nanoseconds(Int64.max), .max),
            (.nanoseconds(Int64.max) + .nanoseconds(1), .max),
            (.nanoseconds(Int64.min), .min),
            (.nanoseconds(Int64.min) - .nanoseconds(1), .min),
            (.seconds(9_223_372_036), 9_223_372_036_000_000_000),
            (.seconds(9_223_372_037), .max),
            (.seconds(-9_223_372_037), .min),
            (.seconds(Int64.max), .max),
            (.seconds(Int64.min), .min),
        ] as [(Duration, Int64)]
    )
    func nanoseconds(duration: Duration, expected: Int64) {
        #expect(duration.nanoseconds == expected)
    }

    @Test("seconds and milliseconds are for display")
    func floating() {
        #expect(Duration.milliseconds(1_250).inSeconds == 1.25)
        #expect(Duration.microseconds(-1_500).inMilliseconds == -1.5)
        #expect(Duration.seconds(3).inMilliseconds == 3_000)
    }

    @Test("instants are ordered by time")
    func order() {
        let instants = [3, -1, 2].map { Instant(nanoseconds: $0) }
        #expect(instants.sorted().map(\.nanoseconds) == [-1, 2, 3])
        #expect(Instant.zero.nanoseconds == 0)
    }
}
