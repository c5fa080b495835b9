/// Tells how packets of a section travel.
struct TransportExplanation {
    private let media: MediaDescription
    private let facts: TransportFacts
    private let addresses: [String]

    init(_ media: MediaDescription, _ inherited: InheritedFacts) {
        self.media = media
        facts = inherited.transport
        addresses = inherited.addresses
    }

    /// Protocol, address, and what is multiplexed.
    var transport: String {
        var words = [security]
        if media.isBundleOnly { words.append("only within its bundle") }
        if media.port != 9, media.port != 0 {
            words.append("by default to \(listed(addresses)) port \(media.port)")
        }
        if media.isRTP {
            if media.isRTCPMuxOnly {
                words.append("RTCP always shares the port")
            } else {
                words.append(
                    media.isRTCPMux ? "RTCP shares the port" : "RTCP has a port of its own"
                )
            }
            if media.isRTCPReducedSize { words.append("RTCP may be reduced") }
        }
        return words.joined(separator: ", ")
    }

    private var security: String {
        let isSecured = !facts.fingerprints.isEmpty
        if media.isRTP {
            if isSecured { return "RTP encrypted with keys of DTLS" }
            return media.has("crypto") ? "RTP encrypted with keys in this text" : "RTP in the clear"
        }
        return isSecured ? "SCTP over DTLS" : listed([media.protocolName])
    }

    /// Credentials and options; the password stays unsaid.
    var ice: [String] {
        guard let ufrag = facts.iceUfrag else { return [] }
        var words = ["user name fragment \(quoted(ufrag))"]
        let isTrickle = facts.iceOptions.contains(ICEOptionsAttribute.trickle)
        if isTrickle { words.append("candidates may come later") }
        if media.isEndOfCandidates { words.append("all candidates are here") }
        let others = facts.iceOptions.filter {
            $0 != ICEOptionsAttribute.trickle && $0 != "ice-lite"
        }
        if !others.isEmpty { words.append("options \(listed(others))") }
        return [words.joined(separator: ", ")]
    }

    /// Role, certificate and association.
    var dtls: [String] {
        guard !facts.fingerprints.isEmpty || facts.setup != nil else { return [] }
        var words: [String] = []
        switch facts.setup {
        case .actpass: words.append("the other side chooses who connects")
        case .active: words.append("the sender connects")
        case .passive: words.append("the sender waits to be connected")
        case .holdconn: words.append("asks to wait with the connection")
        case nil: words.append("does not say who connects")
        }
        let hashes = facts.fingerprints.prefix(3).map { print in
            print.split(separator: " ").first.map(String.init) ?? print
        }
        words.append(
            hashes.isEmpty
                ? "no fingerprint" : "fingerprint of the certificate by \(listed(hashes))"
        )
        if media.has("tls-id") { words.append("the association has a name") }
        return [words.joined(separator: ", ")]
    }

    /// How many candidates there are of each kind.
    var candidates: [String] {
        var counts: [String: Int] = [:]
        var order: [String] = []
        for candidate in media.candidates {
            let words = candidate.explanation
            if counts[words] == nil { order.append(words) }
            counts[words, default: 0] += 1
        }
        guard !order.isEmpty else { return [] }
        return [listed(order.map { "\(counts[$0] ?? 0) \($0)" })]
    }
}

extension CandidateAttribute {
    /// Kind and transport, and what is special about the address.
    fileprivate var explanation: String {
        let kind =
            switch self.kind {
            case .host: "host"
            case .serverReflexive: "server reflexive"
            case .peerReflexive: "peer reflexive"
            case .relayed: "relayed"
            case .other(let text): quoted(text)
            }
        let transport =
            switch self.transport {
            case .udp: "UDP"
            case .tcp(let type): "TCP" + (type.map { " \($0.rawValue)" } ?? "")
            case .other(let text): quoted(text)
            }
        return "\(kind) over \(transport)" + (address.isMDNSName ? " with a hidden address" : "")
    }
}
