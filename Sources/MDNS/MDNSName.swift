public import Wire

/// A name that hides an address from everybody beyond the link: one label and `.local`
/// (draft-ietf-mmusic-mdns-ice-candidates §3.1.1).
///
/// ```swift
/// var entropy = Entropy.system
/// MDNSName.random(&entropy)           // 1f4712db-ea17-4bcf-a596-105139dfd8bf.local
/// MDNSName("printer.local")
/// MDNSName("example.org")             // nil: not for multicast DNS
/// ```
public struct MDNSName: Hashable, Sendable {
    /// The name as DNS writes it.
    public let dnsName: DNSName
    /// The name in lower case.
    public let text: String

    /// The name that `text` spells; nil unless it is one label of letters, digits, hyphens and
    /// underscores in front of `.local`.
    public init?(_ text: some StringProtocol) {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { [UInt8]($0) }
        guard labels.count == 2, labels[0].allSatisfy(isAllowed),
            let name = DNSName(labels: labels), name.labels[1] == Array("local".utf8)
        else { return nil }
        dnsName = name
        self.text = text.lowercased()
    }

    private init(uuid: String) {
        text = uuid + ".local"
        dnsName = DNSName(labels: [[UInt8](uuid.utf8), [UInt8]("local".utf8)]) ?? .empty
    }

    /// A name nobody has used before: a random UUID (RFC 9562 §5.4).
    public static func random(_ entropy: inout Entropy) -> MDNSName {
        var bytes = entropy.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hex.encode(bytes)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return MDNSName(uuid: text)
    }
}

extension MDNSName: CustomStringConvertible {
    public var description: String { text }
}

extension DNSName {
    /// The root.
    fileprivate static let empty = DNSName(root: ())

    private init(root _: Void) { wire = [0] }
}

private func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
