/// Picture sizes that a format can have: `a=imageattr:<payload type> send|recv <sizes> …`.
///
/// RFC 6236 §3.1.
public struct ImageAttribute: SDPTypedAttribute {
    public static let name = "imageattr"

    /// The payload type; nil stands for `*`, all of them.
    public var payloadType: UInt8?
    /// What whoever wrote it can send; nil when nothing is said.
    public var sent: Sizes?
    /// What whoever wrote it wants to receive; nil when nothing is said.
    public var received: Sizes?

    /// Sizes in both directions.
    public init(payloadType: UInt8?, sent: Sizes? = nil, received: Sizes? = nil) {
        self.payloadType = payloadType
        self.sent = sent
        self.received = received
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        if !scanner.takeField(UInt8(ascii: "*")) {
            payloadType = try scanner.number(in: 0...127, "a payload type or *")
        }
        repeat {
            let place = scanner
            switch try scanner.field("send or recv") {
            case "send" where sent == nil: sent = try Sizes(&scanner)
            case "recv" where received == nil: received = try Sizes(&scanner)
            default: throw place.failure("send or recv, each once")
            }
        } while !scanner.isAtEnd
    }

    public var value: String {
        let parts = [
            payloadType.map { String($0) } ?? "*",
            sent.map { "send \($0.text)" },
            received.map { "recv \($0.text)" },
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}

extension ImageAttribute {
    /// Sizes of one direction.
    public enum Sizes: Hashable, Sendable {
        /// `*`: whatever the format can have.
        case any
        /// These, each with what it is worth.
        case sizes([Size])
    }

    /// One size, or a range of them.
    public struct Size: Hashable, Sendable {
        /// Pixels in a row.
        public var width: Extent
        /// Rows.
        public var height: Extent
        /// What follows: `sar`, `par`, `q` and what nobody here knows.
        public var parameters: [FormatParametersAttribute.Parameter]

        /// A size from its fields.
        public init(
            width: Extent,
            height: Extent,
            parameters: [FormatParametersAttribute.Parameter] = []
        ) {
            self.width = width
            self.height = height
            self.parameters = parameters
        }

        /// How much the size is liked, 0 to 1 (RFC 6236 §3.1.1: 0.5 when not said).
        public var preference: Double {
            let value = parameters.first { $0.name == "q" }?.value
            guard let text = value, let number = Double(text), 0...1 ~= number else { return 0.5 }
            return number
        }
    }

    /// Pixels in one dimension.
    public enum Extent: Hashable, Sendable {
        case exactly(UInt32)
        case range(from: UInt32, through: UInt32, step: UInt32?)
        case oneOf([UInt32])
    }
}

// MARK: - Text

extension ImageAttribute.Sizes {
    fileprivate init(_ scanner: inout FieldScanner) throws(SDPError) {
        guard !scanner.takeField(UInt8(ascii: "*")) else {
            self = .any
            return
        }
        var sizes: [ImageAttribute.Size] = []
        repeat {
            sizes.append(try ImageAttribute.Size(&scanner))
        } while scanner.nextByte == UInt8(ascii: "[")
        self = .sizes(sizes)
    }

    fileprivate var text: String {
        switch self {
        case .any: "*"
        case .sizes(let sizes): sizes.map(\.text).joined(separator: " ")
        }
    }
}

extension ImageAttribute.Size {
    fileprivate init(_ scanner: inout FieldScanner) throws(SDPError) {
        scanner.skipSpaces()
        guard scanner.consume("[x=") else { throw scanner.failure("[x=") }
        width = try ImageAttribute.Extent(&scanner)
        guard scanner.consume(",y=") else { throw scanner.failure(",y=") }
        height = try ImageAttribute.Extent(&scanner)
        parameters = []
        while scanner.take(UInt8(ascii: ",")) {
            let name = try scanner.characters("a parameter's name", where: isLetter)
            guard scanner.take(UInt8(ascii: "=")) else { throw scanner.failure("=") }
            parameters.append(.init(name, try Self.value(&scanner)))
        }
        guard scanner.take(UInt8(ascii: "]")) else { throw scanner.failure("]") }
    }

    /// A parameter's value: a number, or several in brackets.
    private static func value(_ scanner: inout FieldScanner) throws(SDPError) -> String {
        guard scanner.take(UInt8(ascii: "[")) else {
            return try scanner.characters("a number", where: isNumberCharacter)
        }
        let list = try scanner.characters("numbers") { byte in
            isNumberCharacter(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-")
        }
        guard scanner.take(UInt8(ascii: "]")) else { throw scanner.failure("]") }
        return "[\(list)]"
    }

    fileprivate var text: String {
        "[x=\(width.text),y=\(height.text)\(parameters.map { ",\($0.text)" }.joined())]"
    }
}

extension ImageAttribute.Extent {
    fileprivate init(_ scanner: inout FieldScanner) throws(SDPError) {
        guard scanner.take(UInt8(ascii: "[")) else {
            self = .exactly(try scanner.digits("pixels"))
            return
        }
        let first = try scanner.digits("pixels")
        if scanner.take(colon) {
            let second = try scanner.digits("pixels or a step")
            if scanner.take(colon) {
                self = .range(from: first, through: try scanner.digits("pixels"), step: second)
            } else {
                self = .range(from: first, through: second, step: nil)
            }
        } else {
            var values = [first]
            while scanner.take(UInt8(ascii: ",")) { values.append(try scanner.digits("pixels")) }
            self = .oneOf(values)
        }
        guard scanner.take(UInt8(ascii: "]")) else { throw scanner.failure("]") }
    }

    fileprivate var text: String {
        switch self {
        case .exactly(let value): String(value)
        case .range(let first, let last, nil): "[\(first):\(last)]"
        case .range(let first, let last, let step?): "[\(first):\(step):\(last)]"
        case .oneOf(let values): "[\(values.map { String($0) }.joined(separator: ","))]"
        }
    }
}

extension FieldScanner {
    /// The digits that come next as a number.
    fileprivate mutating func digits(
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> UInt32 {
        let place = self
        let text = try characters(expectation) { 0x30...0x39 ~= $0 }
        guard let number = UInt32(digits: text.utf8) else { throw place.failure(expectation) }
        return number
    }
}

private func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

private func isNumberCharacter(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || byte == UInt8(ascii: ".")
}
