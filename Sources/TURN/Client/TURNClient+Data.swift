import STUN
public import Wire

/// A packet of a peer, which lies within the message that brought it.
public struct TURNReceived: Hashable, Sendable {
    /// Who sent it.
    public var peer: SocketAddress
    /// Where in the message the packet lies.
    public var payload: Range<Int>
}

extension TURNClient {
    /// Takes a message that came on the client's path, from `source`.
    ///
    /// Returns the packet of a peer if there is one in it, copying nothing. Whatever does not come
    /// from the server, or is from a peer without a permission, is dropped.
    public mutating func receive(
        _ bytes: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant
    ) -> TURNReceived? {
        guard source == server else { return nil }
        note(now)
        if ChannelData.isPlausible(bytes) { return channelData(in: bytes) }
        guard STUNPacket.isPlausible(bytes), let packet = try? STUNPacket(parsing: bytes) else {
            return nil
        }
        switch packet.messageClass {
        case .indication: return dataIndication(packet, in: bytes)
        case .success, .error:
            receiveAnswer(packet, bytes)
            return nil
        case .request: return nil
        }
    }

    @inline(__always)
    private func channelData(in bytes: Span<UInt8>) -> TURNReceived? {
        guard let (number, payload) = ChannelData.read(bytes), let peer = channels.peer(of: number)
        else { return nil }
        return TURNReceived(peer: peer, payload: payload)
    }

    /// RFC 8656 §11.4.
    private func dataIndication(_ packet: STUNPacket, in bytes: Span<UInt8>) -> TURNReceived? {
        guard packet.method == .data, let peer = packet.maskedAddress(.xorPeerAddress, in: bytes),
            permissions.admits(peer.address), let payload = packet.range(of: .data, in: bytes)
        else { return nil }
        return TURNReceived(peer: peer, payload: payload)
    }

    /// What to write around a packet for `peer`; nil while the peer is not permitted.
    ///
    /// The message goes to ``server``. Costs no memory.
    public mutating func framing(to peer: SocketAddress) -> TURNFraming? {
        guard case .allocated(let allocation) = phase else { return nil }
        traffic.hasSent = true
        if let number = channels.number(for: peer) {
            return .channel(number, over: configuration.transport)
        }
        guard permissions.admits(peer.address) else { return nil }
        let bits = traffic.identifiers.next()
        let id = STUNTransactionID(
            high: UInt32(truncatingIfNeeded: bits),
            low: traffic.identifiers.next()
        )
        return .indication(.send, peer, id: id, doesNotFragment: allocation.doesNotFragment)
    }

    /// A message that carries a copy of `payload` to `peer`; nil while the peer is not permitted.
    ///
    /// For packets at full speed there is ``framing(to:)``.
    public mutating func wrap(_ payload: Span<UInt8>, to peer: SocketAddress) -> [UInt8]? {
        guard let framing = framing(to: peer) else { return nil }
        let capacity = framing.headerLength + payload.count + TURNFraming.maximumPadding
        var message = [UInt8](repeating: 0, count: capacity)
        var span = message.mutableSpan
        span.replace(at: framing.headerLength, with: payload)
        guard let length = framing.finish(&span, payloadCount: payload.count) else { return nil }
        message.removeLast(capacity - length)
        return message
    }
}
