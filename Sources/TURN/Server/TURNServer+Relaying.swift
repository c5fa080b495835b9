import STUN
public import Wire

extension TURNServer {
    /// Takes a message of a client, or of a stranger.
    ///
    /// Returns what to relay if there is something, copying nothing. Over a stream the owner cuts
    /// the bytes into messages with `STUNStreamFraming`.
    public mutating func receive(
        _ bytes: Span<UInt8>,
        on path: TURNPath,
        at now: Instant
    ) -> TURNForward? {
        note(now)
        if ChannelData.isPlausible(bytes) { return forwardChannelData(bytes, path) }
        guard STUNPacket.isPlausible(bytes), let packet = try? STUNPacket(parsing: bytes) else {
            return nil
        }
        switch packet.messageClass {
        case .request:
            receiveRequest(packet, bytes, path)
            return nil
        case .indication:
            return packet.method == .send ? forwardSend(packet, bytes, path) : nil
        case .success, .error: return nil
        }
    }

    /// RFC 8656 §12.6.
    @inline(__always)
    private mutating func forwardChannelData(
        _ bytes: Span<UInt8>,
        _ path: TURNPath
    ) -> TURNForward? {
        guard let (number, payload) = ChannelData.read(bytes),
            let place = allocations.place(of: path)
        else { return nil }
        guard let peer = allocations.peer(of: number, from: place, at: clock) else {
            statistics.unpermitted &+= 1
            return nil
        }
        return forward(payload, to: peer, from: place)
    }

    /// RFC 8656 §11.2.
    private mutating func forwardSend(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ path: TURNPath
    ) -> TURNForward? {
        // An indication that asks for what is not known here is dropped, as DONT-FRAGMENT is: RFC
        // 8656 §11.2 has no answer to an indication.
        guard let place = allocations.place(of: path),
            let peer = packet.maskedAddress(.xorPeerAddress, in: bytes),
            let payload = packet.range(of: .data, in: bytes),
            !packet.has(.dontFragment, in: bytes),
            packet.unknownRequiredAttributes(in: bytes, understanding: [.binding, .relay]).isEmpty
        else { return nil }
        guard allocations.permits(peer.address, of: place, at: clock) else {
            statistics.unpermitted &+= 1
            return nil
        }
        return forward(payload, to: peer, from: place)
    }

    @inline(__always)
    private mutating func forward(
        _ payload: Range<Int>,
        to peer: SocketAddress,
        from place: Int
    ) -> TURNForward? {
        guard let generation = allocations.generation(of: place), peer.port != 0, mayReach(peer)
        else { return nil }
        guard allocations.takeOutgoing(payload.count, of: place, at: clock) else {
            statistics.overLimit &+= 1
            return nil
        }
        statistics.packetsOut &+= 1
        statistics.bytesOut &+= UInt64(payload.count)
        let relay = TURNRelayID(
            slot: place,
            generation: generation,
            family: peer.address.family
        )
        return TURNForward(relay: relay, peer: peer, payload: payload)
    }

    /// A packet of `count` bytes has come from `peer` to a relay (RFC 8656 §11.3, §12.7).
    ///
    /// Returns where it goes and what to write around it; nil if it is to be dropped.
    public mutating func receive(
        count: Int,
        from peer: SocketAddress,
        at relay: TURNRelayID,
        at now: Instant
    ) -> TURNDelivery? {
        note(now)
        guard let place = allocations.place(of: relay), let path = allocations.path(of: place)
        else {
            return nil
        }
        guard allocations.permits(peer.address, of: place, at: clock) else {
            statistics.unpermitted &+= 1
            return nil
        }
        guard allocations.takeIncoming(count, of: place, at: clock) else {
            statistics.overLimit &+= 1
            return nil
        }
        statistics.packetsIn &+= 1
        statistics.bytesIn &+= UInt64(truncatingIfNeeded: max(count, 0))
        if let number = allocations.channel(to: peer, of: place, at: clock) {
            return TURNDelivery(path: path, framing: .channel(number, over: path.transport))
        }
        let bits = identifiers.next()
        let id = STUNTransactionID(
            high: UInt32(truncatingIfNeeded: bits),
            low: identifiers.next()
        )
        return TURNDelivery(path: path, framing: .indication(.data, peer, id: id))
    }
}
