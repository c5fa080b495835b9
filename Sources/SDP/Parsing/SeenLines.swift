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
    /// Dynamic payload types, 96 to 127 (RFC 3551 §6), of the m= line: one bit each.
    private var formats: UInt32 = 0
    /// Dynamic payload types that have an rtpmap.
    private var mapped: UInt32 = 0

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
        formats = 0
        mapped = 0
    }

    /// Remembers what is asked about at the end of a section; `key` is the name's bytes as a number.
    mutating func note(attribute key: UInt64, value: Range<Int>, in bytes: Span<UInt8>) {
        switch key {
        case 0x6D_6964: hasMID = true
        case 0x7274_706D_6170: noteMap(value, in: bytes)
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
        if 96...127 ~= number { mapped |= 1 << UInt32(number - 96) }
    }

    /// Remembers a format of the m= line.
    mutating func note(format: String) {
        guard format.utf8.count <= 3, let number = UInt8(digits: format.utf8) else { return }
        if 96...127 ~= number { formats |= 1 << UInt32(number - 96) }
    }

    /// Whether the open section has dynamic payload types without rtpmap.
    var hasUnmappedFormats: Bool { formats & ~mapped != 0 }

    /// The dynamic payload types of the open section without rtpmap.
    var unmappedFormats: [UInt8] {
        (96...127).filter { (formats & ~mapped) >> UInt32($0 - 96) & 1 != 0 }
    }

    private func bit(of type: UInt8) -> UInt32 { 1 << UInt32(type & 31) }
}
