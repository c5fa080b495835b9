import SDP

extension LintCase {
    static let codecs = formats + video + feedback

    private static let formats = [
        LintCase(
            .missingRTPMap,
            at: 9,
            .replace("SAVPF 96 0 97", "SAVPF 96 0 97 98"),
            passes: .replace("SAVPF 96 0 97", "SAVPF 96 0 97 8")
        ),
        LintCase(
            .unlistedRTPMap,
            at: 15,
            .add("a=rtpmap:8 PCMA/8000", after: "a=rtpmap:96 opus/48000/2"),
            passes: .add("a=rtpmap:0 PCMU/8000", after: "a=rtpmap:96 opus/48000/2")
        ),
        LintCase(
            .repeatedRTPMap,
            at: 15,
            .add("a=rtpmap:96 opus/48000/2", after: "a=rtpmap:96 opus/48000/2"),
            passes: .add("a=rtpmap:0 PCMU/8000", after: "a=rtpmap:96 opus/48000/2")
        ),
        LintCase(
            .staticPayloadType,
            at: 15,
            .add("a=rtpmap:0 PCMA/8000", after: "a=rtpmap:96 opus/48000/2"),
            passes: .add("a=rtpmap:0 pcmu/8000/1", after: "a=rtpmap:96 opus/48000/2")
        ),
        LintCase(
            .unlistedFMTP,
            at: 15,
            .replace("a=fmtp:96 minptime", "a=fmtp:98 minptime"),
            passes: .replace("a=fmtp:96 minptime", "a=fmtp:0 minptime")
        ),
        LintCase(
            .repeatedFMTP,
            at: 16,
            .replace("minptime=10;", "minptime=10\r\na=fmtp:96 "),
            passes: .replace("minptime=10;", "minptime=10\r\na=fmtp:0 ")
        ),
        LintCase(
            .opusRTPMap,
            at: 14,
            .replace("opus/48000/2", "opus/48000"),
            passes: .replace("opus/48000/2", "Opus/48000/2")
        ),
        LintCase(
            .opusParameter,
            at: 15,
            .replace("useinbandfec=1", "useinbandfec=2"),
            passes: .replace("useinbandfec=1", "useinbandfec=0;maxaveragebitrate=510000")
        ),
        LintCase(
            .rtxWithoutAPT,
            at: 40,
            .replace("a=fmtp:102 apt=100", "a=fmtp:102 rtx-time=100"),
            passes: .replace("a=fmtp:102 apt=100", "a=fmtp:102 rtx-time=100;APT=100")
        ),
        LintCase(
            .rtxUnknownAPT,
            at: 40,
            .replace("apt=100", "apt=99"),
            passes: .replace("apt=100", "apt=101")
        ),
        LintCase(
            .rtxClockRate,
            at: 40,
            .replace("rtx/90000", "rtx/48000"),
            passes: .replace("rtx/90000", "RTX/90000")
        ),
        LintCase(
            .redUnknownFormat,
            at: 17,
            .replace("96/96", "96/98"),
            passes: .replace("96/96", "96/0")
        ),
        LintCase(
            .packetTime,
            at: 18,
            .replace("a=ptime:20", "a=ptime:240"),
            passes: .replace("a=ptime:20", "a=ptime:2.5")
        ),
    ]

    private static let video = [
        LintCase(
            .videoClockRate,
            at: 42,
            .replace("VP9/90000", "VP9/48000"),
            passes: .replace("VP9/90000", "unknown/48000")
        ),
        LintCase(
            .h264ProfileLevelID,
            at: 39,
            .replace("42e01f", "42e0"),
            passes: .replace("42e01f", "42E01F")
        ),
        LintCase(
            .h264PacketizationMode,
            at: 39,
            .replace("packetization-mode=1", "packetization-mode=3"),
            passes: .replace("packetization-mode=1;", "")
        ),
        LintCase(
            .vp9ProfileID,
            at: 43,
            .replace("profile-id=0", "profile-id=4"),
            passes: .replace("profile-id=0", "profile-id=2")
        ),
    ]

    private static let feedback = [
        LintCase(
            .unlistedFeedback,
            at: 44,
            .replace("a=rtcp-fb:100", "a=rtcp-fb:99"),
            passes: .replace("a=rtcp-fb:100", "a=rtcp-fb:*")
        ),
        LintCase(
            .feedbackProfile,
            at: 44,
            .replace("UDP/TLS/RTP/SAVPF 100", "UDP/TLS/RTP/SAVP 100"),
            passes: .replace("UDP/TLS/RTP/SAVPF 96", "UDP/TLS/RTP/SAVP 96")
        ),
        LintCase(
            .unknownFeedback,
            at: 44,
            .replace("a=rtcp-fb:100 nack pli", "a=rtcp-fb:100 pli"),
            passes: .replace("a=rtcp-fb:100 nack pli", "a=rtcp-fb:100 transport-cc")
        ),
    ]

    static let extensions = [
        LintCase(
            .repeatedExtensionID,
            at: 21,
            .replace("a=extmap:2 ", "a=extmap:1 "),
            passes: .replace("a=extmap:1 ", "a=extmap:7 ")
        ),
        LintCase(
            .repeatedExtension,
            at: 21,
            .add(
                "a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                after: "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"
            ),
            passes: .add(
                "a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on",
                after: "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"
            )
        ),
        LintCase(
            .twoByteExtensionID,
            at: 20,
            .replace("a=extmap:1 ", "a=extmap:15 "),
            passes: .replace("a=extmap:1 ", "a=extmap-allow-mixed\r\na=extmap:15 ")
        ),
        LintCase(
            .provisionalExtensionID,
            at: 20,
            .replace("a=extmap:1 ", "a=extmap:4096 "),
            passes: .replace("a=extmap:1 ", "a=extmap:14 ")
        ),
        LintCase(
            .bundleExtensionID,
            at: 46,
            .replace("a=extmap:3 ", "a=extmap:1 "),
            passes: .replace("a=extmap:3 ", "a=extmap:1 "),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 2")
        ),
        LintCase(
            .missingMIDExtension,
            at: 9,
            .remove("a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid"),
            passes: .replace("m=video 10100", "m=video 0"),
            .remove("a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid")
        ),
        LintCase(
            .missingRIDExtension,
            at: 50,
            .remove("a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
            passes: .remove("a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
            .add("a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", after: "t=0 0")
        ),
    ]
}
