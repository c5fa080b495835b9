public import Digests
import Wire

/// A hash of a certificate, as a session description announces it (RFC 8122 §5).
///
/// ```swift
/// CertificateFingerprint(function: "sha-256", text: "4A:AD:B9:…")
/// ```
public struct CertificateFingerprint: Hashable, Sendable {
    /// The hash function's textual name, in lower case: `sha-256`.
    public var function: String
    /// The hash.
    public var bytes: [UInt8]

    /// A fingerprint from its parts.
    public init(function: String, bytes: [UInt8]) {
        self.function = function.lowercased()
        self.bytes = bytes
    }

    /// The fingerprint that `text` spells as two digits a byte with colons between, in any case.
    ///
    /// Nil when `text` is malformed, or has the wrong length for a function we know.
    public init?(function: String, text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.utf8.count == 2 }), let bytes = Hex.decode(parts.joined()),
            bytes.count == parts.count
        else { return nil }
        self.init(function: function, bytes: bytes)
        let known = HashFunction(rawValue: self.function)
        guard known == nil || known?.digestLength == bytes.count else { return nil }
    }

    /// The fingerprint of a certificate in DER form.
    public init(of certificate: Span<UInt8>, function: HashFunction = .sha256) {
        self.init(function: function.rawValue, bytes: function.hash(certificate))
    }

    /// Two upper-case digits a byte with colons between, as RFC 8122 wants it.
    public var text: String {
        bytes.map { Hex.encode(CollectionOfOne($0)).uppercased() }.joined(separator: ":")
    }
}

extension [CertificateFingerprint] {
    /// The fingerprints that decide: those of the strongest hash function offered.
    ///
    /// RFC 8122 §5: choose the most preferred function of those offered; the certificate must match
    /// one fingerprint of that function, whatever the others say.
    var decisive: [CertificateFingerprint] {
        for function in acceptedFunctions {
            let matching = filter { $0.function == function.rawValue }
            if !matching.isEmpty { return matching }
        }
        return []
    }

    /// Whether one of them is of a function that this build knows and trusts.
    package var areCheckable: Bool { !decisive.isEmpty }

    /// Whether one of the decisive fingerprints is that of `certificate`.
    func accept(_ certificate: Span<UInt8>) -> Bool {
        let decisive = decisive
        guard let name = decisive.first?.function, let function = HashFunction(rawValue: name)
        else {
            return false
        }
        return decisive.contains(CertificateFingerprint(of: certificate, function: function))
    }
}

/// Strongest first.
///
/// RFC 8122 §5 forbids MD5; SHA-1 is still sent by old gateways.
private let acceptedFunctions: [HashFunction] = [.sha512, .sha384, .sha256, .sha224, .sha1]
