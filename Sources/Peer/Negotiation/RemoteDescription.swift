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
    }

    /// The transport all usable sections share; nil if none can be used.
    var transport: RemoteTransport? { sections.first(where: \.isUsable)?.transport }

    var midExtension: UInt8? {
        sections.lazy.filter(\.isUsable).flatMap(\.extensions)
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

    func section(of candidate: ICECandidate) throws(PeerError) -> RemoteSection {
        let section =
            if let mid = candidate.sdpMid, !mid.isEmpty {
                sections.first { $0.mid == mid }
            } else {
                sections.first { $0.index == candidate.sdpMLineIndex ?? 0 }
            }
        guard let section else { throw .invalidAccess(.unknownSection) }
        return section
    }

    /// Remembers a candidate that came by itself.
    mutating func keep(_ candidate: Candidate) {
        guard let index = sections.firstIndex(where: \.isUsable),
            sections[index].transport.candidates.count < maximumCandidates
        else { return }
        sections[index].transport.candidates.append(candidate)
    }

    mutating func endCandidates() {
        guard let index = sections.firstIndex(where: \.isUsable) else { return }
        sections[index].transport.isComplete = true
    }
}

/// What one description may bring; the agent has limits of its own.
private let maximumCandidates = 100
