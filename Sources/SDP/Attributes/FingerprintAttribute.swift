/// The hash of a certificate: `a=fingerprint:<hash function> <AB:CD:…>` (RFC 8122 §5).
///
/// Digits and the hash function's name may come in upper or lower case; digits are written in
/// upper case, as the RFC wants it.
public struct FingerprintAttribute: SDPTypedAttribute {
    public static let name = "fingerprint"

    /// The hash function's name in lower case, such as `sha-256`.
    public var hashFunction: String
    /// The hash.
    public var bytes: [UInt8]

    /// A fingerprint from its fields.
    public init(hashFunction: String = "sha-256", bytes: [UInt8]) {
        self.hashFunction = hashFunction.lowercased()
        self.bytes = bytes
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        hashFunction = try scanner.field("a hash function").lowercased()
        let place = scanner
        let digits = try scanner.field("a fingerprint")
        guard
            let bytes = FingerprintAttribute.bytes(of: digits),
            bytes.count == length(of: hashFunction) ?? bytes.count
        else { throw place.failure("as many pairs of hexadecimal digits as the hash function has") }
        self.bytes = bytes
        try scanner.finish()
    }

    public var value: String { "\(hashFunction) \(text)" }

    /// The hash alone: `AB:CD:…`.
    public var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(3 * bytes.count)
        for byte in bytes {
            if !text.isEmpty { text.append(colon) }
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func bytes(of text: String) -> [UInt8]? {
        let span = text.utf8Span.span
        // Two digits and a colon for each byte, and no colon behind the last.
        guard span.count % 3 == 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(span.count / 3 + 1)
        for start in stride(from: 0, to: span.count, by: 3) {
            guard start == 0 || span[start - 1] == colon, let high = hexDigitValue(span[start]),
                let low = hexDigitValue(span[start + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

private func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
}

/// The length of the hashes RFC 8122 §5 names; nil for others.
private func length(of hashFunction: String) -> Int? {
    switch hashFunction {
    case "sha-1": 20
    case "sha-224": 28
    case "sha-256": 32
    case "sha-384": 48
    case "sha-512": 64
    case "md5", "md2": 16
    default: nil
    }
}
