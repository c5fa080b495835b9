import JitterBuffer
import Opus
public import Peer
import Synchronization

/// Audio that comes from the peer.
///
/// Whoever plays it asks for the next frame when it needs one: the asking is the clock that the
/// jitter buffer follows. It decodes beside the connection, so decoding never delays packets.
///
/// ```swift
/// for await frame in track.frames() { speaker.play(frame.samples) }
/// ```
public actor RemoteAudioTrack {
    /// The streams the peer has put the track in, by its newest description.
    public nonisolated var streamIDs: [String] { streams.withLock { $0 } }
    /// The section of the connection that carries the track.
    public nonisolated let transceiver: TransceiverID

    private nonisolated let streams: Mutex<[String]>
    private weak var connection: PeerConnection?
    private var decoder: OpusDecoder?
    private var decoded: [Int16] = []
    /// Where the decoder writes; empty until there is one, since 11 kB are much for a silent track.
    private var room: [Int16] = []

    init(transceiver: TransceiverID, streamIDs: [String], connection: PeerConnection) {
        self.transceiver = transceiver
        streams = Mutex(streamIDs)
        self.connection = connection
    }

    nonisolated func move(to streamIDs: [String]) { streams.withLock { $0 = streamIDs } }

    /// The next 20 ms of mono audio; nil once the connection is closed, or its transceiver is gone.
    ///
    /// What was lost on the way is concealed, and before the first packet there is silence.
    public func nextFrame() async -> AudioFrame? {
        while decoded.count < samplesPerFrame {
            guard let connection, await connection.canBeHeard(transceiver) else { return nil }
            let decision = await connection.nextPlayout(transceiver)
            do throws(OpusError) {
                try play(decision ?? .silence(samples: samplesPerFrame))
            } catch {
                // A packet that cannot be decoded sounds like one that was lost.
                appendSilence(samplesPerFrame)
            }
        }
        let frame = AudioFrame(samples: [Int16](decoded[..<samplesPerFrame]))
        decoded.removeFirst(samplesPerFrame)
        return frame
    }

    /// The track in frames of 20 ms at the pace of real time, until there is nothing more to come.
    public nonisolated func frames() -> Frames { Frames(track: self) }

    private func play(_ decision: PlayoutDecision) throws(OpusError) {
        if decoder == nil {
            switch decision {
            // Nothing was decoded yet: there is nothing to conceal with.
            case .conceal(let samples), .silence(let samples): return appendSilence(samples)
            case .decode, .recover: decoder = try OpusDecoder(channels: channels)
            }
            room = [Int16](repeating: 0, count: maximumSamples * channels)
        }
        var span = room.mutableSpan
        let count: Int?
        switch decision {
        case .decode(let packet):
            count = try decoder?.decode(packet.payload.span, into: &span)
        case .recover(let packet, let samples):
            count = try decoder?.recover(packet.payload.span, samples: samples, into: &span)
        case .conceal(let samples):
            count = try decoder?.conceal(samples: min(samples, maximumSamples), into: &span)
        case .silence(let samples): return appendSilence(samples)
        }
        decoded += room[..<((count ?? 0) * channels)]
    }

    private func appendSilence(_ count: Int) {
        decoded += [Int16](repeating: 0, count: count)
    }
}

extension RemoteAudioTrack {
    /// A remote track as a sequence that takes as long as the audio does.
    public struct Frames: AsyncSequence, Sendable {
        let track: RemoteAudioTrack

        public func makeAsyncIterator() -> Iterator {
            Iterator(track: track, next: ContinuousClock.now)
        }

        /// Keeps its own schedule, so a slow reader does not make the audio slow; one that has
        /// paused goes on with what is said now.
        public struct Iterator: AsyncIteratorProtocol {
            let track: RemoteAudioTrack
            var next: ContinuousClock.Instant

            public mutating func next() async -> AudioFrame? {
                let now = ContinuousClock.now
                if next.duration(to: now) > longestDelay { next = now }
                next += .milliseconds(20)
                // A cancelled task ends the sequence.
                guard (try? await Task.sleep(until: next, clock: .continuous)) != nil else {
                    return nil
                }
                return await track.nextFrame()
            }
        }
    }
}

private let channels = 1
private let samplesPerFrame = 960
/// A reader that is later than this does not catch up any more.
private let longestDelay = Duration.seconds(1)
/// RFC 6716 §2.1.4: at most 120 ms in a packet.
private let maximumSamples = 5_760
