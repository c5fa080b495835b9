/// What a parser has met so far, to notice what is missing, what comes twice and what comes late.
struct SeenLines {
    /// Whether any line was of a kind that a description has.
    var hasKnownLine = false
    /// Whether a line ended with LF alone.
    var hasBareLineFeed = false
    /// The place of the last line in the order of RFC 8866 §5.
    var rank = 0
    /// The line of the m= that began the open section.
    var mediaLine = 0
    /// Whether the open section has a mid.
    var hasMID = false
    private var types: UInt32 = 0
    private var mappedLow: UInt64 = 0
    private var mappedHigh: UInt64 = 0

    /// Whether a line of this type has been met in this section.
    func has(_ type: UInt8) -> Bool { types & bit(of: type) != 0 }

    /// Remembers a line type; false if it has been met before.
    mutating func insert(_ type: UInt8) -> Bool {
        defer { types |= bit(of: type) }
        return !has(type)
    }

    /// Forgets what belongs to one section only.
    mutating func beginSection(at line: Int) {
        rank = 0
        mediaLine = line
        hasMID = false
        types = 0
        mappedLow = 0
        mappedHigh = 0
    }

    /// Remembers what is asked about at the end of a section.
    mutating func note(attribute name: Range<Int>, value: Range<Int>, in bytes: Span<UInt8>) {
        switch name.count {
        case 3 where bytes.holds("mid", at: name.lowerBound): hasMID = true
        case 6 where bytes.holds("rtpmap", at: name.lowerBound): noteMap(value, in: bytes)
        default: break
        }
    }

    private mutating func noteMap(_ value: Range<Int>, in bytes: Span<UInt8>) {
        var number: UInt64 = 0
        var index = value.lowerBound
        while index < value.upperBound, number < 128 {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            number = number * 10 + UInt64(digit)
            index &+= 1
        }
        guard index > value.lowerBound, number < 128 else { return }
        if number < 64 { mappedLow |= 1 << number } else { mappedHigh |= 1 << (number & 63) }
    }

    /// Whether the open section has an rtpmap for a payload type.
    func hasRTPMap(for payloadType: UInt8) -> Bool {
        let bits = payloadType < 64 ? mappedLow : mappedHigh
        return bits & 1 << UInt64(payloadType & 63) != 0
    }

    private func bit(of type: UInt8) -> UInt32 { 1 << UInt32(type & 31) }
}

extension Span<UInt8> {
    /// Whether the bytes from `start` on, which must be there, are those of `text`.
    fileprivate func holds(_ text: StaticString, at start: Int) -> Bool {
        var index = start
        for byte in text.description.utf8 {
            guard self[index] == byte else { return false }
            index &+= 1
        }
        return true
    }
}
