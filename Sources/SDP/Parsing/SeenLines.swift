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
    /// Whether the session bundles sections.
    private(set) var hasBundle = false
    /// Whether the open section, or the session for all, maps the mid's header extension.
    private(set) var hasMIDExtension = false
    private var sessionHasMIDExtension = false
    private var types: UInt32 = 0
    /// Payload types of the m= line: one bit each.
    private var formats: UInt128 = 0
    /// Payload types that have an rtpmap.
    private var mapped: UInt128 = 0

    /// Whether a line of this type has been met in this section.
    func has(_ type: UInt8) -> Bool { types & bit(of: type) != 0 }

    /// Remembers a line type; false if it has been met before.
    mutating func insert(_ type: UInt8) -> Bool {
        defer { types |= bit(of: type) }
        return !has(type)
    }

    /// Forgets what belongs to one section only.
    mutating func beginSection(at line: Int) {
        if mediaLine == 0 { sessionHasMIDExtension = hasMIDExtension }
        hasMIDExtension = sessionHasMIDExtension
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
        case 0x6578_746D_6170: noteExtension(value, in: bytes)
        case 0x67_726F_7570 where mediaLine == 0: noteGroup(value, in: bytes)
        default: break
        }
    }

    private mutating func noteMap(_ value: Range<Int>, in bytes: Span<UInt8>) {
        var number = 0
        var index = value.lowerBound
        while index < value.upperBound, number < 128 {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            number = number * 10 + Int(digit)
            index &+= 1
        }
        if number < 128 { mapped |= 1 << UInt128(number) }
    }

    // Of all extensions registered, only the mid's name ends like this.
    private mutating func noteExtension(_ value: Range<Int>, in bytes: Span<UInt8>) {
        let end = value.upperBound
        guard value.count > 8, bytes[end - 1] == UInt8(ascii: "d"),
            bytes.number(at: end - 8..<end) == 0x7364_6573_3A6D_6964
        else { return }
        hasMIDExtension = true
    }

    private mutating func noteGroup(_ value: Range<Int>, in bytes: Span<UInt8>) {
        hasBundle = hasBundle || bytes.number(at: value.prefix(6)) == 0x4255_4E44_4C45
    }

    /// Remembers a format of the m= line.
    mutating func note(format: String) {
        guard format.utf8.count <= 3, let number = UInt8(digits: format.utf8), number < 128 else {
            return
        }
        formats |= 1 << UInt128(number)
    }

    /// Whether the open section has payload types without rtpmap.
    var hasUnmappedFormats: Bool { formats & ~mapped != 0 }

    /// The payload types of the open section without rtpmap.
    var unmappedFormats: [UInt8] {
        (0...127).filter { (formats & ~mapped) >> UInt128($0) & 1 != 0 }
    }

    private func bit(of type: UInt8) -> UInt32 { 1 << UInt32(type & 31) }
}

extension Span<UInt8> {
    /// Up to eight bytes as a number: `BUNDLE` is 0x42554E444C45.
    fileprivate func number(at range: Range<Int>) -> UInt64 {
        var number: UInt64 = 0
        for index in range { number = number << 8 | UInt64(self[index]) }
        return number
    }
}
