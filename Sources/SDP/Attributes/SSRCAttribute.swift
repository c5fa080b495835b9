/// A fact about a synchronization source: `a=ssrc:<ssrc> <fact>[:<value>]` (RFC 5576 §4.1).
public struct SSRCAttribute: SDPTypedAttribute {
    public static let name = "ssrc"

    /// The source.
    public var ssrc: UInt32
    /// What is said of it, such as `cname` or `msid`.
    public var fact: String
    /// What stands behind the fact's colon.
    public var factValue: String?

    /// A fact from its fields.
    public init(ssrc: UInt32, fact: String, factValue: String? = nil) {
        self.ssrc = ssrc
        self.fact = fact
        self.factValue = factValue
    }

    /// The canonical name of a source (RFC 5576 §6.1).
    public init(ssrc: UInt32, cname: String) {
        self.init(ssrc: ssrc, fact: "cname", factValue: cname)
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        ssrc = try scanner.number(in: 0...UInt32.max, "a synchronization source")
        scanner.skipSpaces()
        let place = scanner
        fact = scanner.text(until: colon)
        factValue = scanner.take(colon) ? scanner.rest() : nil
        guard !fact.isEmpty else { throw place.failure("a fact about the source") }
    }

    public var value: String { "\(ssrc) \(fact)" + (factValue.map { ":\($0)" } ?? "") }

    /// The canonical name, if that is the fact.
    public var cname: String? { fact == "cname" ? factValue : nil }
}
