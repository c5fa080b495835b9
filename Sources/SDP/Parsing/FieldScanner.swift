/// Reads fields separated by spaces from one value, front to back, and knows where it is.
struct FieldScanner {
    private let text: String.UTF8View
    private var position: String.Index
    private let end: String.Index
    private let line: Int
    private let firstColumn: Int
    private let isStrict: Bool

    /// Starts at the first byte of `value`, which stands at `column` of `line`.
    ///
    /// Strict scanning takes one space between two fields, tolerant scanning takes any number.
    init(_ value: String, line: Int = 1, column: Int = 1, isStrict: Bool = false) {
        text = value.utf8
        position = text.startIndex
        self.line = line
        firstColumn = column
        self.isStrict = isStrict
        var end = text.endIndex
        while !isStrict, end > text.startIndex, text[text.index(before: end)] == space {
            end = text.index(before: end)
        }
        self.end = end
    }

    /// Where the next field begins, counted from 1.
    var column: Int { firstColumn + text.distance(from: text.startIndex, to: position) }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == end }

    /// The error that says what the next field should be.
    func failure(_ expectation: SDPError.Expectation) -> SDPError {
        var copy = self
        copy.skipSpaces()
        return SDPError(.expected(expectation), line: line, column: copy.column)
    }

    /// The next field; nil at the end.
    mutating func next() -> String? { next(until: space) }

    /// The next field.
    mutating func field(_ expectation: SDPError.Expectation) throws(SDPError) -> String {
        guard let field = next() else { throw failure(expectation) }
        return field
    }

    /// What stands before `separator`, a space or the end; the separator is passed over.
    mutating func field(
        until separator: UInt8,
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> String {
        guard let field = next(until: separator) else { throw failure(expectation) }
        return field
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
            let number = Number(digits: field.utf8),
            range.contains(number)
        else { throw start.failure(expectation) }
        return number
    }

    /// The next field without moving.
    func peek() -> String? {
        var copy = self
        return copy.next()
    }

    /// All that is left; nil if that is nothing.
    mutating func remainder() -> String? {
        skipSpaces()
        guard position < end else { return nil }
        defer { position = end }
        return String(Substring(text[position..<end]))
    }

    /// Passes over `byte` if it is the next.
    mutating func consume(_ byte: UInt8) -> Bool {
        guard position < end, text[position] == byte else { return false }
        position = text.index(after: position)
        return true
    }

    /// Passes over `prefix` if that is what comes next.
    mutating func consume(_ prefix: StaticString) -> Bool {
        let expected = prefix.description.utf8
        guard text[position..<end].starts(with: expected) else { return false }
        position = text.index(position, offsetBy: expected.count)
        return true
    }

    /// Fails if anything is left.
    mutating func finish(_ expectation: SDPError.Expectation = "nothing more") throws(SDPError) {
        skipSpaces()
        guard isAtEnd else { throw failure(expectation) }
    }

    private mutating func next(until separator: UInt8) -> String? {
        skipSpaces()
        let start = position
        while position < end, text[position] != space, text[position] != separator {
            position = text.index(after: position)
        }
        guard position > start else { return nil }
        let field = String(Substring(text[start..<position]))
        if position < end, separator != space || isStrict { position = text.index(after: position) }
        return field
    }

    private mutating func skipSpaces() {
        guard !isStrict else { return }
        while position < end, text[position] == space { position = text.index(after: position) }
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

let space = UInt8(ascii: " ")
let slash = UInt8(ascii: "/")
let colon = UInt8(ascii: ":")
