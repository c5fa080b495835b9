import DTLS
import ICE
import Wire

/// One transport as negotiation sees it: our side, and the peer's once it is agreed.
struct LocalTransport: Sendable {
    let id: Int
    /// Names the DTLS association (RFC 8842 §4).
    var tlsID: String
    var credentials: Credentials
    var components: Int
    /// The part we play in DTLS, once it is agreed; later offers keep it.
    var dtls: DTLSParameters?
    var remote: RemoteTransport?

    /// The ICE credentials in force, and those of a description that was not set yet.
    enum Credentials: Hashable, Sendable {
        case prepared(ICECredentials)
        case inForce(ICECredentials)
        case replacing(ICECredentials, by: ICECredentials)

        /// Those that the next description names.
        var latest: ICECredentials {
            switch self {
            case .prepared(let latest), .inForce(let latest), .replacing(_, let latest): latest
            }
        }

        /// Those that a description has named; nil if none has.
        var used: ICECredentials? {
            switch self {
            case .prepared: nil
            case .inForce(let used), .replacing(let used, _): used
            }
        }
    }

    /// The next description restarts ICE, or does not: then what was prepared is forgotten.
    mutating func prepare(restarting: Bool, entropy: inout Entropy) {
        switch credentials {
        case .inForce(let old) where restarting:
            credentials = .replacing(old, by: .random(using: &entropy))
        case .replacing(let old, _) where !restarting: credentials = .inForce(old)
        case .prepared, .inForce, .replacing: break
        }
    }

    /// A description that names `fragment` takes effect.
    ///
    /// Others may have been created since and not been set (RFC 9429 §4.1.8): their credentials wait.
    mutating func take(_ fragment: String) {
        switch credentials {
        case .prepared(let latest) where latest.usernameFragment == fragment:
            credentials = .inForce(latest)
        case .replacing(_, let latest) where latest.usernameFragment == fragment:
            credentials = .inForce(latest)
        case .prepared, .inForce, .replacing: break
        }
    }

    /// After a rollback: what was named in the meantime is not named again.
    mutating func forgetPrepared() {
        switch credentials {
        case .replacing(let old, _): credentials = .inForce(old)
        case .prepared, .inForce: break
        }
    }
}
