/// What one peer tells the other, in the one form that all the variants of the field come down to.
///
/// ```swift
/// let message = try SignalingMessage(parsing: #"{"type":"offer","id":"left","sdp":"v=0…"}"#)
/// switch message.content {
/// case .offer(let sdp): answer(sdp, to: message.sender)
/// case .register, .answer, .candidate, .disconnect, .error: break
/// }
/// ```
public struct SignalingMessage: Hashable, Sendable {
    /// What the message says.
    public enum Content: Hashable, Sendable {
        /// The sender wants its id.
        case register
        case offer(String)
        case answer(String)
        /// A candidate line without `a=`, and the section it belongs to; an empty line ends them.
        case candidate(String, mid: String?)
        /// The sender has hung up.
        case disconnect
        case error(code: SignalingErrorCode, text: String)
    }

    /// What the message says.
    public var content: Content
    /// Who it comes from; nil when the server speaks.
    public var sender: String?
    /// Who it is for; nil when it is for the server, or comes from it.
    public var target: String?

    public init(_ content: Content, from sender: String? = nil, to target: String? = nil) {
        self.content = content
        self.sender = sender
        self.target = target
    }

    /// Reads a text message in any of the forms seen in the field.
    public init(parsing text: String, limits: JSONLimits = .init()) throws(SignalingParseError) {
        try self.init(SignalingEnvelope(parsing: text, limits: limits))
    }

    /// Reads what is inside an envelope.
    public init(_ envelope: SignalingEnvelope) throws(SignalingParseError) {
        sender = envelope.sender
        target = envelope.target
        let fields = envelope.fields
        switch envelope.kind {
        case .register: content = .register
        case .disconnect: content = .disconnect
        case .offer: content = .offer(try Description(of: "offer", in: fields).sdp)
        case .answer: content = .answer(try Description(of: "answer", in: fields).sdp)
        case .sdp: content = try Description(of: "sdp", in: fields).content()
        case .candidate: content = try Self.candidate(in: fields)
        case .error:
            let code = fields["code"]?.stringOrNumber ?? "error"
            content = .error(
                code: SignalingErrorCode(rawValue: code),
                text: fields["message"]?.string ?? ""
            )
        }
    }

    /// The message as it is sent, with `id` and `targetId`.
    public var envelope: SignalingEnvelope {
        switch content {
        case .register: wrap(.register, [])
        case .offer(let sdp): wrap(.offer, [("sdp", .string(sdp))])
        case .answer(let sdp): wrap(.answer, [("sdp", .string(sdp))])
        case .candidate(let line, let mid):
            wrap(
                .candidate,
                [("candidate", .string(line))] + (mid.map { [("mid", .string($0))] } ?? [])
            )
        case .disconnect: wrap(.disconnect, [])
        case .error(let code, let text):
            wrap(.error, [("code", .string(code.rawValue)), ("message", .string(text))])
        }
    }

    private func wrap(
        _ kind: SignalingEnvelope.Kind,
        _ fields: [(name: String, value: JSONValue)]
    ) -> SignalingEnvelope {
        SignalingEnvelope(kind, from: sender, to: target, fields)
    }
}

// MARK: - Variants

extension SignalingMessage {
    /// `candidate` is the line beside `mid`, or an object as browsers print it.
    private static func candidate(
        in fields: JSONObject
    ) throws(SignalingParseError) -> Content {
        switch fields["candidate"] {
        case .string(let line):
            return .candidate(withoutPrefix(line), mid: mid(in: fields))
        case .object(let inner):
            guard let line = inner["candidate"]?.string else {
                throw .missing(field: "candidate", of: "candidate")
            }
            return .candidate(withoutPrefix(line), mid: mid(in: inner) ?? mid(in: fields))
        // W3C: a null candidate says that there are no more.
        case .null: return .candidate("", mid: mid(in: fields))
        case .boolean, .number, .array, nil:
            throw .missing(field: "candidate", of: "candidate")
        }
    }

    private static func mid(in fields: JSONObject) -> String? {
        fields["mid"]?.stringOrNumber ?? fields["sdpMid"]?.stringOrNumber
    }

    private static func withoutPrefix(_ line: String) -> String {
        line.hasPrefix("a=") ? String(line.dropFirst(2)) : line
    }
}

/// A description in the field `sdp`, and what it says about its own type.
private struct Description {
    let sdp: String
    private let type: String?
    private let version: Character?

    /// `sdp` is the text itself or an object `{type, sdp}` as browsers print it.
    init(of kind: String, in fields: JSONObject) throws(SignalingParseError) {
        let value = fields["sdp"] ?? fields["description"] ?? fields[kind]
        let raw: String
        switch value {
        case .string(let text):
            raw = text
            type = fields["sdpType"]?.string ?? fields["descriptionType"]?.string
        case .object(let inner):
            guard let text = inner["sdp"]?.string else { throw .missing(field: "sdp", of: kind) }
            raw = text
            type = inner["type"]?.string
        case .null, .boolean, .number, .array, nil: throw .missing(field: "sdp", of: kind)
        }
        (sdp, version) = Self.normalized(raw)
    }

    func content() throws(SignalingParseError) -> SignalingMessage.Content {
        switch type?.lowercased() ?? version.flatMap({ Self.types[$0] }) {
        case "offer": .offer(sdp)
        case "answer": .answer(sdp)
        default: throw .unknownDescriptionType
        }
    }

    /// RFC 8866 §5.1 knows `v=0` alone; programs in the field number the offerer 1 and the answerer 2.
    private static func normalized(_ sdp: String) -> (String, version: Character?) {
        let bytes = Array(sdp.utf8.prefix(4))
        guard bytes.count >= 3, bytes[0] == UInt8(ascii: "v"), bytes[1] == UInt8(ascii: "="),
            bytes[2] == UInt8(ascii: "1") || bytes[2] == UInt8(ascii: "2"),
            bytes.count == 3 || bytes[3] == 13 || bytes[3] == 10
        else { return (sdp, nil) }
        let rest = sdp.utf8.dropFirst(3)
        return ("v=0" + String(decoding: rest, as: UTF8.self), Character(Unicode.Scalar(bytes[2])))
    }

    private static let types: [Character: String] = ["1": "offer", "2": "answer"]
}
