/// How much a session or a medium needs at most: `b=<kind>:<number>` (RFC 8866 §5.8).
public struct BandwidthLimit: Hashable, Sendable {
    /// What is limited, such as `AS`, `CT` or `TIAS`.
    public var kind: String
    /// Kilobits a second for AS and CT, bits a second for TIAS, RS and RR.
    public var value: UInt64

    /// A limit from its two fields.
    public init(kind: String, value: UInt64) {
        self.kind = kind
        self.value = value
    }

    /// Reads what stands behind `b=`.
    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        try self.init(&scanner)
    }

    init(_ scanner: inout FieldScanner) throws(SDPError) {
        kind = try scanner.field(until: colon, "a bandwidth type")
        value = try scanner.number(in: 0...UInt64.max, "a bandwidth")
        try scanner.finish()
    }

    /// What stands behind `b=`.
    public var text: String { "\(kind):\(value)" }
}

extension BandwidthLimit {
    /// What can be limited.
    public enum Modifier: Hashable, Sendable {
        /// The application's maximum, IP and UDP headers included (`AS`, RFC 8866 §5.8).
        case applicationSpecific
        /// The maximum of all sites of a conference (`CT`, RFC 8866 §5.8).
        case conferenceTotal
        /// The maximum without headers of lower layers (`TIAS`, RFC 3890 §6.2).
        case transportIndependent
        /// RTCP of those who send (`RS`, RFC 3556 §2).
        case senderReports
        /// RTCP of those who only receive (`RR`, RFC 3556 §2).
        case receiverReports
        /// Something else, kept as it was written.
        case other(String)
    }

    /// A limit of a kind that this type knows; `bitsPerSecond` is cut to what the kind can say.
    public init(_ modifier: Modifier, bitsPerSecond: UInt64) {
        kind = modifier.text
        value = modifier.isInKilobits ? bitsPerSecond / 1_000 : bitsPerSecond
    }

    /// What is limited.
    public var modifier: Modifier { Modifier(kind) }

    /// The limit; nil for kinds whose unit nobody here knows, and for more than 64 bits can say.
    public var bitsPerSecond: UInt64? {
        if case .other = modifier { return nil }
        guard modifier.isInKilobits else { return value }
        let (bits, overflow) = value.multipliedReportingOverflow(by: 1_000)
        return overflow ? nil : bits
    }
}

extension BandwidthLimit.Modifier {
    /// Reads what stands before the colon.
    public init(_ text: String) {
        switch text {
        case "AS": self = .applicationSpecific
        case "CT": self = .conferenceTotal
        case "TIAS": self = .transportIndependent
        case "RS": self = .senderReports
        case "RR": self = .receiverReports
        default: self = .other(text)
        }
    }

    /// What stands before the colon.
    public var text: String {
        switch self {
        case .applicationSpecific: "AS"
        case .conferenceTotal: "CT"
        case .transportIndependent: "TIAS"
        case .senderReports: "RS"
        case .receiverReports: "RR"
        case .other(let text): text
        }
    }

    fileprivate var isInKilobits: Bool { self == .applicationSpecific || self == .conferenceTotal }
}
