/// A restricted encoding: `a=rid:<id> send|recv [pt=<formats>;<restriction>=<value>;…]`.
///
/// RFC 8851 §10.
public struct RIDAttribute: SDPTypedAttribute {
    public static let name = "rid"

    /// The encoding's id.
    public var id: String
    /// Whether whoever wrote it sends the encoding (or receives it).
    public var isSent: Bool
    /// The formats it may have; empty means any.
    public var formats: [String]
    /// What else holds for it, such as `max-width=1280`.
    public var restrictions: [FormatParametersAttribute.Parameter]

    /// An encoding from its fields.
    public init(
        id: String,
        isSent: Bool,
        formats: [String] = [],
        restrictions: [FormatParametersAttribute.Parameter] = []
    ) {
        self.id = id
        self.isSent = isSent
        self.formats = formats
        self.restrictions = restrictions
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        id = try scanner.field("an encoding's id")
        isSent = try scanner.choice("send or recv") { word in
            switch word {
            case "send": true
            case "recv": false
            default: nil
            }
        }
        formats = []
        restrictions = []
        for parameter in scanner.parameters() {
            if parameter.name == "pt", let list = parameter.value {
                formats = list.utf8.split { $0 == UInt8(ascii: ",") || $0 == space }
                    .map { String(Substring($0)) }
            } else {
                restrictions.append(parameter)
            }
        }
    }

    public var value: String {
        var parts: [String] = formats.isEmpty ? [] : ["pt=\(formats.joined(separator: ","))"]
        parts += restrictions.map(\.text)
        let suffix = parts.isEmpty ? "" : " \(parts.joined(separator: ";"))"
        return "\(id) \(isSent ? "send" : "recv")\(suffix)"
    }
}
