public import LinuxIO
public import TLSStreams
import STUN
import TURN
import Wire

extension TURNService: DatagramOwner, LoopClient {
    public nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { service in
            if let relay = service.sockets.relay(of: socket) {
                service.takeFromPeers(relay, socket)
            } else {
                service.takeFromClients(socket)
            }
            service.finishTurn()
        }
    }

    public nonisolated func deadlinePassed() { assumeIsolated { $0.deadlineCame() } }

    public nonisolated func signalled() {}

    /// Datagrams of clients: what one relay sends leaves it together, however clients take turns.
    private func takeFromClients(_ socket: UDPSocket) {
        let now = loop.now
        let local = address
        loop.withBatch { batch in
            socket.receive { datagram, source in
                let path = TURNPath(from: source, to: local)
                let forward = server.receive(datagram.span, on: path, at: now)
                guard let forward, let relay = sockets.relays[forward.relay] else { return }
                if filled.last !== relay, !filled.contains(where: { $0 === relay }) {
                    filled.append(relay)
                }
                batch.append(
                    from: relay.localAddress,
                    to: forward.peer,
                    copying: datagram.span.extracting(forward.payload)
                )
            }
            for relay in filled { relay.send(from: batch) }
            filled.removeAll(keepingCapacity: true)
            batch.removeAll()
        }
    }

    /// Datagrams of peers, all for one client.
    private func takeFromPeers(_ relay: TURNRelayID, _ socket: UDPSocket) {
        let now = loop.now
        loop.withBatch { batch in
            socket.receive { datagram, source in
                let count = datagram.count
                let delivery = server.receive(count: count, from: source, at: relay, at: now)
                guard let delivery else { return }
                switch delivery.path.transport {
                case .datagram:
                    batch.append(
                        from: delivery.path.server,
                        to: delivery.path.client,
                        capacity: delivery.framing.headerLength + count + TURNFraming.maximumPadding
                    ) { slot in
                        slot.replace(at: delivery.framing.headerLength, with: datagram.span)
                        return delivery.framing.finish(&slot, payloadCount: count) ?? 0
                    }
                case .stream: send(datagram.span, delivery)
                }
            }
            sockets.datagrams?.send(&batch)
        }
    }

    private func send(_ payload: Span<UInt8>, _ delivery: TURNDelivery) {
        guard let transport = sockets.relayingTransport(of: delivery.path) else { return }
        let header = delivery.framing.headerLength
        let capacity = header + payload.count + TURNFraming.maximumPadding
        var message = [UInt8](repeating: 0, count: capacity)
        var span = message.mutableSpan
        span.replace(at: header, with: payload)
        guard let length = delivery.framing.finish(&span, payloadCount: payload.count) else {
            return
        }
        message.removeLast(capacity - length)
        transport.send(message)
    }
}

// MARK: - Streams

extension TURNService: TCPListenerOwner, TCPStreamOwner, TLSStreamOwner {
    public nonisolated func accepted(_ stream: TCPStream, by listener: TCPListener) {
        assumeIsolated { $0.accept(stream, by: listener) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        assumeIsolated { $0.take(bytes, from: ObjectIdentifier(stream)) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TLSStream) {
        assumeIsolated { $0.take(bytes, from: ObjectIdentifier(stream)) }
    }

    public nonisolated func drained(_ stream: TCPStream) {
        assumeIsolated { $0.sockets.resume(ObjectIdentifier(stream)) }
    }

    public nonisolated func drained(_ stream: TLSStream) {
        assumeIsolated { $0.sockets.resume(ObjectIdentifier(stream)) }
    }

    public nonisolated func closed(_ stream: TCPStream, error _: SystemError?) {
        assumeIsolated { $0.forget(ObjectIdentifier(stream)) }
    }

    public nonisolated func closed(_ stream: TLSStream, error _: TLSStreamError?) {
        assumeIsolated { $0.forget(ObjectIdentifier(stream)) }
    }

    private func take(_ bytes: [UInt8], from id: ObjectIdentifier) {
        guard let path = sockets.path(of: id), var stream = sockets.takeStream(of: path) else {
            return
        }
        let now = loop.now
        var hasEnded = false
        do throws(ParseError) {
            try stream.framing.receive(bytes.span) { frame in
                guard let forward = server.receive(frame, on: path, at: now) else { return }
                sockets.relays[forward.relay]?.send(
                    frame.extracting(forward.payload),
                    to: forward.peer
                )
            }
        } catch {
            hasEnded = true
        }
        let transport = stream.transport
        sockets.putBack(stream, path)
        if server.hasAllocation(on: path) { sockets.noteAllocation(on: path, at: now) }
        finishTurn()
        guard hasEnded else { return }
        transport.close()
        forget(id)
    }
}
