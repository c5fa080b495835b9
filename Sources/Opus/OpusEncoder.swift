import COpus

/// How to encode.
///
/// The defaults suit a voice call.
public struct OpusEncoderConfiguration: Hashable, Sendable {
    public var sampleRate = 48_000
    /// 1 or 2.
    public var channels = 1
    /// Bits a second, 6,000 to 510,000.
    public var bitrate = 32_000
    public var application = OpusApplication.voice
    /// Whether packets carry a coarse copy of the packet before, once loss is expected
    /// (RFC 6716 §2.1.7).
    public var usesInbandFEC = true
    /// The part of the packets that is expected to be lost, 0 to 1.
    public var expectedLoss = 0.05
    /// Whether packets of silence shrink to a byte or two, which need not be sent
    /// (RFC 6716 §2.1.9).
    public var usesDTX = false
    /// 0, the cheapest, to 10, the best.
    public var complexity = 9

    public init() {}
}

/// What the encoder is tuned for.
public enum OpusApplication: Hashable, Sendable {
    case voice
    case music
    /// The least delay; neither in-band error correction nor speech coding.
    case lowDelay

    fileprivate var value: CInt {
        switch self {
        case .voice: CInt(OPUS_APPLICATION_VOIP)
        case .music: CInt(OPUS_APPLICATION_AUDIO)
        case .lowDelay: CInt(OPUS_APPLICATION_RESTRICTED_LOWDELAY)
        }
    }
}

/// Turns samples into Opus packets (RFC 6716).
///
/// ```swift
/// var encoder = try OpusEncoder(configuration: .init())
/// let length = try encoder.encode(samples.span, into: &packet)   // 960 samples: 20 ms
/// ```
@safe public struct OpusEncoder: ~Copyable, Sendable {
    public let configuration: OpusEncoderConfiguration
    // The encoder has one owner, which alone can call its mutating methods.
    private nonisolated(unsafe) let handle: OpaquePointer

    public init(configuration: OpusEncoderConfiguration) throws(OpusError) {
        try requireSupported(
            sampleRate: configuration.sampleRate,
            channels: configuration.channels
        )
        var code: CInt = OPUS_OK
        let created = unsafe opus_encoder_create(
            opus_int32(configuration.sampleRate),
            CInt(configuration.channels),
            configuration.application.value,
            &code
        )
        guard code == OPUS_OK, let created = unsafe created else { throw OpusError(code: code) }
        unsafe handle = created
        self.configuration = configuration
        unsafe Self.apply(configuration, to: created)
    }

    deinit { unsafe opus_encoder_destroy(handle) }

    /// The samples by which decoded audio lags behind what was encoded.
    public var lookahead: Int {
        var samples: opus_int32 = 0
        unsafe _ = copus_get_lookahead(handle, &samples)
        return Int(samples)
    }

    /// Encodes one frame of interleaved samples and returns the packet's length.
    ///
    /// With DTX, a packet of at most two bytes need not be sent.
    public mutating func encode(
        _ samples: Span<Int16>,
        into packet: inout MutableSpan<UInt8>
    ) throws(OpusError) -> Int {
        let count = samples.count / configuration.channels
        guard samples.count % configuration.channels == 0, isFrame(count) else {
            throw .unsupportedFrameSize(samples: count)
        }
        let room = opus_int32(clamping: packet.count)
        guard room > 0 else { throw .noRoom }
        // Both pointers are used for the length of the call only, within the counts given.
        let result = unsafe samples.withUnsafeBufferPointer { input in
            unsafe packet.withUnsafeMutableBufferPointer { output in
                guard let samples = input.baseAddress,
                    let bytes = output.baseAddress
                else { return CInt(OPUS_BAD_ARG) }
                return unsafe opus_encode(handle, samples, CInt(count), bytes, room)
            }
        }
        guard result >= 0 else { throw OpusError(code: result) }
        return Int(result)
    }

    /// Tells how much loss to protect against, 0 to 1; take it from the receiver's reports.
    public mutating func setExpectedLoss(_ share: Double) {
        unsafe _ = copus_set_expected_loss(handle, percent(share))
    }

    /// Sets the bits a second of the frames to come.
    public mutating func setBitrate(_ bitrate: Int) {
        unsafe _ = copus_set_bitrate(handle, opus_int32(max(500, min(bitrate, 512_000))))
    }

    private func isFrame(_ count: Int) -> Bool {
        let unit = configuration.sampleRate / 400
        return [1, 2, 4, 8, 16, 24, 32, 40, 48].contains { $0 * unit == count }
    }

    private static func apply(_ configuration: OpusEncoderConfiguration, to handle: OpaquePointer) {
        // Every value is brought into its range first, so none of the calls can fail.
        let bitrate = max(500, min(configuration.bitrate, 512_000))
        unsafe _ = copus_set_bitrate(handle, opus_int32(bitrate))
        unsafe _ = copus_set_inband_fec(handle, configuration.usesInbandFEC ? 1 : 0)
        unsafe _ = copus_set_expected_loss(handle, percent(configuration.expectedLoss))
        unsafe _ = copus_set_dtx(handle, configuration.usesDTX ? 1 : 0)
        let complexity = max(0, min(configuration.complexity, 10))
        unsafe _ = copus_set_complexity(handle, opus_int32(complexity))
        switch configuration.application {
        case .voice: unsafe _ = copus_set_voice(handle)
        case .music, .lowDelay: break
        }
    }
}

private func percent(_ share: Double) -> opus_int32 {
    // A share that is no number counts as none.
    share > 0 ? opus_int32(min(share, 1) * 100) : 0
}
