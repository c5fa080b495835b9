import DTLS
import ICE
import SDP
import Wire

/// The peer's description, read once and judged.
struct RemoteDescription: Sendable {
    let text: String
    let isLite: Bool
    /// What was wrong with it and could be borne, one sentence each.
    let deviations: [String]
    private(set) var sections: [RemoteSection]

    init(parsing text: String) throws(PeerError) {
        self.text = text
        do throws(SDPError) {
            let description = try SDPDescription(parsing: text)
            isLite = description.isICELite
            deviations = description.deviations.map(\.description)
            sections = RemoteSection.all(of: description)
        } catch {
            throw .sdpSyntax(error)
        }
        guard Set(sections.map(\.mid)).count == sections.count else {
            throw .invalidAccess(.description(.names))
        }
    }

    /// The transport all usable sections share; nil if none can be used.
    var transport: RemoteTransport? { sections.first(where: \.isUsable)?.transport }

    var midExtension: UInt8? {
        sections.lazy.filter { $0.isUsable && $0.namesMid }.flatMap(\.extensions)
            .first { $0.uri == KnownExtension.mid }?.id
    }

    /// A description that offers something usable must say how to reach and recognise the peer.
    func requireUsable() throws(PeerError) {
        guard let transport else { return }
        guard transport.credentials != nil else {
            throw .invalidAccess(.description(.iceCredentials))
        }
        guard !transport.fingerprints.isEmpty else {
            throw .invalidAccess(.description(.fingerprint))
        }
    }

    /// Who opens DTLS (RFC 8842 §5.3, §5.4); nil if there is nothing to connect.
    func dtlsParameters(
        weOffered: Bool,
        localSetup: SetupRole
    ) throws(PeerError) -> DTLSParameters? {
        guard let transport else { return nil }
        let role: DTLSRole
        switch (weOffered ? transport.setup : localSetup, weOffered) {
        // The answer decides. One without a role leaves it to us: RFC 4145 §4 makes it active.
        case (.active, true), (.passive, false), (nil, true): role = .server
        case (.passive, true), (.active, false): role = .client
        case (.actpass, _), (.holdconn, _), (nil, false):
            throw .invalidAccess(.description(.dtlsRole))
        }
        return DTLSParameters(role: role, fingerprints: transport.fingerprints)
    }

    /// Whether the candidate is one of the transport in use: its section may be one we reject, as
    /// long as it shares that transport, and its generation must be the present one.
    func isOfUse(_ candidate: ICECandidate) throws(PeerError) -> Bool {
        let section = try section(of: candidate)
        guard let credentials = transport?.credentials,
            section.transport.credentials == credentials
        else { return false }
        guard let fragment = candidate.usernameFragment, !fragment.isEmpty else { return true }
        return fragment == credentials.usernameFragment
    }

    private func section(of candidate: ICECandidate) throws(PeerError) -> RemoteSection {
        if let mid = candidate.sdpMid, !mid.isEmpty {
            if let section = sections.first(where: { $0.mid == mid }) { return section }
            // Programs whose descriptions name no mid send candidates with one all the same.
            guard !sections.contains(where: \.namesMid) else {
                throw .operation(.unknownSection)
            }
        }
        let index = candidate.sdpMLineIndex ?? 0
        guard sections.indices.contains(index) else { throw .operation(.unknownSection) }
        return sections[index]
    }

    /// Remembers a candidate that came by itself.
    mutating func keep(_ candidate: Candidate) {
        guard let index = sections.firstIndex(where: \.isUsable),
            sections[index].transport.candidates.count < maximumCandidates,
            !sections[index].transport.candidates.contains(candidate)
        else { return }
        sections[index].transport.candidates.append(candidate)
    }

    mutating func endCandidates() {
        guard let index = sections.firstIndex(where: \.isUsable) else { return }
        sections[index].transport.isComplete = true
    }
}
