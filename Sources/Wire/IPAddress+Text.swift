extension IPAddress: LosslessStringConvertible {
    /// Reads dotted IPv4 or any RFC 4291 §2.2 form of IPv6, with a numeric `%scope` behind it.
    @inlinable
    public init?(_ text: some StringProtocol) {
        // One character more than an address can have, so that a longer text is seen to be one.
        self.init(characters: [UInt8](text.utf8.prefix(longestText + 1)))
    }

    @usableFromInline
    init?(characters: [UInt8]) {
        guard characters.count <= longestText else { return nil }
        if characters.contains(UInt8(ascii: ":")) {
            self.init(v6Text: characters.span)
        } else {
            guard let number = parseV4(characters.span) else { return nil }
            self.init(v4: number)
        }
    }

    /// The text form: dotted IPv4, or IPv6 as RFC 5952 §4 wants it.
    public var description: String {
        guard family == .v6 else {
            return bytes.map { String($0) }.joined(separator: ".")
        }
        let suffix = scope == 0 ? "" : "%\(scope)"
        guard !isV4Mapped else { return "::ffff:\(unmapped)\(suffix)" }  // RFC 5952 §5
        return IPAddress.text(of: groups) + suffix
    }

    /// The eight 16-bit groups of an IPv6 address.
    private var groups: [UInt16] {
        [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> $0) }
        }
    }
}

// MARK: - Reading

/// Four decimal numbers; a leading zero is refused, because some systems read it as octal.
private func parseV4(_ text: Span<UInt8>) -> UInt32? {
    var number: UInt32 = 0
    var part: UInt32 = 0
    var (dots, digits) = (0, 0)
    for index in text.indices {
        if text[index] == UInt8(ascii: ".") {
            guard digits > 0 else { return nil }
            number = number << 8 | part
            (part, digits) = (0, 0)
            dots += 1
        } else {
            guard let digit = decimalDigit(text[index]), digits == 0 || part != 0 else {
                return nil
            }
            part = part * 10 + digit
            guard part <= 255 else { return nil }
            digits += 1
        }
    }
    return dots == 3 && digits > 0 ? number << 8 | part : nil
}

private func parseScope(_ text: Span<UInt8>) -> UInt32? {
    guard (1...10).contains(text.count) else { return nil }
    var value: UInt64 = 0
    for index in text.indices {
        guard let digit = decimalDigit(text[index]) else { return nil }
        value = value * 10 + UInt64(digit)
    }
    return UInt32(exactly: value)
}

private func decimalDigit(_ character: UInt8) -> UInt32? {
    (48...57).contains(character) ? UInt32(character) - 48 : nil
}

extension IPAddress {
    private init?(v6Text text: Span<UInt8>) {
        var end = 0
        while end < text.count, text[end] != UInt8(ascii: "%") { end += 1 }
        var scope: UInt32 = 0
        if end < text.count {
            guard let value = parseScope(text.extracting((end + 1)...)) else { return nil }
            scope = value
        }
        guard let groups = GroupReader.read(text.extracting(..<end)) else { return nil }
        self.init(
            v6High: UInt64(truncatingIfNeeded: groups >> 64),
            low: UInt64(truncatingIfNeeded: groups),
            scope: scope
        )
    }
}

/// The groups of an IPv6 address, shifted in from the right as they are read.
private struct GroupReader {
    private var value: UInt128 = 0
    private var count = 0
    /// How many groups stand before the `::`.
    private var gap: Int?

    /// Eight groups, or fewer with one `::` where the missing ones are zero; the last two may be
    /// written as a dotted IPv4 address.
    static func read(_ text: Span<UInt8>) -> UInt128? {
        var reader = GroupReader()
        var index = 0
        if text.count >= 2, isColon(text, 0), isColon(text, 1) {
            reader.gap = 0
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt32 = 0
            while index < text.count, index - start <= 4, let digit = hexDigit(text[index]) {
                group = group << 4 | digit
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let number = parseV4(text.extracting(start...)) else { return nil }
                return reader.append(number, groups: 2) ? reader.result : nil
            }
            guard (1...4).contains(index - start), reader.append(group, groups: 1) else {
                return nil
            }
            guard index < text.count else { break }
            guard isColon(text, index), index + 1 < text.count else { return nil }
            index += 1
            guard isColon(text, index) else { continue }
            guard reader.gap == nil else { return nil }
            reader.gap = reader.count
            index += 1
        }
        return reader.result
    }

    private mutating func append(_ number: UInt32, groups: Int) -> Bool {
        value = value << (16 * groups) | UInt128(number)
        count += groups
        return count <= 8
    }

    private var result: UInt128? {
        guard let gap else { return count == 8 ? value : nil }
        guard count < 8 else { return nil }
        let behind = 16 * (count - gap)
        let tail = value & ((1 << behind) &- 1)
        // With nothing in front of the gap this shifts by 128 bits, which leaves zero.
        return (value >> behind) << (16 * (8 - gap)) | tail
    }

    private static func isColon(_ text: Span<UInt8>, _ index: Int) -> Bool {
        text[index] == UInt8(ascii: ":")
    }

    private static func hexDigit(_ character: UInt8) -> UInt32? {
        switch character {
        case 48...57: UInt32(character) - 48
        case 0x41...0x46, 0x61...0x66: UInt32(character | 0x20) - 0x61 + 10
        default: nil
        }
    }
}

// MARK: - Writing

extension IPAddress {
    /// RFC 5952 §4.2: the longest run of zero groups, the first of equals, becomes `::`.
    private static func text(of groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        func join(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard best.count > 1 else { return join(groups[...]) }  // §4.2.2: never for one group
        return join(groups[..<best.lowerBound]) + "::" + join(groups[best.upperBound...])
    }
}

/// The longest IPv6 text with an IPv4 ending (45), and a ten-digit scope behind a percent sign.
@usableFromInline let longestText = 56
