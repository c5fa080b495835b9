import SDP

extension MediaCapabilities {
    /// What present modules carry: Opus, and the header extensions for mid and audio level.
    public static let present = MediaCapabilities(
        audio: Kind(
            codecs: [.opus],
            headerExtensions: [
                HeaderExtensionCapability(ExtensionMapAttribute.audioLevelURI, id: 1),
                HeaderExtensionCapability(ExtensionMapAttribute.midURI, id: 4),
            ]
        )
    )

    /// All that negotiation knows how to agree on, whether or not a module carries it.
    ///
    /// For tests, measurements, and programs that carry media themselves.
    public static let full: MediaCapabilities = {
        var full = MediaCapabilities(audio: .fullAudio, video: .fullVideo, data: Data())
        full.groupsStreams = true
        full.mixesExtensions = true
        return full
    }()
}

extension CodecCapability {
    /// Opus as this build encodes and decodes it (RFC 7587).
    public static let opus = CodecCapability(
        "audio/opus",
        clockRate: 48_000,
        channels: 2,  // RFC 7587 §7: always two, whatever is sent
        parameters: "minptime=10;useinbandfec=1",
        payloadType: 111
    )
}

extension MediaCapabilities.Kind {
    fileprivate static let fullAudio: MediaCapabilities.Kind = {
        var opus = CodecCapability.opus
        opus.feedback = ["transport-cc"]
        var kind = MediaCapabilities.Kind(
            codecs: [
                opus,
                CodecCapability("audio/red", clockRate: 48_000, channels: 2, payloadType: 63),
                CodecCapability("audio/G722", clockRate: 8_000, payloadType: 9),
                CodecCapability("audio/PCMU", clockRate: 8_000, payloadType: 0),
                CodecCapability("audio/PCMA", clockRate: 8_000, payloadType: 8),
                CodecCapability("audio/CN", clockRate: 8_000, payloadType: 13),
                event(clockRate: 48_000, payloadType: 110),
                event(clockRate: 8_000, payloadType: 126),
            ],
            headerExtensions: [
                HeaderExtensionCapability(ExtensionMapAttribute.audioLevelURI, id: 1),
                HeaderExtensionCapability(ExtensionMapAttribute.absoluteSendTimeURI, id: 2),
                HeaderExtensionCapability(ExtensionMapAttribute.transportSequenceNumberURI, id: 3),
                HeaderExtensionCapability(ExtensionMapAttribute.midURI, id: 4),
            ]
        )
        kind.hasReducedSizeRTCP = true
        return kind
    }()

    fileprivate static let fullVideo: MediaCapabilities.Kind = {
        var kind = MediaCapabilities.Kind(
            codecs: [
                picture("VP8", payloadType: 96),
                picture("VP9", "profile-id=0", payloadType: 98),
                picture("VP9", "profile-id=2", payloadType: 100),
                h264("42001f", mode: 1, payloadType: 102),
                h264("42001f", mode: 0, payloadType: 104),
                h264("42e01f", mode: 1, payloadType: 106),
                h264("42e01f", mode: 0, payloadType: 108),
                h264("4d001f", mode: 1, payloadType: 112),
                h264("64001f", mode: 1, payloadType: 114),
                picture(
                    "H265",
                    "level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST",
                    payloadType: 49
                ),
                picture("AV1", "level-idx=5;profile=0;tier=0", payloadType: 45),
                CodecCapability("video/rtx", clockRate: 90_000),
                CodecCapability("video/red", clockRate: 90_000, payloadType: 116),
                CodecCapability("video/ulpfec", clockRate: 90_000, payloadType: 117),
                CodecCapability(
                    "video/flexfec-03",
                    clockRate: 90_000,
                    parameters: "repair-window=10000000",
                    feedback: ["goog-remb", "transport-cc"],
                    payloadType: 118
                ),
            ],
            headerExtensions: [
                HeaderExtensionCapability(ExtensionMapAttribute.absoluteSendTimeURI, id: 2),
                HeaderExtensionCapability(ExtensionMapAttribute.transportSequenceNumberURI, id: 3),
                HeaderExtensionCapability(ExtensionMapAttribute.midURI, id: 4),
                HeaderExtensionCapability(ExtensionMapAttribute.ridURI, id: 10),
                HeaderExtensionCapability(repairedRIDURI, id: 11),
                HeaderExtensionCapability("urn:3gpp:video-orientation", id: 13),
            ]
        )
        kind.receivedEncodings = 8
        kind.sentEncodings = 8
        kind.hasReducedSizeRTCP = true
        return kind
    }()

    private static func event(clockRate: UInt32, payloadType: UInt8) -> CodecCapability {
        CodecCapability(
            "audio/telephone-event",
            clockRate: clockRate,
            parameters: "0-15",
            payloadType: payloadType
        )
    }

    private static func picture(
        _ name: String,
        _ parameters: String = "",
        payloadType: UInt8
    ) -> CodecCapability {
        CodecCapability(
            "video/" + name,
            clockRate: 90_000,
            parameters: parameters,
            feedback: ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"],
            payloadType: payloadType
        )
    }

    private static func h264(_ profile: String, mode: Int, payloadType: UInt8) -> CodecCapability {
        picture(
            "H264",
            "level-asymmetry-allowed=1;packetization-mode=\(mode);profile-level-id=\(profile)",
            payloadType: payloadType
        )
    }
}

/// The encoding whose packets a packet repairs (RFC 8852 §3.3).
let repairedRIDURI = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
