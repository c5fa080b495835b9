import Wire

/// A ChannelData message (RFC 8656 §12.4): four bytes in front of the payload.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |         Channel Number        |            Length             |
///     |                       Application Data …
enum ChannelData {
    static let headerLength = 4
    /// RFC 8656 §12: the numbers a client may bind.
    static let numbers: ClosedRange<UInt16> = 0x4000...0x4FFF
    /// The numbers a server lets clients bind: those made after RFC 5766 (§11) take any of these.
    static let numbersEverUsed: ClosedRange<UInt16> = 0x4000...0x7FFF

    /// Whether `bytes` begin like one (RFC 8656 §12.5): the first two bits tell it from STUN.
    @inline(__always)
    static func isPlausible(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= headerLength && bytes[0] >> 6 == 1
    }

    /// The number and where the payload lies; nil if the length says more than there is.
    ///
    /// What follows the payload is padding.
    @inline(__always)
    static func read(_ bytes: Span<UInt8>) -> (number: UInt16, payload: Range<Int>)? {
        guard isPlausible(bytes) else { return nil }
        let number = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        let length = Int(bytes[2]) << 8 | Int(bytes[3])
        guard length <= bytes.count &- headerLength else { return nil }
        return (number, headerLength..<headerLength &+ length)
    }
}
