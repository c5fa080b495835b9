import DTLS
import Wire

/// What every description of ours says about us.
struct LocalIdentity: Sendable {
    let fingerprint: CertificateFingerprint
    /// Whether we only answer checks (RFC 8839 §5.3).
    let isLite: Bool
    /// RFC 7022 §4.2: 96 random bits that name us in RTCP.
    let cname: String
    /// RFC 9429 §5.2.1: 62 random bits.
    let sessionID: UInt64
    private(set) var version: UInt64 = 0

    init(fingerprint: CertificateFingerprint, isLite: Bool, entropy: inout Entropy) {
        self.fingerprint = fingerprint
        self.isLite = isLite
        cname = Hex.encode(entropy.bytes(12))
        sessionID = entropy.next() >> 2
    }

    /// A description is about to be created: RFC 9429 §5.2.2 raises the version.
    mutating func raiseVersion() { version += 1 }
}
