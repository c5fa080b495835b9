/// RTCP extended reports that are wanted: `a=rtcp-xr:<format> …` (RFC 3611 §5.1).
public struct RTCPExtendedReportsAttribute: SDPTypedAttribute {
    public static let name = "rtcp-xr"

    /// One kind of report block.
    public enum Format: Hashable, Sendable {
        /// Which packets were lost, at most so many bytes.
        case packetLoss(maximumBytes: UInt32?)
        /// Which packets came twice, at most so many bytes.
        case duplicates(maximumBytes: UInt32?)
        /// When packets came, at most so many bytes.
        case receiptTimes(maximumBytes: UInt32?)
        /// The round trip of a receiver: `all` or `sender` may ask, at most so many bytes.
        case receiverRoundTrip(mode: String, maximumBytes: UInt32?)
        /// A summary of `loss`, `dup`, `jitt`, `TTL` and `HL`.
        case statistics([String])
        /// Figures about a telephone call.
        case voipMetrics
        /// Something else, kept as it was written.
        case other(String)
    }

    /// What is wanted; empty means: nothing any more.
    public var formats: [Format]

    /// Reports in order.
    public init(_ formats: [Format]) { self.formats = formats }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        formats = []
        while !scanner.isAtEnd {
            let place = scanner
            let word = try scanner.field("a report format")
            guard let format = Format(word) else { throw place.failure("a report format") }
            formats.append(format)
        }
    }

    public var value: String { formats.map(\.text).joined(separator: " ") }
}

extension RTCPExtendedReportsAttribute.Format {
    fileprivate init?(_ word: String) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = parts.count > 1 ? parts[1] : nil
        switch parts[0] {
        case "pkt-loss-rle": self = .packetLoss(maximumBytes: nil)
        case "pkt-dup-rle": self = .duplicates(maximumBytes: nil)
        case "pkt-rcpt-times": self = .receiptTimes(maximumBytes: nil)
        case "rcvr-rtt":
            guard let argument, let format = Self.roundTrip(argument) else { return nil }
            self = format
            return
        case "stat-summary":
            let flags = argument.map { $0.split(separator: ",").map(String.init) } ?? []
            guard argument == nil || !flags.isEmpty else { return nil }
            self = .statistics(flags)
            return
        case "voip-metrics" where argument == nil: self = .voipMetrics
        case "", "voip-metrics": return nil
        default: self = .other(word)
        }
        guard let argument else { return }
        guard let limit = UInt32(digits: argument.utf8) else {
            if case .other = self { return }
            return nil
        }
        setLimit(limit)
    }

    private mutating func setLimit(_ limit: UInt32) {
        switch self {
        case .packetLoss: self = .packetLoss(maximumBytes: limit)
        case .duplicates: self = .duplicates(maximumBytes: limit)
        case .receiptTimes: self = .receiptTimes(maximumBytes: limit)
        case .receiverRoundTrip, .statistics, .voipMetrics, .other: break
        }
    }

    private static func roundTrip(_ argument: Substring) -> Self? {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0] == "all" || parts[0] == "sender" else { return nil }
        guard parts.count == 2 else {
            return .receiverRoundTrip(mode: String(parts[0]), maximumBytes: nil)
        }
        guard let limit = UInt32(digits: parts[1].utf8) else { return nil }
        return .receiverRoundTrip(mode: String(parts[0]), maximumBytes: limit)
    }

    fileprivate var text: String {
        switch self {
        case .packetLoss(let limit): "pkt-loss-rle" + Self.suffix("=", limit)
        case .duplicates(let limit): "pkt-dup-rle" + Self.suffix("=", limit)
        case .receiptTimes(let limit): "pkt-rcpt-times" + Self.suffix("=", limit)
        case .receiverRoundTrip(let mode, let limit):
            "rcvr-rtt=\(mode)" + Self.suffix(":", limit)
        case .statistics(let flags):
            flags.isEmpty ? "stat-summary" : "stat-summary=\(flags.joined(separator: ","))"
        case .voipMetrics: "voip-metrics"
        case .other(let text): text
        }
    }

    private static func suffix(_ separator: String, _ limit: UInt32?) -> String {
        limit.map { "\(separator)\($0)" } ?? ""
    }
}
