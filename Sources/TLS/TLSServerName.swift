public import Wire

/// Whom a client wants to talk to, as the server's certificate must name it: a host name or an
/// address (RFC 9525 §2.2).
///
/// ```swift
/// try TLSServerName("turn.example.org").text     // "turn.example.org"
/// try TLSServerName("192.0.2.1")                 // an address; certificates name it as such
/// ```
public struct TLSServerName: Hashable, Sendable {
    /// The name in lower case, or the address; no trailing dot, no brackets.
    public let text: String
    /// The address, if it is one.
    let address: IPAddress?

    /// The name or address that `text` spells.
    public init(_ text: String) throws(TLSError) {
        let bare =
            text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
        if let address = IPAddress(bare) {
            self.init(address)
        } else if let name = TLSServerName(hostName: Array(bare.utf8)), !name.text.hasPrefix("*") {
            self = name
        } else {
            throw .invalidServerName
        }
    }

    /// An address.
    public init(_ address: IPAddress) {
        self.address = address.scoped(to: 0)
        text = "\(address.scoped(to: 0))"
    }

    /// A name as certificates hold it, which may begin with `*.`; nil if it has characters that no
    /// host name has.
    init?(hostName bytes: [UInt8]) {
        let trimmed = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes.dropLast(0)
        guard 1...maximumLength ~= trimmed.count, trimmed.allSatisfy(isOfHostName) else {
            return nil
        }
        address = nil
        text = String(decoding: trimmed, as: UTF8.self).lowercased()
    }

    /// The name in the notation of OpenSSL's configuration files.
    var alternativeName: String { address == nil ? "DNS:\(text)" : "IP:\(text)" }
}

extension TLSServerName: CustomStringConvertible {
    public var description: String { text }
}

private func isOfHostName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "*"):
        true
    default: false
    }
}

/// RFC 1035 §2.3.4.
private let maximumLength = 253
