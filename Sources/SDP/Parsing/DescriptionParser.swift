/// Turns the bytes of a description into values, one line at a time and in one pass.
///
/// It never traps and never looks at a byte more than a few times, whatever the input.
struct DescriptionParser {
    let mode: SDPDescription.Mode
    let limits: SDPLimits

    /// What has been understood of the session.
    var session = SDPDescription(times: [])
    /// The media section that is being read, but for its attributes; nil before the first.
    var open: MediaDescription?
    /// Whether a media section is being read.
    var isInMedia = false
    // Attributes are most of a description: appended here, not through the optional above, whose
    // every test would copy the section.
    /// The attributes of the section that is being read.
    var attributes: [SDPAttribute] = []
    /// The lines of the section that is being read which nothing else holds.
    var extraLines: [SDPDescription.ExtraLine] = []
    /// What has been seen, to notice what is missing and what comes twice.
    var seen = SeenLines()
    /// The line being read, counted from 1.
    var line = 0
    /// Whether the line being read holds bytes that no line may hold.
    var hasForbiddenByte = false

    init(mode: SDPDescription.Mode, limits: SDPLimits) {
        self.mode = mode
        self.limits = limits
    }

    mutating func parse(_ bytes: Span<UInt8>) throws(SDPError) -> SDPDescription {
        guard bytes.count <= limits.maximumBytes else {
            throw SDPError(.exceeded(.bytes), line: 1, column: 1)
        }
        var start = 0
        while start < bytes.count { start = try takeLine(at: start, in: bytes) }
        guard seen.hasKnownLine else {
            throw SDPError(.expected("a session description"), line: 1, column: 1)
        }
        try closeSection()
        return session
    }

    /// Remembers a deviation, or refuses it in strict mode.
    mutating func note(
        _ kind: SDPDescription.Deviation.Kind,
        line: Int? = nil,
        column: Int = 1
    ) throws(SDPError) {
        let line = line ?? self.line
        if mode == .strict, let expectation = kind.expectation {
            throw SDPError(.expected(expectation), line: line, column: column)
        }
        guard session.deviations.count < limits.maximumDeviations else { return }
        session.deviations.append(SDPDescription.Deviation(kind, line: line, column: column))
    }

