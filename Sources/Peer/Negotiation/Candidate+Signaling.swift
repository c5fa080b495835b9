import ICE
import SDP
import Wire

extension Candidate {
    /// Reads `candidate:…`; nil for a candidate that we cannot use, such as an mDNS name.
    init?(attribute text: String) throws(PeerError) {
        let name = "candidate:"
        let isPrefixed = text.hasPrefix(name) || text.hasPrefix("a=" + name)
        guard isPrefixed, let colon = text.firstIndex(of: ":") else {
            throw .invalidAccess(.candidate)
        }
        let parsed: CandidateAttribute
        do throws(SDPError) {
            parsed = try CandidateAttribute(parsing: String(text[text.index(after: colon)...]))
        } catch {
            throw .invalidAccess(.candidate)
        }
        guard let candidate = Candidate(parsed) else { return nil }
        self = candidate
    }

    /// Nil for names, and for transports that the agent does not pair.
    init?(_ attribute: CandidateAttribute) {
        guard attribute.transport.lowercased() == "udp", let address = attribute.ipAddress,
            let kind = CandidateKind(rawValue: attribute.kind),
            let component = UInt8(exactly: attribute.component)
        else { return nil }
        self.init(
            foundation: attribute.foundation,
            component: component,
            priority: attribute.priority,
            address: SocketAddress(address, port: attribute.port),
            kind: kind
        )
    }

    /// The attribute as RFC 8839 §5.1 writes it, without `a=`.
    var attributeText: String {
        let base =
            "candidate:\(foundation) \(component) udp \(priority) \(address.address) "
            + "\(address.port) typ \(kind.rawValue)"
        guard let related = relatedAddress, kind != .host else { return base }
        return base + " raddr \(related.address) rport \(related.port)"
    }
}

extension Negotiator {
    /// A local candidate as signaling carries it.
    func candidate(_ candidate: Candidate) -> ICECandidate {
        let section = transceivers.compactMap(\.section).min { $0.index < $1.index }
        return ICECandidate(
            candidate: candidate.attributeText,
            sdpMid: section?.mid,
            sdpMLineIndex: section?.index,
            usernameFragment: identity.credentials.latest?.usernameFragment
        )
    }

    /// The description in force or pending, with what was gathered so far (W3C WebRTC §4.3.1).
    func localDescription(with gathering: Gathering) -> SessionDescription? {
        guard var (kind, description) = localInForce else { return nil }
        let stream = gathering.stream(0)
        if let index = description.media.firstIndex(where: { $0.port != 0 }) {
            for candidate in stream.candidates {
                let text = candidate.attributeText
                description.media[index].append("candidate", String(text.dropFirst(10)))
            }
            if stream.isComplete { description.media[index].append("end-of-candidates") }
        }
        return SessionDescription(kind, sdp: description.write())
    }
}
