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
        var copy = self
        copy.skipSpaces()
        return SDPError(.expected(expectation), line: line, column: copy.column)
    }

    /// The next field; nil at the end.
    mutating func next() -> String? {
        next(until: space).map { String(decoding: text[$0], as: UTF8.self) }
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
        return String(decoding: text[field], as: UTF8.self)
    }

    /// The next field as a decimal number of `range`, which `separator` may end.
    mutating func number<Number: FixedWidthInteger>(
        until separator: UInt8 = space,
        in range: ClosedRange<Number>,
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> Number {
        let start = self
        guard
            let field = next(until: separator),
            let number = Number(digits: text[field]),
            range.contains(number)
        else { throw start.failure(expectation) }
        return number
    }

    /// The next field without moving.
    func peek() -> String? {
        var copy = self
        return copy.next()
    }

    /// Whether the next field holds `byte`.
    func nextContains(_ byte: UInt8) -> Bool {
        var copy = self
        return copy.next(until: space).map { text[$0].contains(byte) } ?? false
    }

    /// All that is left; nil if that is nothing.
    mutating func remainder() -> String? {
        skipSpaces()
        guard position < end else { return nil }
        defer { position = end }
        return String(decoding: text[position..<end], as: UTF8.self)
    }

    /// Passes over `prefix` if that is what comes next.
    mutating func consume(_ prefix: StaticString) {
        let expected = prefix.description.utf8
        if text[position..<end].starts(with: expected) { position += expected.count }
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

    private mutating func skipSpaces() {
        guard !isStrict else { return }
        while position < end, text[position] == space { position &+= 1 }
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
