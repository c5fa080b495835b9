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
        guard let transport = CandidateTransport(attribute.transport),
            let address = attribute.socketAddress,
            let kind = CandidateKind(attribute.kind),
            let component = UInt8(exactly: attribute.component)
        else { return nil }
        self.init(
            foundation: attribute.foundation,
            component: component,
            transport: transport,
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
            transport: CandidateAttribute.Transport(transport),
            priority: priority,
            address: .ip(address.address),
            port: address.port,
            kind: CandidateAttribute.Kind(kind),
            relatedAddress: related.map { .ip($0.address) },
            relatedPort: related?.port
        )
    }
}

extension CandidateTransport {
    /// Nil where it is not said who opens the connection (RFC 6544 §4.5), and for other protocols.
    fileprivate init?(_ transport: CandidateAttribute.Transport) {
        switch transport {
        case .udp: self = .udp
        case .tcp(.active): self = .tcp(.active)
        case .tcp(.passive): self = .tcp(.passive)
        case .tcp(.simultaneousOpen): self = .tcp(.simultaneousOpen)
        case .tcp(nil), .other: return nil
        }
    }
}

extension CandidateAttribute.Transport {
    fileprivate init(_ transport: CandidateTransport) {
        switch transport {
        case .udp: self = .udp
        case .tcp(.active): self = .tcp(.active)
        case .tcp(.passive): self = .tcp(.passive)
        case .tcp(.simultaneousOpen): self = .tcp(.simultaneousOpen)
        }
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
