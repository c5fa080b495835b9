/// Encodings sent at once: `a=simulcast:send <list> recv <list>` (RFC 8853 §5.1).
///
/// A list has one entry for each stream, and each entry names the alternatives for it.
public struct SimulcastAttribute: SDPTypedAttribute {
    public static let name = "simulcast"

    /// One encoding that a stream may have.
    public struct Alternative: Hashable, Sendable {
        /// The id of an ``RIDAttribute``.
        public var rid: String
        /// Whether it starts paused.
        public var isPaused: Bool

        /// An alternative from its fields.
        public init(_ rid: String, isPaused: Bool = false) {
            self.rid = rid
            self.isPaused = isPaused
        }
    }

    /// The streams that whoever wrote it sends.
    public var sent: [[Alternative]]
    /// The streams that whoever wrote it receives.
    public var received: [[Alternative]]

    /// Streams in both directions.
    public init(sent: [[Alternative]] = [], received: [[Alternative]] = []) {
        self.sent = sent
        self.received = received
    }

    public init(parsing value: String) throws(SDPError) {
        self.init()
        var scanner = FieldScanner(value)
        repeat {
            let start = scanner
            switch try scanner.field("send or recv") {
            case "send" where sent.isEmpty: sent = try SimulcastAttribute.streams(&scanner)
            case "recv" where received.isEmpty: received = try SimulcastAttribute.streams(&scanner)
            default: throw start.failure("send or recv, each once")
            }
        } while !scanner.isAtEnd
    }

    public var value: String {
        [("send", sent), ("recv", received)].compactMap { direction, streams in
            streams.isEmpty ? nil : "\(direction) \(streams.map(text(of:)).joined(separator: ";"))"
        }.joined(separator: " ")
    }

    private static func streams(
        _ scanner: inout FieldScanner
    ) throws(SDPError) -> [[Alternative]] {
        let place = scanner
        let list = try scanner.field("a list of streams")
        var streams: [[Alternative]] = []
        for stream in list.utf8.split(
            separator: UInt8(ascii: ";"),
            omittingEmptySubsequences: false
        ) {
            var alternatives: [Alternative] = []
            for part in stream.split(
                separator: UInt8(ascii: ","),
                omittingEmptySubsequences: false
            ) {
                let isPaused = part.first == UInt8(ascii: "~")
                let rid = isPaused ? part.dropFirst() : part
                guard !rid.isEmpty, !rid.contains(UInt8(ascii: "=")) else {
                    throw place.failure("a list of streams")
                }
                alternatives.append(Alternative(String(Substring(rid)), isPaused: isPaused))
            }
            streams.append(alternatives)
        }
        return streams
    }

    private func text(of stream: [Alternative]) -> String {
        stream.map { $0.isPaused ? "~\($0.rid)" : $0.rid }.joined(separator: ",")
    }
}
