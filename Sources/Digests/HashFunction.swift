import COpenSSL

/// A hash function, by its name in the IANA registry "Hash Function Textual Names".
///
/// ```swift
/// HashFunction.sha256.hash(certificate.span)     // 32 bytes
/// HashFunction(rawValue: "sha-256")
/// ```
public enum HashFunction: String, CaseIterable, Sendable {
    case md5
    case sha1 = "sha-1"
    case sha224 = "sha-224"
    case sha256 = "sha-256"
    case sha384 = "sha-384"
    case sha512 = "sha-512"

    /// How many bytes a digest has.
    public var digestLength: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The digest of `bytes`.
    public func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestLength)
        // Each function reads `bytes`, writes `digestLength` bytes and keeps no pointer.
        unsafe bytes.withUnsafeBufferPointer { input in
            let start = input.baseAddress
            let length = input.count
            switch self {
            case .md5: unsafe _ = MD5(start, length, &digest)
            case .sha1: unsafe _ = SHA1(start, length, &digest)
            case .sha224: unsafe _ = SHA224(start, length, &digest)
            case .sha256: unsafe _ = SHA256(start, length, &digest)
            case .sha384: unsafe _ = SHA384(start, length, &digest)
            case .sha512: unsafe _ = SHA512(start, length, &digest)
            }
        }
        return digest
    }
}
