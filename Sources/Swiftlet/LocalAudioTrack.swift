import Opus
public import Peer
import RTP

/// Audio on its way to the peer.
///
/// Give it samples as they come; it cuts them into packets of 20 ms, encodes and sends them. It runs
/// beside the connection, so encoding never delays packets.
///
/// ```swift
/// let track = try await peer.addAudioTrack()
/// try await track.send(AudioFrame(samples: samples))
/// ```
public actor LocalAudioTrack {
    private let id: TransceiverID
    private let mailbox: Mailbox
    private let configuration: OpusEncoderConfiguration
    private var encoder: OpusEncoder?
    private var pending: [Int16] = []
    private var timestamp: UInt32 = 0
    private var startsTalkspurt = true
    private var packet = [UInt8](repeating: 0, count: maximumPacketSize)

    init(id: TransceiverID, mailbox: Mailbox, configuration: OpusEncoderConfiguration) {
        self.id = id
        self.mailbox = mailbox
        self.configuration = configuration
    }

    /// The section of the connection that carries the track.
    public nonisolated var transceiver: TransceiverID { id }

    /// Encodes and sends `frame`; what does not fill a packet waits for the next call.
    ///
    /// Frames sent while there is no connection are lost, as live audio must be. It never waits for
    /// the network: send at the pace of real time, for what runs seconds ahead of it is dropped.
    public func send(_ frame: AudioFrame) throws(PeerConnectionError) {
        append(frame)
        let count = samplesPerPacket * configuration.channels
        var start = 0
        while pending.count - start >= count {
            try encode(start..<start + count)
            start += count
        }
        pending.removeFirst(start)
    }

    /// Lets `samples` of time pass in which nothing is sent, as when the microphone is muted.
    public func skip(samples: Int) {
        // What did not fill a packet is not sent any more, but its time has passed as well.
        let unsent = pending.count / max(1, configuration.channels)
        pending.removeAll(keepingCapacity: true)
        timestamp &+= UInt32(truncatingIfNeeded: unsent + samples)
        startsTalkspurt = true
    }

    private func append(_ frame: AudioFrame) {
        switch (frame.channels, configuration.channels) {
        case (1, 2):
            for sample in frame.samples { pending += [sample, sample] }
        case (2, 1):
            for index in stride(from: 0, to: frame.samples.count - 1, by: 2) {
                pending.append(
                    Int16((Int(frame.samples[index]) + Int(frame.samples[index + 1])) / 2)
                )
            }
        default: pending += frame.samples
        }
    }

    private func encode(_ range: Range<Int>) throws(PeerConnectionError) {
        let level = AudioLevel(of: pending[range])
        let payload: [UInt8]
        do throws(OpusError) {
            if encoder == nil { encoder = try OpusEncoder(configuration: configuration) }
            let length = try encodePacket(range)
            payload = [UInt8](packet[..<length])
        } catch {
            throw .audio(error)
        }
        let frame = EncodedAudio(
            timestamp: timestamp,
            level: level,
            startsTalkspurt: startsTalkspurt
        )
        timestamp &+= UInt32(samplesPerPacket)
        startsTalkspurt = false
        mailbox.post(Mailbox.Letter(id: id, payload: payload, frame: frame))
    }

    private func encodePacket(_ range: Range<Int>) throws(OpusError) -> Int {
        let samples = pending.span.extracting(range)
        var room = packet.mutableSpan
        return try encoder?.encode(samples, into: &room) ?? 0
    }
}

extension AudioLevel {
    /// The level of `samples` as RFC 6465 §3 measures it, in decibels below overload.
    init(of samples: ArraySlice<Int16>) {
        var energy = 0.0
        for sample in samples { energy += Double(sample) * Double(sample) }
        let level = AudioMeasure.decibelsBelowOverload(
            meanSquare: energy / Double(max(samples.count, 1))
        )
        self.init(level: level, hasVoice: level < voiceThreshold)
    }
}

/// RFC 7587 §4.2: 20 ms suit most uses.
private let samplesPerPacket = 960
/// RFC 6716 §3.4: no Opus packet of 20 ms is larger.
private let maximumPacketSize = 1_276
/// Louder than this counts as somebody speaking.
private let voiceThreshold: UInt8 = 50
