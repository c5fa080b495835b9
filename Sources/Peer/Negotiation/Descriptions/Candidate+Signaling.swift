import ICE
import SDP
import Wire

extension CandidateAttribute {
    /// Reads `candidate:…`.
    init(candidateText text: String) throws(PeerError) {
        do throws(SDPError) {
            self = try CandidateAttribute(parsing: text)
        } catch {
            throw .operation(.candidate)
        }
    }

    /// Whether a name stands in place of the address.
    var isNamed: Bool {
        switch address {
        case .ip: false
        case .name: true
        }
    }
}

extension Candidate {
    /// Nil for names, and for transports that the agent does not pair.
    init?(_ attribute: CandidateAttribute) {
        guard attribute.transport == .udp, let address = attribute.socketAddress,
            let kind = CandidateKind(attribute.kind),
            let component = UInt8(exactly: attribute.component)
        else { return nil }
        self.init(
            foundation: attribute.foundation,
            component: component,
            priority: attribute.priority,
            address: address,
            kind: kind,
            relatedAddress: attribute.relatedSocketAddress
        )
    }

    /// The candidate as descriptions and signaling carry it.
    var attribute: CandidateAttribute {
        let related = kind == .host ? nil : relatedAddress
        return CandidateAttribute(
            foundation: foundation,
            component: UInt16(component),
            priority: priority,
            address: .ip(address.address),
            port: address.port,
            kind: CandidateAttribute.Kind(kind),
            relatedAddress: related.map { .ip($0.address) },
            relatedPort: related?.port
        )
    }
}

extension CandidateKind {
    fileprivate init?(_ kind: CandidateAttribute.Kind) {
        switch kind {
        case .host: self = .host
        case .serverReflexive: self = .serverReflexive
        case .peerReflexive: self = .peerReflexive
        case .relayed: self = .relayed
        case .other: return nil
        }
    }
}

extension CandidateAttribute.Kind {
    fileprivate init(_ kind: CandidateKind) {
        switch kind {
        case .host: self = .host
        case .serverReflexive: self = .serverReflexive
        case .peerReflexive: self = .peerReflexive
        case .relayed: self = .relayed
        }
    }
}
