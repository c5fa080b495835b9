// Computed, because a stored global of another file is read through a call.
var space: UInt8 { UInt8(ascii: " ") }
var slash: UInt8 { UInt8(ascii: "/") }
var colon: UInt8 { UInt8(ascii: ":") }
var carriageReturn: UInt8 { UInt8(ascii: "\r") }
var lineFeed: UInt8 { UInt8(ascii: "\n") }

extension Span<UInt8> {
    /// How many of sixteen bytes are NUL, tab, LF, CR or another character below 14.
    ///
    /// Without branches and of a fixed length, which the compiler turns into vector instructions.
    @inline(__always)
    func controls(in sixteen: Range<Int>) -> UInt8 {
        let chunk = extracting(sixteen)
        var count: UInt8 = 0
        for index in 0..<16 {
            let byte = chunk[index]
            // The highest bit is set when 14 cannot be subtracted without a borrow.
            count &+= ((byte &- 14) & ~byte) >> 7
        }
        return count
    }
}

extension Span<UInt8> {
    /// The highest bit of each of the eight bytes from `start` that is below 14.
    ///
    /// The first byte is the lowest. Above the first such byte there may be more bits.
    @inline(__always)
    func controlMask(at start: Int) -> UInt64 {
        let chunk = extracting(start..<start &+ 8)
        var word: UInt64 = 0
        // One load, once the compiler is done with it.
        for index in 0..<8 { word |= UInt64(chunk[index]) << UInt64(8 &* index) }
        return (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080
    }
}

/// What a hexadecimal digit in upper or lower case is worth; nil for other characters.
func hexDigitValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
