// The lines before the first media section (RFC 8866 §5).
extension DescriptionParser {
    /// Takes a line of the session; false if it must be kept as an extra line.
    mutating func takeSessionLine(
        _ type: UInt8,
        value: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(SDPError) -> Bool {
        guard let rank = sessionRank(of: type) else {
            try note(.unknownLine(Unicode.Scalar(type)))
            return false
        }
        seen.hasKnownLine = true
        guard try admit(type, rank: rank, isRepeatable: isRepeatable(type)) else { return false }
        let value = try text(value, in: bytes)
        switch type {
        case UInt8(ascii: "v"): return try takeVersion(value)
        case UInt8(ascii: "o"): try takeOrigin(value)
        case UInt8(ascii: "s"): session.name = value
        case UInt8(ascii: "i"): session.information = value
        case UInt8(ascii: "u"): session.contact.uri = value
        case UInt8(ascii: "e"): session.contact.emails.append(value)
        case UInt8(ascii: "p"): session.contact.phones.append(value)
        case UInt8(ascii: "c"):
            guard let connection = try connection(value) else { return false }
            session.connection = connection
        case UInt8(ascii: "b"):
            guard let limit = try bandwidth(value) else { return false }
            session.bandwidths.append(limit)
        case UInt8(ascii: "t"): try takeTime(value)
        case UInt8(ascii: "r"), UInt8(ascii: "z"): return try takeTimeDetail(type, value)
        default: return false  // RFC 8866 §5.12: k= is obsolete and only kept.
        }
        return true
    }

    /// Notes a line out of order; false for a second line of a type that comes once.
    mutating func admit(
        _ type: UInt8,
        rank: Int,
        isRepeatable: Bool
    ) throws(SDPError) -> Bool {
        guard seen.insert(type) || isRepeatable else {
            try note(.repeatedLine(Unicode.Scalar(type)))
            return false
        }
        if rank < seen.rank { try note(.misplacedLine(Unicode.Scalar(type))) }
        seen.rank = max(seen.rank, rank)
        return true
    }

    /// Notes what RFC 8866 §5 requires of the session and is not there.
    mutating func noteMissingSessionLines() throws(SDPError) {
        for type in requiredLines where !seen.has(type) {
            try note(.missingLine(Unicode.Scalar(type)))
        }
        if session.times.isEmpty { session.times = [SDPDescription.TimeDescription()] }
    }

    /// Reads `<nettype> <addrtype> <address>`; nil when malformed.
    mutating func connection(_ value: String) throws(SDPError) -> ConnectionInformation? {
        var fields = FieldScanner(value, isStrict: mode == .strict)
        guard
            let networkType = fields.next(), let addressType = fields.next(),
            let address = fields.next(), fields.isAtEnd
        else {
            try note(.malformedLine("c"), column: 2 + fields.column)
            return nil
        }
        return ConnectionInformation(
            networkType: networkType,
            addressType: addressType,
            address: address
        )
    }

    /// Reads `<bwtype>:<bandwidth>`; nil when malformed.
    mutating func bandwidth(_ value: String) throws(SDPError) -> BandwidthLimit? {
        var fields = FieldScanner(value, isStrict: mode == .strict)
        do throws(SDPError) {
            return try BandwidthLimit(&fields)
        } catch {
            try note(.malformedLine("b"), column: 2 + error.column)
            return nil
        }
    }

    private mutating func takeVersion(_ value: String) throws(SDPError) -> Bool {
        guard let number = Int(digits: value.utf8) else {
            try note(.malformedLine("v"), column: 3)
            return true
        }
        if number != 0 { try note(.version(number), column: 3) }
        session.version = number
        return true
    }

    // RFC 8866 §5.2: six fields. A user name with spaces is understood, missing fields too.
    private mutating func takeOrigin(_ value: String) throws(SDPError) {
        var scanner = FieldScanner(value, isStrict: mode == .strict)
        var fields: [String] = []
        while let field = scanner.next() { fields.append(field) }
        if fields.count != 6 { try note(.malformedLine("o"), column: 2 + scanner.column) }
        if fields.count > 6 {
            let surplus = fields.count - 5
            fields.replaceSubrange(..<surplus, with: [fields[..<surplus].joined(separator: " ")])
        }
        fields.append(contentsOf: ["-", "0", "0", "IN", "IP4", "0.0.0.0"].dropFirst(fields.count))
        let numbers = fields[1...2].map(\.utf8)
        if numbers.contains(where: { $0.contains { !(48...57).contains($0) } }) {
            try note(.malformedLine("o"), column: 3)
        }
        session.origin.username = fields[0]
        session.origin.sessionID = fields[1]
        session.origin.sessionVersion = fields[2]
        session.origin.address = ConnectionInformation(
            networkType: fields[3],
            addressType: fields[4],
            address: fields[5]
        )
    }

    private mutating func takeTime(_ value: String) throws(SDPError) {
        var fields = FieldScanner(value, isStrict: mode == .strict)
        var time = SDPDescription.TimeDescription()
        do throws(SDPError) {
            time.start = try fields.number(in: 0...UInt64.max, "a start time")
            time.stop = try fields.number(in: 0...UInt64.max, "a stop time")
            try fields.finish()
        } catch {
            try note(.malformedLine("t"), column: 2 + error.column)
        }
        session.times.append(time)
    }

    /// r= and z= belong to the t= line before them.
    private mutating func takeTimeDetail(
        _ type: UInt8,
        _ value: String
    ) throws(SDPError) -> Bool {
        guard let last = session.times.indices.last else {
            try note(.misplacedLine(Unicode.Scalar(type)))
            return false
        }
        guard type == UInt8(ascii: "z") else {
            session.times[last].repeats.append(value)
            return true
        }
        guard session.times[last].zones == nil else {
            try note(.repeatedLine("z"))
            return false
        }
        session.times[last].zones = value
        return true
    }
}

/// The place of a line type in the order of RFC 8866 §5; nil for types it does not know.
private func sessionRank(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "v"): 0
    case UInt8(ascii: "o"): 1
    case UInt8(ascii: "s"): 2
    case UInt8(ascii: "i"): 3
    case UInt8(ascii: "u"): 4
    case UInt8(ascii: "e"): 5
    case UInt8(ascii: "p"): 6
    case UInt8(ascii: "c"): 7
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "z"): 9
    case UInt8(ascii: "k"): 10
    default: nil
    }
}

private func isRepeatable(_ type: UInt8) -> Bool {
    repeatableLines.contains(type)
}

private let repeatableLines: [UInt8] = Array("epbtrz".utf8)
/// RFC 8866 §5: each description has these.
private let requiredLines: [UInt8] = Array("vost".utf8)
