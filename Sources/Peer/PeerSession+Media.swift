public import JitterBuffer
import ICE
public import RTP
import SRTP
public import Wire

/// What goes with one encoded audio frame.
public struct EncodedAudio: Hashable, Sendable {
    /// Samples at 48 kHz since the stream began.
    public var timestamp: UInt32
    /// How loud it is; told to the peer if it negotiated that.
    public var level: AudioLevel?
    /// Whether it is the first after a silence (the RTP marker of RFC 3551 §4.1).
    public var startsTalkspurt: Bool

    /// The frame that begins `timestamp` samples into the stream.
    public init(timestamp: UInt32, level: AudioLevel? = nil, startsTalkspurt: Bool = false) {
        self.timestamp = timestamp
        self.level = level
        self.startsTalkspurt = startsTalkspurt
    }
}

extension PeerSession {
    /// Sends one encoded audio frame, and says whether it left.
    ///
    /// It does not while there is no connection, or the negotiated direction forbids it.
    @discardableResult
    public mutating func sendAudio(
        _ payload: Span<UInt8>,
        _ frame: EncodedAudio,
        on id: TransceiverID,
        at now: Instant
    ) -> Bool {
        let now = clock.advance(to: now)
        guard !isClosed, payload.count <= configuration.maximumAudioPayload,
            let index = media.index(of: id), media.sections[index].parameters.sends,
            let transport = transport(media.sections[index].parameters.component),
            transport.srtp != nil, let path = transport.path
        else { return false }
        guard let route = route(for: path) else { return false }
        let sent = Self.append(payload, frame, index, &media, transport, route, to: &outgoing, now)
        counters.bytesSent += sent
        return sent > 0
    }

    /// What to play next on a track: call whenever more samples are needed.
    public mutating func nextPlayout(_ id: TransceiverID, at now: Instant) -> PlayoutDecision? {
        media.next(id, at: clock.advance(to: now))
    }

    /// Writes the packet in the place it leaves from, and seals it there.
    private static func append(
        _ payload: Span<UInt8>,
        _ frame: EncodedAudio,
        _ index: Int,
        _ media: inout MediaTable,
        _ transport: Transport,
        _ route: Route,
        to batch: inout DatagramBatch,
        _ now: Instant
    ) -> Int {
        batch.append(on: route, capacity: payload.count + headerRoom) { packet in
            do throws(WriteError) {
                let length = try media.write(frame, payload, at: index, into: &packet, now: now)
                return transport.protect(&packet, length: length, isControl: false)
            } catch {
                return 0  // the room is computed for the largest header: nothing is sent
            }
        }
    }

    // MARK: Reports

    mutating func pumpReports(at now: Instant) -> Bool {
        guard media.popReportDue() else { return false }
        // Without a way out the interval goes on, and the next report tells of all of it.
        for (stream, transport, path) in controlPaths {
            let packets = media.report(on: stream, ntp: clock.ntp, at: now)
            if !packets.isEmpty { send(packets, on: transport, path) }
        }
        media.turnReports()
        return true
    }

    /// Says goodbye for all that was sent, if there is a way to.
    mutating func sendGoodbye() {
        for (stream, transport, path) in controlPaths {
            let packets = media.goodbye(on: stream)
            if !packets.isEmpty { send(packets, on: transport, path) }
        }
    }

    /// RTCP of a section takes the transport of the section, or its component for RTCP.
    private var controlPaths: [(Int, Transport, Transport.Path)] {
        var streams: [Int] = []
        for transport in transports where !streams.contains(transport.component.stream) {
            streams.append(transport.component.stream)
        }
        return streams.compactMap { stream in
            guard let transport = controlTransport(of: stream), transport.srtp != nil,
                let path = transport.path
            else { return nil }
            return (stream, transport, path)
        }
    }

    /// Sends one compound packet.
    private mutating func send(
        _ packets: [RTCPPacket],
        on transport: Transport,
        _ path: Transport.Path
    ) {
        guard let route = route(for: path) else { return }
        let size = outgoing.append(on: route, capacity: controlRoom) { packet in
            do throws(WriteError) {
                let length = try CompoundPacket.write(packets, into: &packet)
                return transport.protect(&packet, length: length, isControl: true)
            } catch {
                return 0
            }
        }
        counters.bytesSent += size
        media.noteSent(size: size, at: clock.now)
    }
}

/// An RTP header with the extensions we write, and the longest SRTP trailer.
private let headerRoom = 12 + 4 + 40 + 32
/// The largest compound packet, and the longest SRTCP trailer.
private let controlRoom = 1_200
