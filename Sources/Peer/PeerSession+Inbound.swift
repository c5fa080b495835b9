import DTLS
import ICE
import RTP
import SRTP
public import Wire

extension PeerSession {
    /// Takes one datagram that arrived on the socket bound to `local`.
    ///
    /// Media is decrypted in place: the bytes are changed.
    public mutating func receive(
        _ datagram: inout MutableSpan<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed, datagram.count > 1 else { return }
        counters.bytesReceived += datagram.count
        if !gathering.gatherer.isIdle, transport == .udp {
            let arrival = gathering.gatherer.receive(
                datagram.span,
                from: source,
                on: local,
                at: now
            )
            switch arrival {
            case .foreign: break
            case .taken: return pump(at: now)
            case .relayed(let range, let peer, let relayed):
                // What a relay has wrapped is read where it lies.
                var inner = datagram._mutatingExtracting(range)
                return receive(&inner, from: peer, on: relayed, at: now)
            }
        }
        sort(&datagram, from: source, on: local, over: transport, at: now)
        pump(at: now)
    }

    /// Hands a datagram to the protocol its first byte belongs to.
    private mutating func sort(
        _ datagram: inout MutableSpan<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol,
        at now: Instant
    ) {
        switch PacketKind(firstByte: datagram[0]) {
        case .stun: agent.receive(datagram.span, from: source, on: local, over: transport, at: now)
        case .dtls:
            receiveDTLS(
                datagram.span,
                Transport.Path(local: local, remote: source, transport: transport),
                at: now
            )
        case .media:
            receiveMedia(
                &datagram,
                Transport.Path(local: local, remote: source, transport: transport),
                at: now
            )
        case .turnChannel, nil: counters.unknownPackets += 1
        }
    }

    private mutating func receiveDTLS(
        _ datagram: Span<UInt8>,
        _ path: Transport.Path,
        at now: Instant
    ) {
        guard let transport = transport(of: path) else {
            counters.unknownPackets += 1
            return
        }
        if transport.dtls != nil, isValidated(path, for: transport) {
            transport.dtls?.receive(datagram, at: now)
        } else if transport.awaitsHandshake {
            transport.early.keep(
                datagram,
                of: isHeard(path, for: transport) ? .checked : .stranger,
                from: path.remote,
                on: path.local,
                over: path.transport
            )
        } else {
            counters.unknownPackets += 1
        }
    }

    private mutating func receiveMedia(
        _ datagram: inout MutableSpan<UInt8>,
        _ path: Transport.Path,
        at now: Instant
    ) {
        guard let transport = transport(of: path), transport.srtp != nil,
            isValidated(path, for: transport)
        else {
            counters.earlyMediaPackets += 1
            return
        }
        let isControl = PacketKind.isControl(secondByte: datagram[1])
        do throws(SRTPError) {
            let length = try transport.unprotect(&datagram, isControl: isControl)
            // RFC 7675 §5.1: no consent, but a sign of life.
            if transport.notesSign(on: path, at: now) {
                agent.noteReceived(
                    from: path.remote,
                    on: path.local,
                    over: path.transport,
                    at: now
                )
            }
            let packet = datagram.span.extracting(0..<length)
            if isControl {
                receiveControl(packet, at: now)
            } else {
                receiveRTP(packet, on: transport.component.stream, at: now)
            }
        } catch {
            counters.unauthenticPackets += 1
        }
    }

    private mutating func receiveRTP(
        _ packet: Span<UInt8>,
        on stream: Int,
        at now: Instant
    ) {
        do throws(ParseError) {
            let header = try RTPHeader(parsing: packet)
            for event in media.receive(header, packet, on: stream, at: now) {
                outputs.append(.event(event))
            }
            if published.timeline.firstAudio == nil { published.timeline.firstAudio = now }
        } catch {
            counters.malformedPackets += 1
        }
    }

    private mutating func receiveControl(_ packet: Span<UInt8>, at now: Instant) {
        do throws(ParseError) {
            let packets = try CompoundPacket.parse(packet)
            for event in media.receive(packets, size: packet.count, at: now) {
                outputs.append(.event(event))
            }
        } catch {
            counters.malformedPackets += 1
        }
    }
}
