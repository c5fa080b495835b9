import STUN
import TURN
import Wire

// Relays through streams, and peers that relays let pass.
extension Gatherer {
    /// A stream is open: the relay behind it can be asked for.
    mutating func streamOpened(_ id: Int, on local: SocketAddress, at now: Instant) {
        guard let index = relays.firstIndex(where: { $0.hop == .opening(id) }) else {
            return outputs.append(.network(.closeStream(id)))
        }
        relays[index].hop = .stream(id, local: local)
        relays[index].client.start(at: now)
        settle(at: now)
    }

    /// A socket is open: the relay behind it is asked for from there.
    mutating func socketOpened(_ id: Int, on local: SocketAddress, at now: Instant) {
        guard let index = relays.firstIndex(where: { $0.hop == .binding(id) }) else {
            return outputs.append(.network(.closeSocket(local)))
        }
        relays[index].hop = .socket(local)
        relays[index].client.start(at: now)
        settle(at: now)
    }

    /// There is no other socket for a relay: it has nothing to be reached from.
    mutating func socketFailed(_ id: Int, at now: Instant) {
        guard let index = relays.firstIndex(where: { $0.hop == .binding(id) }) else { return }
        outputs.append(.failed(relays.remove(at: index).failure(.allocationMismatch)))
        settle(at: now)
    }

    /// Takes bytes of a stream; returns the packets of peers in them.
    mutating func receive(
        _ bytes: Span<UInt8>,
        fromStream id: Int,
        at now: Instant
    ) -> [Datagram] {
        guard let index = relays.firstIndex(where: { $0.stream == id }) else { return [] }
        var packets: [Datagram] = []
        // Taken out, lest what it keeps of a frame be copied with every read.
        var framing = STUNStreamFraming(acceptsChannelData: true)
        swap(&framing, &relays[index].framing)
        do throws(ParseError) {
            try framing.receive(bytes) { frame in
                let server = relays[index].client.server
                guard let data = relays[index].client.receive(frame, from: server, at: now),
                    let relayed = relays[index].relayed(for: data.peer)
                else { return }
                let payload = [UInt8](copying: frame.extracting(data.payload))
                packets.append(Datagram(from: data.peer, to: relayed, payload: payload))
            }
        } catch {
            // What follows cannot be understood: the stream is of no use any more.
            outputs.append(.network(.closeStream(id)))
            streamClosed(id, at: now)
            return packets
        }
        relays[index].framing = framing
        settle(at: now)
        return packets
    }

    /// A stream has ended, or was never there: its relay has gone with it.
    mutating func streamClosed(_ id: Int, at now: Instant) {
        guard let index = relays.firstIndex(where: { $0.stream == id }) else { return }
        let relay = relays.remove(at: index)
        outputs.append(
            .failed(
                ICECandidateError(
                    local: relay.local.map { "\($0)" },
                    url: relay.url,
                    errorText: relay.local == nil
                        ? "the server cannot be connected to" : "the server closed the connection"
                )
            )
        )
        if relay.isInUse { outputs.append(.lost(relay.addresses, relay.component)) }
        settle(at: now)
    }

    /// Lets packets of `peer` pass the relay of `relayed`.
    mutating func permit(
        _ peer: SocketAddress,
        through relayed: SocketAddress,
        at now: Instant
    ) {
        guard let index = relays.firstIndex(where: { $0.owns(relayed) }) else { return }
        relays[index].client.permit(peer, at: now)
        drainRelays(at: now)
    }

    /// Asks for a channel to `peer`.
    mutating func bindChannel(
        to peer: SocketAddress,
        through relayed: SocketAddress,
        at now: Instant
    ) {
        guard let index = relays.firstIndex(where: { $0.owns(relayed) }) else { return }
        relays[index].client.bindChannel(peer, at: now)
        drainRelays(at: now)
    }
}
