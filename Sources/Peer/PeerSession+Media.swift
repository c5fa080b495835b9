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
        let before = outgoing.bytes.count
        Self.append(payload, frame, index, &media, transport, path, to: &outgoing, now)
        counters.bytesSent += outgoing.bytes.count - before
        return outgoing.bytes.count > before
    }

    /// What to play next on a track: call whenever more samples are needed.
    public mutating func nextPlayout(_ id: TransceiverID, at now: Instant) -> PlayoutDecision? {
        media.next(id, at: clock.advance(to: now))
    }

    func transport(_ stream: Int) -> Transport? {
        transports.first { $0.component.stream == stream }
    }

    /// Writes the packet in the place it leaves from, and seals it there.
    private static func append(
        _ payload: Span<UInt8>,
        _ frame: EncodedAudio,
        _ index: Int,
        _ media: inout MediaTable,
        _ transport: Transport,
        _ path: Transport.Path,
        to batch: inout DatagramBatch,
        _ now: Instant
    ) {
        let capacity = payload.count + headerRoom
        batch.append(from: path.local, to: path.remote, capacity: capacity) { packet in
            do throws(WriteError) {
                let length = try media.write(frame, payload, at: index, into: &packet, now: now)
                return transport.protect(&packet, length: length)
            } catch {
                return 0  // the room is computed for the largest header: nothing is sent
            }
        }
    }

    // MARK: Reports

    mutating func pumpReports(at now: Instant) -> Bool {
        guard media.popReportDue() else { return false }
        // Without a way out the interval goes on, and the next report tells of all of it.
        guard let (transport, path) = controlPath else { return true }
        send(media.report(ntp: clock.ntp, at: now), on: transport, path)
        return true
    }

    /// Says goodbye for all that was sent, if there is a way to.
    mutating func sendGoodbye() {
        guard let (transport, path) = controlPath else { return }
        send(media.goodbye(), on: transport, path)
    }

    /// RTCP of all sections takes the first transport that can carry it.
    private var controlPath: (Transport, Transport.Path)? {
        guard let transport = transports.first(where: { $0.srtp != nil }),
            let path = transport.path
        else { return nil }
        return (transport, path)
    }

    /// Sends one compound packet.
    private mutating func send(
        _ packets: [RTCPPacket],
        on transport: Transport,
        _ path: Transport.Path
    ) {
        let before = outgoing.bytes.count
        outgoing.append(from: path.local, to: path.remote, capacity: controlRoom) { packet in
            do throws(WriteError) {
                let length = try CompoundPacket.write(packets, into: &packet)
                return transport.protectControl(&packet, length: length)
            } catch {
                return 0
            }
        }
        let size = outgoing.bytes.count - before
        counters.bytesSent += size
        media.noteSent(size: size, at: clock.now)
    }
}

extension Transport {
    /// Zero if SRTP refuses: then nothing leaves in the clear.
    fileprivate func protect(_ packet: inout MutableSpan<UInt8>, length: Int) -> Int {
        do throws(SRTPError) {
            return try srtp?.protect(&packet, length: length) ?? 0
        } catch {
            return 0
        }
    }

    fileprivate func protectControl(_ packet: inout MutableSpan<UInt8>, length: Int) -> Int {
        do throws(SRTPError) {
            return try srtp?.protectControl(&packet, length: length) ?? 0
        } catch {
            return 0
        }
    }
}

/// An RTP header with the extensions we write, and the longest SRTP trailer.
private let headerRoom = 12 + 4 + 40 + 32
/// The largest compound packet, and the longest SRTCP trailer.
private let controlRoom = 1_200
