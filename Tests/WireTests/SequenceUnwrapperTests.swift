import Testing
import Wire

@Suite("Unwrapping counters")
struct SequenceUnwrapperTests {
    @Test("the first number stands for itself", arguments: [0, 1, 32_768, 65_535] as [UInt16])
    func first(number: UInt16) {
        var unwrapper = SequenceUnwrapper<UInt16>()
        #expect(unwrapper.peek(number) == Int64(number))
        #expect(unwrapper.unwrap(number) == Int64(number))
    }

    @Test("it goes on past the end, forward and backward")
    func wraps() {
        var unwrapper = SequenceUnwrapper<UInt16>()
        #expect(unwrapper.unwrap(65_534) == 65_534)
        #expect(unwrapper.unwrap(65_535) == 65_535)
        #expect(unwrapper.unwrap(0) == 65_536)
        #expect(unwrapper.unwrap(65_535) == 65_535)
        #expect(unwrapper.unwrap(1) == 65_537)
    }

    @Test("a number before the first is below it, even below zero")
    func beforeTheFirst() {
        var unwrapper = SequenceUnwrapper<UInt16>()
        #expect(unwrapper.unwrap(2) == 2)
        #expect(unwrapper.unwrap(65_535) == -1)
        #expect(unwrapper.unwrap(3) == 3)
        #expect(unwrapper.unwrap(65_000) == -536)
    }

    @Test(
        "half the range ahead is behind, one less is ahead",
        arguments: [(32_767, 32_767), (32_768, -32_768), (32_769, -32_767)] as [(UInt16, Int64)]
    )
    func middle(step: UInt16, distance: Int64) {
        var unwrapper = SequenceUnwrapper<UInt16>()
        #expect(unwrapper.unwrap(0) == 0)
        #expect(unwrapper.unwrap(step) == distance)
    }

    @Test("late numbers do not move the newest")
    func lateNumbers() {
        var unwrapper = SequenceUnwrapper<UInt16>()
        #expect(unwrapper.unwrap(40_000) == 40_000)
        #expect(unwrapper.unwrap(10_000) == 10_000)
        // 40,001 is one after the newest, though more than half the range after the last seen.
        #expect(unwrapper.unwrap(4_465) == 70_001)
    }

    @Test("looking ahead changes nothing")
    func peeks() {
        var unwrapper = SequenceUnwrapper<UInt16>()
        _ = unwrapper.unwrap(30_000)
        #expect(unwrapper.peek(60_000) == 60_000)
        #expect(unwrapper.peek(62_767) == 62_767)
        #expect(unwrapper.peek(62_768) == -2_768)
        #expect(unwrapper.unwrap(62_768) == -2_768)
    }

    @Test(
        "a shuffled, lossy counter comes out as it was counted",
        arguments: 0..<20 as Range<UInt64>
    )
    func randomWalk(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var unwrapper = SequenceUnwrapper<UInt32>()
        var newest = Int64(UInt32.max) - 50_000
        _ = unwrapper.unwrap(UInt32(newest))
        for _ in 0..<2_000 {
            let value = newest + Int64.random(in: -2_000_000_000...2_000_000_000, using: &entropy)
            #expect(unwrapper.unwrap(UInt32(truncatingIfNeeded: value)) == value)
            newest = max(newest, value)
        }
        #expect(newest > Int64(UInt32.max) * 2)
    }
}
