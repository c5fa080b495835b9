import DTLS
import ICE
import SDP

/// What the session was told of one transport.
struct ToldTransport: Hashable, Sendable {
    var local: ICECredentials
    /// Those before, while a restart is not answered.
    var replaced: ICECredentials?
    var components: Int
    var remote: RemoteTransport?
    var dtls: DTLSParameters?
}

// What both descriptions say of each transport, and what of that is new to the session.
extension Negotiator {
    mutating func agreeTransports(
        _ pair: Agreement,
        _ accepted: AcceptedSections
    ) throws(PeerError) {
        var unmuxed = Set<Int>()
        for index in accepted.isAccepted.indices where accepted.isAccepted[index] {
            guard case .media = pair.local.sections[index].content,
                let transport = accepted.transports[index]
            else { continue }
            if mux(of: index, in: pair.remote) == .none { unmuxed.insert(transport) }
        }
        for (id, index) in accepted.speakers.sorted(by: { $0.key < $1.key }) {
            let remote = remoteTransport(of: index, in: pair.remote)
            try requireUsable(remote)
            let ours = pair.local.description.media[index]
            let role = try DTLSRole(
                ours: ours.setup,
                theirs: remote.setup,
                weOffered: pair.weOffered
            )
            // RFC 8839 §4.4.1.1: an answer to our restart begins a session, whatever it repeats.
            if progress.told[id]?.replaced != nil { progress.told[id]?.remote = nil }
            transports.change(id) { transport in
                if let fragment = ours.iceUfrag { transport.take(fragment) }
                transport.remote = remote
                transport.components = unmuxed.contains(id) ? 2 : 1
                transport.dtls = DTLSParameters(
                    role: role,
                    fingerprints: remote.fingerprints,
                    tlsID: remote.tlsID
                )
            }
        }
    }

    /// What the peer says of a transport, with the candidates that other members of the group name.
    private func remoteTransport(of index: Int, in remote: RemoteDescription) -> RemoteTransport {
        var transport = remote.transport(of: index)
        guard let group = remote.group(of: index) else { return transport }
        for member in remote.groups[group] where member != index {
            let other = remote.sections[member].transport
            guard !other.candidates.isEmpty || !other.named.isEmpty || other.isComplete,
                other.credentials == nil || other.credentials == transport.credentials
            else { continue }
            for candidate in other.candidates { transport.keep(candidate) }
            for candidate in other.named { transport.keep(named: candidate) }
            transport.isComplete = transport.isComplete || other.isComplete
        }
        return transport
    }

    /// Transports of agreed sections, and of what is pending.
    var usedTransports: Set<Int> {
        var used = Set<Int>()
        for slot in signaling.base?.slots ?? slots where slot.isAgreed && slot.owner != .nobody {
            if let transport = slot.transport { used.insert(transport) }
        }
        for section in signaling.pendingLocal?.sections ?? [] where !section.isRejected {
            if let transport = section.transport { used.insert(transport) }
        }
        return used
    }

    /// Adds to `outcome` what is new since the session was last told.
    mutating func tellTransports(_ outcome: inout NegotiationOutcome) {
        let used = usedTransports
        for id in used.sorted() {
            guard let transport = transports[id], let local = transport.credentials.used else {
                continue
            }
            let told = progress.told[id]
            var change = TransportChange(id: id)
            change.components = transport.components
            change.local = Self.change(to: local, since: told)
            if let remote = transport.remote, told?.remote != remote { change.remote = remote }
            if let dtls = transport.dtls, !dtls.isSame(as: told?.dtls) {
                change.dtls = dtls
                change.dtls?.replaces = told?.dtls != nil
            }
            let isNew = change.local != .unchanged || change.remote != nil || change.dtls != nil
            if isNew || told?.components != change.components {
                outcome.transports.append(change)
            }
            let isOffered = change.remote == nil && told?.remote != nil
            progress.told[id] = ToldTransport(
                local: local,
                replaced: isOffered ? Self.replaced(by: change.local, since: told) : nil,
                components: transport.components,
                remote: transport.remote,
                dtls: transport.dtls
            )
        }
        outcome.closedTransports = progress.told.keys.filter { !used.contains($0) }.sorted()
        for id in outcome.closedTransports { progress.told[id] = nil }
    }

    private static func change(
        to local: ICECredentials,
        since told: ToldTransport?
    ) -> TransportChange.Local {
        guard let told else { return .start(local) }
        guard told.local != local else { return .unchanged }
        return told.replaced == local ? .takeBackRestart : .restart(local)
    }

    /// What a rollback would bring back.
    private static func replaced(
        by change: TransportChange.Local,
        since told: ToldTransport?
    ) -> ICECredentials? {
        switch change {
        case .unchanged: told?.replaced
        case .restart: told?.replaced ?? told?.local
        case .start, .takeBackRestart: nil
        }
    }
}

extension DTLSParameters {
    /// RFC 8842 §3.1: whether the association stays the same; a missing tls-id says nothing.
    fileprivate func isSame(as other: DTLSParameters?) -> Bool {
        guard let other, role == other.role, Set(fingerprints) == Set(other.fingerprints) else {
            return false
        }
        guard let before = other.tlsID, let after = tlsID else { return true }
        return before == after
    }
}

extension DTLSRole {
    /// Who opens DTLS (RFC 8842 §5.3, §5.4).
    init(ours: SetupRole?, theirs: SetupRole?, weOffered: Bool) throws(PeerError) {
        switch (weOffered ? theirs : ours, weOffered) {
        // The answer decides. RFC 4145 §4.1: one without a role is passive.
        case (.active, true), (.passive, false): self = .server
        case (.passive, true), (nil, true), (.active, false): self = .client
        case (.actpass, _), (.holdconn, _), (nil, false):
            throw .invalidAccess(.description(.dtlsRole))
        }
    }
}
