import DTLS
import ICE
import SDP

/// The lines about one transport, as they come.
struct TransportLines {
    var transport = RemoteTransport()
    private var fragment: String?
    private var password: String?

    /// Takes a line, and says whether it was one of these.
    @discardableResult
    mutating func take(_ attribute: SDPAttribute) -> Bool {
        switch attribute.name {
        case "ice-ufrag": fragment = attribute.value
        case "ice-pwd": password = attribute.value
        case "fingerprint":
            // Several hash functions of one certificate; more is no honest peer.
            if let typed = FingerprintAttribute(attribute), transport.fingerprints.count < 16 {
                transport.fingerprints.append(CertificateFingerprint(typed))
            }
            return true
        case "setup": transport.setup = transport.setup ?? SetupRole(attribute)
        case "tls-id": transport.tlsID = attribute.value
        case "candidate":
            guard let typed = CandidateAttribute(attribute) else { return true }
            if typed.isNamed, transport.named.count < maximumNamed { transport.named.append(typed) }
            if transport.candidates.count < maximumCandidates, let candidate = Candidate(typed) {
                transport.candidates.append(candidate)
            }
            return true
        case "end-of-candidates": transport.isComplete = true
        default: return false
        }
        if let fragment, let password, !fragment.isEmpty, !password.isEmpty {
            transport.credentials = ICECredentials(usernameFragment: fragment, password: password)
        }
        return true
    }

    /// RFC 8839 §5.4: what is missing here is said for the whole session.
    func credentials(falling shared: ICECredentials?) -> ICECredentials? {
        guard let shared else { return nil }
        let both = ICECredentials(
            usernameFragment: fragment ?? shared.usernameFragment,
            password: password ?? shared.password
        )
        return both
    }
}

extension CertificateFingerprint {
    init(_ attribute: FingerprintAttribute) {
        self.init(function: attribute.hashFunction, bytes: attribute.bytes)
    }
}
