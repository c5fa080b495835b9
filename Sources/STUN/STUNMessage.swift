public import Wire

/// A STUN message with its attributes, for programs that build and read them at leisure.
///
/// ```swift
/// let request = STUNMessage(.request, id: id, attributes: [.software("example")])
/// let bytes = try request.write()
/// ```
public struct STUNMessage: Hashable, Sendable {
    /// What the message is for.
    public var messageClass: STUNClass
    /// Which procedure it belongs to.
    public var method: STUNMethod
    /// What ties request and response together.
    public var transactionID: STUNTransactionID
    /// All attributes that count, in order, unknown ones too.
    public var attributes: [STUNAttribute]

    /// A message of these parts.
    public init(
        _ messageClass: STUNClass,
        _ method: STUNMethod = .binding,
        id: STUNTransactionID,
        attributes: [STUNAttribute] = []
    ) {
        self.messageClass = messageClass
        self.method = method
        transactionID = id
        self.attributes = attributes
    }

    /// Reads one whole message.
    public init(parsing bytes: Span<UInt8>) throws(ParseError) {
        let packet = try STUNPacket(parsing: bytes)
        messageClass = packet.messageClass
        method = packet.method
        transactionID = packet.transactionID
        var attributes: [STUNAttribute] = []
        var places: [(STUNAttributeType, Range<Int>)] = []
        packet.forEachAttribute(in: bytes) { places.append(($0, $1)) }
        for (type, range) in places {
            let value = bytes.extracting(range)
            attributes.append(STUNAttribute(type, value: value, id: packet.transactionID))
        }
        self.attributes = attributes
    }

    /// The message's bytes exactly as its attributes say, closing ones included.
    public func write() throws(WriteError) -> [UInt8] {
        try write { writer throws(WriteError) in try STUNWriter.finishPlain(to: &writer) }
    }

    /// The message's bytes, signed with `key` and closed by FINGERPRINT.
    public func write(signedWith key: STUNKey) throws(WriteError) -> [UInt8] {
        try write { writer throws(WriteError) in try STUNWriter.finish(key: key, to: &writer) }
    }

    private func write(
        _ close: (inout SpanWriter) throws(WriteError) -> Void
    ) throws(WriteError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: headerLength + 65_536)
        var writer = SpanWriter(bytes.mutableSpan)
        try STUNWriter.begin(messageClass, method, id: transactionID, to: &writer)
        for attribute in attributes {
            try attribute.write(id: transactionID, to: &writer)
        }
        try close(&writer)
        // A copy of its own size: the room for the largest message goes back.
        return [UInt8](copying: writer.written)
    }
}