    /// The text of a part of the line, without bytes that no line may hold.
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>) throws(SDPError) -> String {
        let part = bytes.extracting(range)
        guard !hasForbiddenByte else { return try repairedText(part) }
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: part))
        } catch {
            return try repairedText(part)
        }
    }

    private mutating func repairedText(_ part: Span<UInt8>) throws(SDPError) -> String {
        var kept: [UInt8] = []
        for index in part.indices where part[index] != 0 && part[index] != carriageReturn {
            kept.append(part[index])
        }
        if String(validating: kept, as: UTF8.self) == nil { try note(.invalidUTF8) }
        return String(decoding: kept, as: UTF8.self)
    }

    // MARK: Lines

    /// Reads the line at `start` and returns where the next one begins.
    private mutating func takeLine(
        at start: Int,
        in bytes: Span<UInt8>
    ) throws(SDPError) -> Int {
        line += 1
        guard line <= limits.maximumLines else {
            throw SDPError(.exceeded(.lines), line: line, column: 1)
        }
        var end = lineEnd(from: start, in: bytes)
        let next = end + 1
        if end == bytes.count {
            try note(.missingFinalLineBreak, column: end - start + 1)
        } else if end > start, bytes[end - 1] == carriageReturn {
            end -= 1
        } else if !seen.hasBareLineFeed {
            seen.hasBareLineFeed = true
            try note(.bareLineFeed, column: end - start + 1)
        }
        guard end - start <= limits.maximumLineLength else {
            throw SDPError(.exceeded(.lineLength), line: line, column: limits.maximumLineLength + 1)
        }
        if hasForbiddenByte { try note(.forbiddenByte) }
        guard end > start else {
            try note(.blankLine)
            return next
        }
        try take(trimmed(start..<end, in: bytes), in: bytes)
        return next
    }

    /// Finds the LF that ends a line, or the end of all, and looks for bytes no line may hold.
    private mutating func lineEnd(from start: Int, in bytes: Span<UInt8>) -> Int {
        var forbidden = 0
        var end = start
        while end < bytes.count {
            if end &+ 8 <= bytes.count {
                let mask = bytes.controlMask(at: end)
                guard mask != 0 else {
                    end &+= 8
                    continue
                }
                end &+= mask.trailingZeroBitCount >> 3
            }
            let byte = bytes[end]
            if byte == lineFeed { break }
            if byte == 0 || byte == carriageReturn { forbidden &+= 1 }
            end &+= 1
        }
        // The CR before the LF is part of the line's end.
        if forbidden > 0, end < bytes.count, bytes[end &- 1] == carriageReturn { forbidden &-= 1 }
        hasForbiddenByte = forbidden > 0
        return end
    }

    /// The line without spaces at its end, which free text may have.
    private mutating func trimmed(
        _ range: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(SDPError) -> Range<Int> {
        guard bytes[range.upperBound - 1] == space else { return range }
        let type = bytes[range.lowerBound]
        guard type != UInt8(ascii: "s"), type != UInt8(ascii: "i") else { return range }
        // RFC 8866 §5.13: an attribute's value is any text, so a space at its end is no error.
        guard mode == .tolerant || type != UInt8(ascii: "a") else { return range }
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == space { end -= 1 }
        try note(.trailingSpace, column: end - range.lowerBound + 1)
        return range.lowerBound..<end
    }

    private mutating func take(
        _ range: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(SDPError) {
        guard
            range.count >= 2, bytes[range.lowerBound + 1] == UInt8(ascii: "="),
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[range.lowerBound] | 0x20)
        else {
            try note(.notALine)
            try keep(range, in: bytes)
            return
        }
        let type = bytes[range.lowerBound]
        let value = range.lowerBound + 2..<range.upperBound
        switch type {
        case UInt8(ascii: "a"):
            seen.hasKnownLine = true
            seen.rank = attributeRank
            try takeAttribute(value, in: bytes)
        case UInt8(ascii: "m"):
            seen.hasKnownLine = true
            try closeSection()
            try takeMedia(text(value, in: bytes))
        default:
            let isTaken =
                isInMedia
                ? try takeMediaLine(type, value: value, in: bytes)
                : try takeSessionLine(type, value: value, in: bytes)
            if !isTaken { try keep(range, in: bytes) }
        }
    }

    /// Keeps a line that no field holds.
    private mutating func keep(_ range: Range<Int>, in bytes: Span<UInt8>) throws(SDPError) {
        let whole = try text(range, in: bytes)
        guard !whole.isEmpty else { return }
        extraLines.append(SDPDescription.ExtraLine(whole, position: attributes.count))
    }

    private mutating func takeAttribute(
        _ range: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(SDPError) {
        var mark = range.lowerBound
        var key: UInt64 = 0
        while mark < range.upperBound, bytes[mark] != colon {
            key = key << 8 | UInt64(bytes[mark])
            mark &+= 1
        }
        let nameRange = range.lowerBound..<mark
        let known = nameRange.count <= 8 ? commonName(key) : nil
        let name = if let known { known } else { try text(nameRange, in: bytes) }
        guard mark < range.upperBound else {
            attributes.append(SDPAttribute(name))
            return
        }
        let value = mark + 1..<range.upperBound
        attributes.append(SDPAttribute(name, try text(value, in: bytes)))
        guard nameRange.count <= 8 else { return }
        seen.note(attribute: key, value: value, in: bytes)
        // `sctpmap`
        if key == 0x73_6374_706D_6170 { try note(.oldSCTPMap(mediaIndex: session.media.count)) }
    }
}

/// The names of most attributes by their bytes: a constant costs nothing, a new string does.
private func commonName(_ key: UInt64) -> String? {
    switch key {
    case 0x7274_706D_6170: "rtpmap"
    case 0x666D_7470: "fmtp"
    case 0x72_7463_702D_6662: "rtcp-fb"
    case 0x6578_746D_6170: "extmap"
    case 0x7373_7263: "ssrc"
    case 0x6D69_64: "mid"
    case 0x73_6574_7570: "setup"
    default: nil
    }
}

/// Attributes come last in both orders of RFC 8866 §5.
let attributeRank = 11
