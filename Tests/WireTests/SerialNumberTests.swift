import Testing
import Wire

private struct Small: SerialNumber { var rawValue: UInt8 }
private struct Large: SerialNumber { var rawValue: UInt32 }

@Suite("Serial number arithmetic, RFC 1982")
struct SerialNumberTests {
    @Test(
        "the order is that of the example with eight bits, RFC 1982 §5.2",
        arguments: [
            (1, 0), (44, 0), (100, 0), (100, 44), (200, 100), (255, 200), (0, 255), (100, 255),
            (0, 200), (44, 200),
        ] as [(UInt8, UInt8)]
    )
    func example(greater: UInt8, less: UInt8) {
        #expect(Small(rawValue: less).precedes(Small(rawValue: greater)))
        #expect(!Small(rawValue: greater).precedes(Small(rawValue: less)))
    }

    /// RFC 1982 §3.2, word for word: i1 < i2 in one of two ways.
    private func isLess(_ left: Int, _ right: Int) -> Bool {
        (left < right && right - left < 128) || (left > right && left - right > 128)
    }

    @Test("all pairs of eight bits have the order the RFC defines")
    func allPairs() {
        for left in 0...255 {
            for right in 0...255 {
                let precedes = Small(rawValue: UInt8(left)).precedes(Small(rawValue: UInt8(right)))
                #expect(precedes == isLess(left, right), "\(left) and \(right)")
            }
        }
    }

    @Test("numbers half the range apart have no order", arguments: 0...255 as ClosedRange<UInt8>)
    func undefined(number: UInt8) {
        let opposite = Small(rawValue: number &+ 128)
        #expect(!Small(rawValue: number).precedes(opposite))
        #expect(!opposite.precedes(Small(rawValue: number)))
    }

    @Test("the number after the largest is zero, RFC 1982 §3.1")
    func successor() {
        #expect(Small(rawValue: 255).successor == Small(rawValue: 0))
        #expect(Large(rawValue: .max).successor == Large(rawValue: 0))
        #expect(Large(rawValue: 7).successor == Large(rawValue: 8))
        #expect(Large(rawValue: .max).precedes(Large(rawValue: 0)))
        #expect(Large(rawValue: 0).precedes(Large(rawValue: 0x7FFF_FFFF)))
        #expect(!Large(rawValue: 0).precedes(Large(rawValue: 0x8000_0000)))
    }

    @Test("the distance counts forward, around the end")
    func distance() {
        #expect(Small(rawValue: 250).distance(to: Small(rawValue: 4)) == 10)
        #expect(Small(rawValue: 4).distance(to: Small(rawValue: 250)) == 246)
        #expect(Small(rawValue: 4).distance(to: Small(rawValue: 4)) == 0)
    }
}
