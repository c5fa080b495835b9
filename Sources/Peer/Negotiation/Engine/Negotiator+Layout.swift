import DTLS
import ICE
import SDP
import Wire

// Which transports an answer of ours uses (RFC 9143 §7.3).
extension Negotiator {
    /// Gives every section that may be accepted its transport.
    mutating func layTransports(_ offer: RemoteDescription) throws(PeerError) {
        var taken = Set<Int>()
        for members in offer.groups {
            let accepted = members.filter { slots[$0].isAcceptable && slots[$0].owner != .nobody }
            guard let tagged = accepted.first else { continue }
            try requireUsable(offer.transport(of: tagged))
            let known = members.first { slots[$0].isAgreed && slots[$0].isGrouped } ?? tagged
            let kept = slots[known].isAgreed ? slots[known].transport : nil
            let transport = kept ?? transports.make(components: 1, entropy: &entropy)
            taken.insert(transport)
            for index in accepted {
                slots[index].transport = transport
                slots[index].isGrouped = true
            }
        }
        for section in offer.sections {
            let index = section.index
            guard slots[index].isAcceptable, slots[index].owner != .nobody,
                offer.group(of: index) == nil
            else { continue }
            try requireUsable(offer.transport(of: index))
            let transport =
                transport(kept: slots[index], at: index, offer, taken)
                ?? transports.make(components: 1, entropy: &entropy)
            taken.insert(transport)
            slots[index].transport = transport
            slots[index].isGrouped = false
        }
        for (id, index) in speakers(in: offer).sorted(by: { $0.key < $1.key }) {
            prepare(id, offered: offer.transport(of: index))
        }
    }

    /// The transport that a section had and has now by itself.
    ///
    /// One that was in a group keeps that transport if it speaks for it still: under the same
    /// credentials. What leaves the group has others (RFC 9143 §7.5.2).
    private func transport(
        kept slot: SectionSlot,
        at index: Int,
        _ offer: RemoteDescription,
        _ taken: Set<Int>
    ) -> Int? {
        guard slot.isAgreed, let id = slot.transport, !taken.contains(id) else { return nil }
        guard slot.isGrouped else { return id }
        let isSame = transports[id]?.remote?.credentials == offer.transport(of: index).credentials
        return isSame ? id : nil
    }

    /// RFC 8839 §4.4.1.1: other credentials than before are an ICE restart, and ours change as well.
    private mutating func prepare(_ id: Int, offered: RemoteTransport) {
        guard var transport = transports[id] else { return }
        let isRestart = transport.remote.map { $0.credentials != offered.credentials } ?? false
        transport.prepare(restarting: isRestart, entropy: &entropy)
        if let dtls = transport.dtls, dtls.isReplaced(by: offered) {
            // RFC 8842 §5.3: a new association has a new name on both sides.
            transport.tlsID = Hex.encode(entropy.bytes(16))
        }
        transports[id] = transport
    }

    /// The section that speaks for each transport: the first that rides on it, in its group's order.
    func speakers(in offer: RemoteDescription) -> [Int: Int] {
        var speakers: [Int: Int] = [:]
        func note(_ index: Int) {
            guard let id = slots[index].transport, slots[index].isAcceptable,
                isLive(slots[index].owner), speakers[id] == nil
            else { return }
            speakers[id] = index
        }
        for members in offer.groups {
            for index in members { note(index) }
        }
        for index in slots.indices { note(index) }
        return speakers
    }

    /// Whether a section's owner still wants it.
    func isLive(_ owner: SectionSlot.Owner) -> Bool {
        switch owner {
        case .transceiver(let id): transceivers[id]?.life == .running
        case .data: true
        case .nobody: false
        }
    }

    /// A description that offers something usable must say how to reach and recognise the peer.
    func requireUsable(_ transport: RemoteTransport) throws(PeerError) {
        // RFC 8839 §5.4. Characters beyond ice-char are borne: programs write them.
        guard let credentials = transport.credentials,
            4...256 ~= credentials.usernameFragment.utf8.count,
            22...256 ~= credentials.password.utf8.count
        else { throw .invalidAccess(.description(.iceCredentials)) }
        guard transport.fingerprints.areCheckable else {
            throw .invalidAccess(.description(.fingerprint))
        }
    }
}

extension DTLSParameters {
    /// RFC 8842 §3.1: whether the peer asks for another association.
    func isReplaced(by offered: RemoteTransport) -> Bool {
        if Set(fingerprints) != Set(offered.fingerprints) { return true }
        guard let before = tlsID, let after = offered.tlsID else { return false }
        return before != after
    }
}
