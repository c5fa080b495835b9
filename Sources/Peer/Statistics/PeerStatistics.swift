public import ICE
public import JitterBuffer
import RTP
public import Wire

/// What a session knows of itself at one moment.
public struct PeerStatistics: Sendable {
    public var at: Instant
    public var connectionState: PeerConnectionState
    /// The path packets take; nil before there is one.
    public var path: SelectedPath?
    /// The round trip of that path, as consent checks measure it.
    public var roundTripTime: Duration?
    /// When the session was made, and how long each step to the first call took.
    public var timeline: PeerTimeline
    public var counters: PeerCounters
    /// Every pair of candidates and how its checks went.
    public var ice: ICEStatistics
    /// One entry a transport: its candidates, its path and its DTLS.
    public var transports: [TransportStatistics]
    /// Why servers gave no candidates, the newest last.
    public var gatheringErrors: [ICECandidateError]
    /// One entry a section that has sent.
    public var sent: [SentAudioStatistics]
    /// One entry a section that has received.
    public var received: [ReceivedAudioStatistics]
}

/// When a session reached what, counted from its first description.
public struct PeerTimeline: Hashable, Sendable {
    /// The first local or remote description was set.
    public internal(set) var began: Instant?
    /// ICE found a path that works.
    public internal(set) var pathFound: Instant?
    /// DTLS was done and keys were installed.
    public internal(set) var connected: Instant?
    /// The first audio packet arrived.
    public internal(set) var firstAudio: Instant?
}

/// What was sent on one section (W3C `RTCOutboundRtpStreamStats`, `RTCRemoteInboundRtpStreamStats`).
public struct SentAudioStatistics: Hashable, Sendable {
    public var transceiver: TransceiverID
    public var ssrc: UInt32
    public var packetsSent: Int
    public var bytesSent: Int
    /// From the peer's reports; nil before the first.
    public var roundTripTime: Duration?
    /// The share of packets the peer says it did not get since its last report.
    public var remoteFractionLost: Double?
    /// Packets the peer says it did not get since the beginning.
    public var remotePacketsLost: Int?
}

/// What was received on one section (W3C `RTCInboundRtpStreamStats`).
public struct ReceivedAudioStatistics: Sendable {
    public var transceiver: TransceiverID
    public var ssrc: UInt32
    public var packetsReceived: Int
    public var packetsLost: Int
    /// Interarrival jitter (RFC 3550 §6.4.1).
    public var jitter: Duration
    /// How much the jitter buffer holds back at the moment.
    public var bufferDelay: Duration
    public var jitterBuffer: JitterStatistics
}

extension PeerSession {
    /// What the session has counted and measured so far.
    public func statistics(at now: Instant) -> PeerStatistics {
        PeerStatistics(
            at: now,
            connectionState: published.connection,
            path: transports.first.flatMap { agent.selectedPair(of: $0.component) }.map {
                SelectedPath(local: $0.local, remote: $0.remote)
            },
            roundTripTime: agent.roundTripTime,
            timeline: published.timeline,
            counters: allCounters,
            ice: agent.statistics,
            transports: transportStatistics,
            gatheringErrors: gathering.errors,
            sent: media.sections.compactMap(\.sentStatistics),
            received: media.sections.compactMap(\.receivedStatistics)
        )
    }

    private var allCounters: PeerCounters {
        var all = counters
        all.unroutedPackets = media.unroutedPackets
        all.droppedEarlyPackets = transports.reduce(0) { $0 + $1.early.dropped }
        return all
    }
}

extension MediaSection {
    fileprivate var sentStatistics: SentAudioStatistics? {
        guard let sender else { return nil }
        return SentAudioStatistics(
            transceiver: parameters.id,
            ssrc: sender.rtp.ssrc,
            packetsSent: Int(sender.rtp.packetCount),
            bytesSent: Int(sender.rtp.octetCount),
            roundTripTime: sender.rtp.roundTripTime,
            remoteFractionLost: sender.isKnownToPeer ? sender.rtp.remote.fractionLost : nil,
            remotePacketsLost: sender.isKnownToPeer ? sender.rtp.remote.packetsLost : nil
        )
    }

    fileprivate var receivedStatistics: ReceivedAudioStatistics? {
        guard let receiver else { return nil }
        return ReceivedAudioStatistics(
            transceiver: parameters.id,
            ssrc: receiver.rtp.ssrc,
            packetsReceived: receiver.rtp.packetsReceived,
            packetsLost: receiver.rtp.packetsLost,
            jitter: .seconds(receiver.rtp.jitter),
            bufferDelay: receiver.buffer.currentDelay,
            jitterBuffer: receiver.buffer.statistics
        )
    }
}
