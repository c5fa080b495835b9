extension IPAddress: LosslessStringConvertible {
    /// Reads dotted IPv4 or any RFC 4291 §2.2 form of IPv6, with a numeric `%scope` behind it.
    public init?(_ text: some StringProtocol) {
        let characters = Array(text.utf8.prefix(64))
        guard characters.count <= longestText else { return nil }
        if characters.contains(UInt8(ascii: ":")) {
            self.init(v6Text: characters[...])
        } else {
            guard let number = IPAddress.parseV4(characters[...]) else { return nil }
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

// MARK: - IPv4

extension IPAddress {
    /// Four decimal numbers; a leading zero is refused, because some systems read it as octal.
    private static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let value = decimal(part), value <= 255 else { return nil }
            guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            number = number << 8 | value
        }
        return number
    }

    private static func decimal(_ text: ArraySlice<UInt8>) -> UInt32? {
        guard (1...10).contains(text.count) else { return nil }
        var value: UInt64 = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            value = value * 10 + UInt64(character - UInt8(ascii: "0"))
        }
        return UInt32(exactly: value)
    }
}

// MARK: - IPv6

extension IPAddress {
    private init?(v6Text text: ArraySlice<UInt8>) {
        var address = text
        var scope: UInt32 = 0
        if let mark = text.firstIndex(of: UInt8(ascii: "%")) {
            address = text[..<mark]
            guard let value = IPAddress.decimal(text[(mark + 1)...]) else { return nil }
            scope = value
        }
        guard let groups = IPAddress.parseGroups(address) else { return nil }
        let halves = [groups[..<4], groups[4...]].map { half in
            half.reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        }
        self.init(v6High: halves[0], low: halves[1], scope: scope)
    }

    /// Eight groups, or fewer with one `::` where the missing ones are zero.
    private static func parseGroups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            guard let groups = parseRun(text), groups.count == 8 else { return nil }
            return groups
        }
        guard
            let left = parseRun(text[..<gap], mayEndInV4: false),
            let right = parseRun(text[(gap + 2)...]),
            left.count + right.count < 8
        else { return nil }
        return left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// Groups between single colons; the last may be a dotted IPv4 address.
    private static func parseRun(_ text: ArraySlice<UInt8>, mayEndInV4: Bool = true) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let number = parseV4(part) {
                groups.append(UInt16(truncatingIfNeeded: number >> 16))
                groups.append(UInt16(truncatingIfNeeded: number))
            } else {
                guard let group = hexadecimal(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        guard text.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 || (48...57) ~= $0 })
        else { return nil }
        return UInt16(String(decoding: text, as: UTF8.self), radix: 16)
    }

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
private let longestText = 56
