import DTLS
import ICE
import Wire

/// What every description of ours says about us.
struct LocalIdentity: Sendable {
    let fingerprint: CertificateFingerprint
    /// RFC 7022 §4.2: 96 random bits that name us in RTCP.
    let cname: String
    /// RFC 9429 §5.2.1: 62 random bits.
    let sessionID: UInt64
    /// Names the DTLS association, of which there is one for the whole session (RFC 8842 §4).
    let tlsID: String
    private(set) var version: UInt64 = 0
    private(set) var credentials: Credentials = .none

    /// The ICE credentials in force, and those of a description that was not set yet.
    enum Credentials: Sendable {
        case none
        case prepared(ICECredentials)
        case inForce(ICECredentials)
        case replacing(ICECredentials, by: ICECredentials)

        /// Those that the next description names.
        var latest: ICECredentials? {
            switch self {
            case .none: nil
            case .prepared(let latest), .inForce(let latest), .replacing(_, let latest): latest
            }
        }
    }

    init(fingerprint: CertificateFingerprint, entropy: inout Entropy) {
        self.fingerprint = fingerprint
        cname = Hex.encode(entropy.bytes(12))
        sessionID = entropy.next() >> 2
        tlsID = Hex.encode(entropy.bytes(16))
    }

    /// A description is about to be created: RFC 9429 §5.2.2 raises the version.
    ///
    /// Credentials of a restart that was prepared, and does not happen now, are forgotten.
    mutating func prepareDescription(restarting: Bool, entropy: inout Entropy) {
        version += 1
        switch credentials {
        case .none: credentials = .prepared(.random(using: &entropy))
        case .inForce(let old) where restarting:
            credentials = .replacing(old, by: .random(using: &entropy))
        case .replacing(let old, _) where !restarting: credentials = .inForce(old)
        case .prepared, .inForce, .replacing: break
        }
    }

    /// The description takes effect; returns credentials that are new with it.
    mutating func takePending() -> (ICECredentials, isFirst: Bool)? {
        switch credentials {
        case .none, .inForce: return nil
        case .prepared(let new):
            credentials = .inForce(new)
            return (new, true)
        case .replacing(_, let new):
            credentials = .inForce(new)
            return (new, false)
        }
    }
}
