/// The outside of a signaling message: its type and its addresses, with every field as it came.
///
/// A server reads no more than this; what a message says is between its peers.
public struct SignalingEnvelope: Hashable, Sendable {
    /// The kinds of message that programs in the field send.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case register, offer, answer, candidate, disconnect
        /// A description that says itself whether it is an offer or an answer.
        case sdp
        /// From a server only.
        case error
    }

    /// Which pair of fields a program uses for addresses.
    public enum AddressStyle: Hashable, Sendable {
        case idAndTargetID
        case fromAndTo

        /// The field with the sender's id.
        public var senderField: String {
            switch self {
            case .idAndTargetID: "id"
            case .fromAndTo: "from"
            }
        }

        /// The field with the target's id.
        public var targetField: String {
            switch self {
            case .idAndTargetID: "targetId"
            case .fromAndTo: "to"
            }
        }
    }

    /// What the message is.
    public let kind: Kind
    /// How it writes addresses.
    public let style: AddressStyle
    /// All fields in their order.
    public private(set) var fields: JSONObject

    /// Reads a text message.
    public init(parsing text: String, limits: JSONLimits = .init()) throws(SignalingParseError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text, limits: limits)
        } catch {
            throw .notJSON(error)
        }
        guard let object = value.object else { throw .notAnObject }
        guard let type = object["type"]?.string else { throw .typeMissing }
        guard let kind = Kind(rawValue: type) else { throw .unknownType(type) }
        self.kind = kind
        fields = object
        style = Self.style(of: object)
        for name in [style.senderField, style.targetField] {
            guard object[name] == nil || object[name]?.string != nil else {
                throw .addressNotText(field: name)
            }
        }
    }

    /// A message of our own.
    public init(
        _ kind: Kind,
        from sender: String? = nil,
        to target: String? = nil,
        style: AddressStyle = .idAndTargetID,
        _ content: [(name: String, value: JSONValue)] = []
    ) {
        self.kind = kind
        self.style = style
        fields = ["type": .string(kind.rawValue)]
        fields[style.senderField] = sender.map(JSONValue.string)
        fields[style.targetField] = target.map(JSONValue.string)
        for field in content { fields[field.name] = field.value }
    }

    /// The id that the message claims to come from.
    public var sender: String? { fields[style.senderField]?.string }

    /// The id that the message is for.
    public var target: String? { fields[style.targetField]?.string }

    /// Replaces the sender, in every field that names one.
    public mutating func setSender(_ id: String) {
        fields[style.senderField] = .string(id)
        for style in [AddressStyle.idAndTargetID, .fromAndTo] where style != self.style {
            if fields[style.senderField] != nil { fields[style.senderField] = .string(id) }
        }
    }

    /// The message as JSON text.
    public var text: String { fields.text }

    /// `from` and `to` only where neither `id` nor `targetId` is there.
    private static func style(of object: JSONObject) -> AddressStyle {
        if object["targetId"] != nil { return .idAndTargetID }
        if object["to"] != nil { return .fromAndTo }
        return object["id"] == nil && object["from"] != nil ? .fromAndTo : .idAndTargetID
    }
}

/// Why a text is no signaling message.
public enum SignalingParseError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    case notAnObject
    case typeMissing
    case unknownType(String)
    case addressNotText(field: String)
    /// A field that this type of message must have.
    case missing(field: String, of: String)
    /// A description that does not say whether it is an offer or an answer.
    case unknownDescriptionType

    /// The word for a program.
    public var code: SignalingErrorCode {
        switch self {
        case .unknownType: .unknownType
        case .notJSON, .notAnObject, .typeMissing, .addressNotText, .missing,
            .unknownDescriptionType:
            .malformed
        }
    }
}

extension SignalingParseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let error): "This is not JSON (\(error)); send one JSON object a message."
        case .notAnObject:
            "A message is a JSON object, as in {\"type\":\"register\",\"id\":\"left\"}."
        case .typeMissing:
            "The field \"type\" is missing; it is register, offer, answer, candidate or disconnect."
        case .unknownType(let type):
            "\"\(type.prefix(40))\" is no known type; "
                + "use register, offer, answer, candidate or disconnect."
        case .addressNotText(let field): "The field \"\(field)\" must be a string."
        case .missing(let field, let type): "The field \"\(field)\" of this \(type) is missing."
        case .unknownDescriptionType:
            "The description does not say whether it is an offer or an answer; "
                + "use the type offer or answer."
        }
    }
}
