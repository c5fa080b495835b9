import COpus

/// Turns Opus packets into samples, and makes up what is missing (RFC 6716 §4).
///
/// ```swift
/// var decoder = try OpusDecoder(channels: 1)
/// let count = try decoder.decode(packet.span, into: &samples)
/// ```
@safe public struct OpusDecoder: ~Copyable, Sendable {
    public let sampleRate: Int
    public let channels: Int
    // The decoder has one owner, which alone can call its mutating methods.
    private nonisolated(unsafe) let handle: OpaquePointer

    public init(sampleRate: Int = 48_000, channels: Int) throws(OpusError) {
        try requireSupported(sampleRate: sampleRate, channels: channels)
        var code: CInt = OPUS_OK
        let created = unsafe opus_decoder_create(opus_int32(sampleRate), CInt(channels), &code)
        guard code == OPUS_OK, let created = unsafe created else { throw OpusError(code: code) }
        unsafe handle = created
        self.sampleRate = sampleRate
        self.channels = channels
    }

    deinit { unsafe opus_decoder_destroy(handle) }

    /// Decodes one packet to interleaved samples and returns how many there are of each channel.
    ///
    /// 120 ms, 5,760 samples of each channel at 48 kHz, are the most that a packet can hold.
    public mutating func decode(
        _ packet: Span<UInt8>,
        into samples: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        // Without bytes libopus would conceal instead.
        guard !packet.isEmpty else { throw .invalidPacket }
        return try run(packet, samples: samples.count / channels, isRecovery: false, into: &samples)
    }

    /// Makes up `samples` samples of each channel from what was decoded last.
    public mutating func conceal(
        samples count: Int,
        into samples: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        let rest = try concealRest(of: count, into: &samples)
        guard rest < count else { return count }
        var tail = samples._mutatingExtracting(rest * channels..<count * channels)
        return rest + (try run(Span(), samples: count - rest, isRecovery: false, into: &tail))
    }

    /// Decodes the copy of the packet before `packet` that this one may carry, `samples` samples of
    /// each channel; conceals if it carries none (RFC 6716 §2.1.7).
    public mutating func recover(
        _ packet: Span<UInt8>,
        samples count: Int,
        into samples: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        guard !packet.isEmpty else { throw .invalidPacket }
        let rest = try concealRest(of: count, into: &samples)
        guard rest < count else { return count }
        var tail = samples._mutatingExtracting(rest * channels..<count * channels)
        return rest + (try run(packet, samples: count - rest, isRecovery: true, into: &tail))
    }

    /// Forgets what was decoded, as for a new stream.
    public mutating func reset() { unsafe _ = copus_reset_decoder(handle) }

    /// Makes up the beginning of a gap that is no multiple of 2.5 ms, libopus's unit, and returns
    /// its length.
    private mutating func concealRest(
        of count: Int,
        into samples: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        guard count >= 0, count <= samples.count / channels else { throw .noRoom }
        let unit = sampleRate / 400
        let rest = count % unit
        guard rest > 0 else { return 0 }
        var scratch = [Int16](repeating: 0, count: unit * channels)
        var span = scratch.mutableSpan
        _ = try run(Span(), samples: unit, isRecovery: false, into: &span)
        for index in 0..<rest * channels { samples[index] = span[index] }
        return rest
    }

    private func run(
        _ packet: Span<UInt8>,
        samples count: Int,
        isRecovery: Bool,
        into samples: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        let room = CInt(clamping: count)
        guard room > 0 else { throw .noRoom }
        // Both pointers are used for the length of the call only, within the counts given. No bytes
        // mean a lost packet.
        let result = unsafe packet.withUnsafeBufferPointer { input in
            unsafe samples.withUnsafeMutableBufferPointer { output in
                guard let decoded = output.baseAddress else { return CInt(OPUS_BAD_ARG) }
                return unsafe opus_decode(
                    handle,
                    input.isEmpty ? nil : input.baseAddress,
                    opus_int32(clamping: input.count),
                    decoded,
                    room,
                    isRecovery ? 1 : 0
                )
            }
        }
        guard result >= 0 else { throw OpusError(code: result) }
        return Int(result)
    }
}
