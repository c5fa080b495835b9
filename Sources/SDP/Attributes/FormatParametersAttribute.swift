/// Parameters of one format: `a=fmtp:<format> <parameters>` (RFC 8866 §6.15).
///
/// Most formats use `name=value` pairs separated by semicolons; what is no pair, such as the
/// `0-16` of telephone-event or the `111/111` of red, is a parameter without value.
public struct FormatParametersAttribute: SDPTypedAttribute {
    public static let name = "fmtp"

    /// One parameter.
    public struct Parameter: Hashable, Sendable {
        /// What stands before the equals sign.
        public var name: String
        /// What stands behind it; nil without equals sign.
        public var value: String?

        /// A parameter from its parts.
        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The format, for RTP a payload type.
    public var format: String
    /// The parameters, in order.
    public var parameters: [Parameter]

    /// Parameters of a format.
    public init(format: String, parameters: [Parameter] = []) {
        self.format = format
        self.parameters = parameters
    }

    /// Parameters of an RTP payload type.
    public init(payloadType: UInt8, parameters: [Parameter] = []) {
        self.init(format: String(payloadType), parameters: parameters)
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        format = try scanner.field("a format")
        let place = scanner
        parameters = scanner.parameters()
        guard !parameters.isEmpty else { throw place.failure("format parameters") }
    }

    public var value: String {
        "\(format) \(parameters.map(\.text).joined(separator: ";"))"
    }

    /// The payload type; nil when the format is something else.
    public var payloadType: UInt8? { UInt8(digits: format.utf8).flatMap { $0 < 128 ? $0 : nil } }

    /// The value of a parameter, whose name may be in upper or lower case; nil removes it.
    public subscript(name: String) -> String? {
        get {
            let wanted = name.lowercased()
            return parameters.first { $0.name.lowercased() == wanted }?.value
        }
        set {
            let wanted = name.lowercased()
            let place = parameters.firstIndex { $0.name.lowercased() == wanted }
            parameters.removeAll { $0.name.lowercased() == wanted }
            guard let newValue else { return }
            parameters.insert(Parameter(name, newValue), at: place ?? parameters.endIndex)
        }
    }
}

extension FormatParametersAttribute.Parameter {
    /// The parameter as it is written.
    var text: String { value.map { "\(name)=\($0)" } ?? name }
}
