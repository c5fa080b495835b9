/// Keys in the open: `a=crypto:<tag> <suite> <keys> [<parameter> …]` (RFC 4568 §9.1).
///
/// WebRTC forbids it (RFC 8827 §6.5): it is kept, never used and never echoed.
public struct CryptoAttribute: SDPTypedAttribute {
    public static let name = "crypto"

    /// What an answer names the choice by.
    public var tag: UInt32
    /// The cipher and its sizes, such as `AES_CM_128_HMAC_SHA1_80`.
    public var suite: String
    /// The keys, each with its method such as `inline:…`.
    public var keys: [String]
    /// What else holds for the session.
    public var parameters: [String]

    /// A suite and keys from their fields.
    public init(tag: UInt32, suite: String, keys: [String], parameters: [String] = []) {
        self.tag = tag
        self.suite = suite
        self.keys = keys
        self.parameters = parameters
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        // RFC 4568 §9.1: one to nine digits.
        tag = try scanner.number(in: 0...999_999_999, "a tag of up to nine digits")
        suite = try scanner.token("a crypto suite")
        keys = []
        let place = scanner
        let list = try scanner.field("keys with their method")
        for key in list.split(separator: ";", omittingEmptySubsequences: false) {
            // `<method>:<info>`, both there.
            guard let mark = key.utf8.firstIndex(of: colon), mark > key.startIndex,
                key.utf8.index(after: mark) < key.endIndex
            else { throw place.failure("keys with their method") }
            keys.append(String(key))
        }
        parameters = []
        while let parameter = scanner.next() { parameters.append(parameter) }
    }

    public var value: String {
        ([String(tag), suite, keys.joined(separator: ";")] + parameters).joined(separator: " ")
    }
}
