/// Reads fields separated by spaces from one value, front to back, and knows where it is.
struct FieldScanner {
    // A copy, because indices of an array cost a fraction of those of a string.
    private let text: [UInt8]
    private var position = 0
    private let end: Int
    private let line: Int
    private let firstColumn: Int
    private let isStrict: Bool

    /// Starts at the first byte of `value`, which stands at `column` of `line`.
    ///
    /// Strict scanning takes one space between two fields, tolerant scanning takes any number.
    init(_ value: String, line: Int = 1, column: Int = 1, isStrict: Bool = false) {
        text = Array(value.utf8)
        self.line = line
        firstColumn = column
        self.isStrict = isStrict
        var end = text.count
        while !isStrict, end > 0, text[end - 1] == space { end -= 1 }
        self.end = end
    }

    /// Where the next field begins, counted from 1.
    var column: Int { firstColumn + position }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == end }

    /// The error that says what the next field should be.
    func failure(_ expectation: SDPError.Expectation) -> SDPError {
        failure(expectation, at: position)
    }

    private func failure(_ expectation: SDPError.Expectation, at position: Int) -> SDPError {
        var place = position
        while !isStrict, place < end, text[place] == space { place &+= 1 }
        return SDPError(.expected(expectation), line: line, column: firstColumn + place)
    }

    /// The next field; nil at the end.
    mutating func next() -> String? {
        next(until: space).map { string($0) }
    }

    /// The next field.
    mutating func field(_ expectation: SDPError.Expectation) throws(SDPError) -> String {
        try field(until: space, expectation)
    }

    /// What stands before `separator`, a space or the end; the separator is passed over.
    mutating func field(
        until separator: UInt8,
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> String {
        guard let field = next(until: separator) else { throw failure(expectation) }
        return string(field)
    }

    /// The next field as a decimal number of `range`, which `separator` may end.
    mutating func number<Number: FixedWidthInteger>(
        until separator: UInt8 = space,
        in range: ClosedRange<Number>,
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> Number {
        let start = position
        guard
            let field = next(until: separator),
            let number = Number(digits: text[field]),
            range.contains(number)
        else { throw failure(expectation, at: start) }
        return number
    }

    /// The next field as one of the words that `choice` knows.
    mutating func choice<Choice>(
        _ expectation: SDPError.Expectation,
        _ choice: (String) -> Choice?
    ) throws(SDPError) -> Choice {
        let start = position
        guard let choice = choice(try field(expectation)) else {
            throw failure(expectation, at: start)
        }
        return choice
    }

    /// The first byte of the next field, without moving; nil at the end.
    var nextByte: UInt8? {
        var place = position
        while !isStrict, place < end, text[place] == space { place &+= 1 }
        return place < end ? text[place] : nil
    }

    /// Passes over the next field if it is `byte` and nothing else.
    mutating func takeField(_ byte: UInt8) -> Bool {
        skipSpaces()
        guard position < end, text[position] == byte,
            position &+ 1 == end || text[position &+ 1] == space
        else { return false }
        position &+= 1
        if isStrict, position < end { position &+= 1 }
        return true
    }

    /// Whether the next field holds `byte`.
    func nextContains(_ byte: UInt8) -> Bool {
        var place = position
        while !isStrict, place < end, text[place] == space { place &+= 1 }
        while place < end, text[place] != space {
            if text[place] == byte { return true }
            place &+= 1
        }
        return false
    }

    /// What stands before `separator` or the end, spaces included; may be nothing.
    mutating func text(until separator: UInt8) -> String {
        let start = position
        while position < end, text[position] != separator { position &+= 1 }
        return string(start..<position)
    }

    /// All that is left, spaces included; may be nothing.
    mutating func rest() -> String {
        defer { position = end }
        return string(position..<end)
    }

    /// All that is left as `name=value` or `name`, separated by semicolons; what has no name is
    /// passed over.
    mutating func parameters() -> [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        while position < end {
            let start = position
            while position < end, text[position] != UInt8(ascii: ";") { position &+= 1 }
            let whole = start..<position
            position = min(position &+ 1, end)
            let mark = text[whole].firstIndex(of: UInt8(ascii: "=")) ?? whole.upperBound
            let name = trimmed(start..<mark)
            guard !name.isEmpty else { continue }
            var parameter = FormatParametersAttribute.Parameter(string(name))
            if mark < whole.upperBound {
                parameter.value = string(trimmed(mark &+ 1..<whole.upperBound))
            }
            list.append(parameter)
        }
        return list
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, text[start] == space { start &+= 1 }
        while end > start, text[end &- 1] == space { end &-= 1 }
        return start..<end
    }

    /// All that is left; nil if that is nothing.
    mutating func remainder() -> String? {
        skipSpaces()
        guard position < end else { return nil }
        defer { position = end }
        return string(position..<end)
    }

    /// Passes over `prefix` if that is what comes next.
    @discardableResult
    mutating func consume(_ prefix: String) -> Bool {
        let expected = prefix.utf8
        guard position < end, text[position] == expected.first,
            text[position..<end].starts(with: expected)
        else { return false }
        position += expected.count
        return true
    }

    /// Passes over `byte` if that is what comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, text[position] == byte else { return false }
        position &+= 1
        return true
    }

    /// The characters of a token that come next (RFC 8866 §9); a comma or space ends it.
    mutating func token(_ expectation: SDPError.Expectation) throws(SDPError) -> String {
        try characters(expectation) { isTokenCharacter($0) }
    }

    /// The characters that come next and of which `isPart` is true; fails if there is none.
    mutating func characters(
        _ expectation: SDPError.Expectation,
        where isPart: (UInt8) -> Bool
    ) throws(SDPError) -> String {
        skipSpaces()
        let start = position
        while position < end, isPart(text[position]) { position &+= 1 }
        guard position > start else { throw failure(expectation) }
        return string(start..<position)
    }

    /// The next field as base64 (RFC 8866 §9), which is not decoded.
    mutating func base64(_ expectation: SDPError.Expectation) throws(SDPError) -> String {
        let start = position
        guard let field = next(until: space) else { throw failure(expectation) }
        let padding = text[field].reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text[field].dropLast(padding)
        guard padding <= 2, field.count % 4 == 0, digits.allSatisfy(isICECharacter) else {
            throw failure(expectation, at: start)
        }
        return string(field)
    }

    /// The next field as a decimal number above 0.
    mutating func decimal(
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> PositiveDecimal {
        let start = position
        guard let field = next(until: space), let number = PositiveDecimal(text[field]) else {
            throw failure(expectation, at: start)
        }
        return number
    }

    /// Fails if anything is left.
    mutating func finish(_ expectation: SDPError.Expectation = "nothing more") throws(SDPError) {
        skipSpaces()
        guard isAtEnd else { throw failure(expectation) }
    }

    private mutating func next(until separator: UInt8) -> Range<Int>? {
        skipSpaces()
        let start = position
        while position < end, text[position] != space, text[position] != separator {
            position &+= 1
        }
        guard position > start else { return nil }
        let field = start..<position
        if position < end, separator != space || isStrict { position &+= 1 }
        return field
    }

    /// Passes over spaces where they are forgiven.
    mutating func skipSpaces() {
        guard !isStrict else { return }
        while position < end, text[position] == space { position &+= 1 }
    }
}

/// RFC 8866 §9: the characters of a token.
func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x23...0x27, 0x2A...0x2B, 0x2D...0x2E, 0x30...0x39, 0x41...0x5A, 0x5E...0x7E: true
    default: false
    }
}

extension FixedWidthInteger {
    /// A number from decimal digits and nothing else; nil when it does not fit.
    init?(digits: some Sequence<UInt8>) {
        var value: Self = 0
        var isEmpty = true
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Self(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
            isEmpty = false
        }
        guard !isEmpty else { return nil }
        self = value
    }
}
