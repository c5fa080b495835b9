import Wire

/// ICE candidates.
enum CandidateCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media {
            var seen: Set<Identity> = []
            for candidate in section.attributes.transport.candidates {
                checkFields(candidate, section, &report)
                checkRelated(candidate, &report)
                checkAddress(candidate, &report)
                let isNew = seen.insert(Identity(candidate.value)).inserted
                report.add(
                    .repeatedCandidate,
                    candidate.line,
                    if: !isNew,
                    "\(quoted(candidate.value.address.text)) port \(candidate.value.port) again"
                )
            }
            checkDefault(section, context, &report)
        }
    }

    /// What makes two candidates redundant.
    private struct Identity: Hashable {
        let component: UInt16
        let transport: CandidateAttribute.Transport
        let address: CandidateAttribute.Address
        let port: UInt16
        let related: CandidateAttribute.Address?
        let relatedPort: UInt16?

        init(_ candidate: CandidateAttribute) {
            component = candidate.component
            transport = candidate.transport
            address = candidate.address
            port = candidate.port
            related = candidate.relatedAddress
            relatedPort = candidate.relatedPort
        }
    }

    private static func checkFields(
        _ candidate: Placed<CandidateAttribute>,
        _ section: LintMedia,
        _ report: inout LintReport
    ) {
        let value = candidate.value
        let components: UInt16 = section.isRTP ? 2 : 1
        report.add(
            .candidateComponent,
            candidate.line,
            if: value.component > components,
            "component \(value.component)"
        )
        let isRanked = (1...UInt32(Int32.max)).contains(value.priority)
        report.add(.candidatePriority, candidate.line, if: !isRanked, "priority \(value.priority)")
        let isFounded =
            (1...32).contains(value.foundation.utf8.count)
            && value.foundation.utf8.allSatisfy(isICECharacter)
        report.add(
            .candidateFoundation,
            candidate.line,
            if: !isFounded,
            "foundation \(quoted(value.foundation))"
        )
        switch value.kind {
        case .host, .serverReflexive, .peerReflexive, .relayed: break
        case .other(let text):
            report.add(.unknownCandidateType, candidate.line, "type \(quoted(text))")
        }
        switch value.transport {
        case .udp: break
        case .tcp(let type):
            report.add(.missingTCPType, candidate.line, if: type == nil, "tcp without tcptype")
        case .other(let text):
            report.add(.unknownCandidateTransport, candidate.line, "transport \(quoted(text))")
        }
    }

    private static func checkRelated(
        _ candidate: Placed<CandidateAttribute>,
        _ report: inout LintReport
    ) {
        let value = candidate.value
        let isRelated = value.relatedAddress != nil && value.relatedPort != nil
        switch value.kind {
        case .host:
            report.add(.relatedAddressOnHost, candidate.line, if: isRelated, "host with raddr")
        case .serverReflexive, .peerReflexive, .relayed:
            report.add(
                .missingRelatedAddress,
                candidate.line,
                if: !isRelated,
                "\(value.kind.text) without raddr and rport"
            )
        case .other: break
        }
    }

    private static func checkAddress(
        _ candidate: Placed<CandidateAttribute>,
        _ report: inout LintReport
    ) {
        let value = candidate.value
        switch value.transport {
        case .tcp(.active):
            let isWrong = value.port != 9
            report.add(.activeCandidatePort, candidate.line, if: isWrong, "port \(value.port)")
        // RFC 5245 had no tcptype: such a candidate may connect, or wait.
        case .tcp(nil): break
        case .udp, .tcp(.passive), .tcp(.simultaneousOpen), .other:
            report.add(.candidateAddress, candidate.line, if: value.port == 0, "port 0")
        }
        switch value.address {
        case .ip(let address):
            let isNobody = address.isUnspecified || address.isMulticast
            report.add(.candidateAddress, candidate.line, if: isNobody, "address \(address)")
            let isOwn = address.isLoopback
            report.add(.loopbackCandidate, candidate.line, if: isOwn, "address \(address)")
        case .name(let name):
            let isForeign = !value.address.isMDNSName
            report.add(.candidateHostName, candidate.line, if: isForeign, "name \(quoted(name))")
        }
    }

    private static func checkDefault(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        let candidates = section.attributes.transport.candidates
        let port = section.description.port
        let connection = section.description.connection ?? context.description.connection
        // Port 9 says that the address means nothing yet (RFC 8839 §4.2.1, RFC 8840 §4.1.1).
        guard !candidates.isEmpty, port != 0, port != 9,
            let address = connection?.ipAddress, !address.isUnspecified
        else { return }
        let isListed = candidates.contains { candidate in
            candidate.value.port == port && candidate.value.address == .ip(address)
        }
        report.add(
            .defaultCandidate,
            section.line,
            if: !isListed,
            "\(address) port \(port) is no candidate of this section"
        )
    }
}
