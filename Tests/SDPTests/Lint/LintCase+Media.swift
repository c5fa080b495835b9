import SDP

extension LintCase {
    static let media = [
        LintCase(
            .unknownMediaType,
            at: 9,
            .replace("m=audio", "m=sound"),
            passes: .replace("m=audio", "m=text")
        ),
        LintCase(
            .unknownProtocol,
            at: 55,
            .replace("UDP/DTLS/SCTP", "UDP/QUIC"),
            passes: .replace("UDP/DTLS/SCTP", "TCP/DTLS/SCTP")
        ),
        LintCase(
            .legacyProtocol,
            at: 9,
            .replace("UDP/TLS/RTP/SAVPF 96", "RTP/SAVPF 96"),
            passes: .replace("UDP/TLS/RTP/SAVPF 96", "TCP/DTLS/RTP/SAVPF 96")
        ),
        LintCase(
            .unencryptedMedia,
            at: 8,
            .replace("a=fingerprint", "a=x"),
            .remove("a=setup:actpass"),
            .replace("UDP/TLS/RTP/SAVPF 96", "RTP/AVPF 96"),
            passes: .replace("UDP/TLS/RTP/SAVPF 96", "RTP/AVPF 96")
        ),
        LintCase(
            .missingFormats,
            at: 55,
            .replace(" webrtc-datachannel", ""),
            passes: .replace(" webrtc-datachannel", " x")
        ),
        LintCase(
            .repeatedFormat,
            at: 9,
            .replace("SAVPF 96 0 97", "SAVPF 96 0 97 0"),
            passes: .replace("SAVPF 96 0 97", "SAVPF 96 0 97 8")
        ),
        LintCase(
            .payloadTypeRange,
            at: 9,
            .replace("SAVPF 96 0 97", "SAVPF 96 0 97 128"),
            passes: .replace("SAVPF 96 0 97", "SAVPF 96 0 97 127")
        ),
        LintCase(
            .rtcpPayloadType,
            at: 9,
            .replace("SAVPF 96 0 97", "SAVPF 96 0 97 72"),
            passes: .replace("SAVPF 96 0 97", "SAVPF 96 0 97 63")
        ),
        LintCase(
            .severalPorts,
            at: 9,
            .replace("m=audio 10100", "m=audio 10100/2"),
            passes: .replace("m=audio 10100", "m=audio 10100/1")
        ),
        LintCase(
            .missingMID,
            at: 32,
            .remove("a=mid:1"),
            passes: .remove("a=mid:1"),
            .replace("m=video 10100", "m=video 0")
        ),
        LintCase(
            .repeatedMID,
            at: 34,
            .replace("a=mid:1", "a=mid:0"),
            passes: .replace("a=mid:1", "a=mid:00")
        ),
        LintCase(
            .midCharacters,
            at: 34,
            .replace("a=mid:1", "a=mid:a b"),
            passes: .replace("a=mid:1", "a=mid:a-b")
        ),
        LintCase(
            .longMID,
            at: 34,
            .replace("a=mid:1", "a=mid:video"),
            passes: .replace("a=mid:1", "a=mid:vid")
        ),
        LintCase(
            .rtpAttributeElsewhere,
            at: 58,
            .add("a=rtcp-mux", after: "a=mid:2"),
            passes: .add("a=sendrecv", after: "a=mid:2")
        ),
    ]

    static let rtcp = [
        LintCase(
            .missingRTCPMux,
            at: 8,
            .remove("a=group:BUNDLE 0 1 2"),
            .remove("a=rtcp-mux"),
            passes: .remove("a=group:BUNDLE 0 1 2")
        ),
        LintCase(
            .bundleWithoutRTCPMux,
            at: 9,
            .remove("a=rtcp-mux"),
            passes: .replace("a=rtcp-mux\r\na=rtcp-rsize\r\na=rid", "a=rid")
        ),
        LintCase(
            .rtcpMuxOnlyAlone,
            at: 26,
            .replace("a=rtcp-mux\r\n", "a=rtcp-mux-only\r\n"),
            passes: .add("a=rtcp-mux-only", after: "a=rtcp-mux")
        ),
        LintCase(
            .missingRTCPRsize,
            at: 9,
            .remove("a=rtcp-rsize"),
            passes: .replace("a=rtcp-mux\r\na=rtcp-rsize\r\na=rid", "a=rid")
        ),
        LintCase(
            .rtcpMuxOnlyCandidate,
            at: 30,
            .add("a=rtcp-mux-only", after: "a=rtcp-mux"),
            .replace("a=candidate:2 1", "a=candidate:2 2"),
            passes: .replace("a=candidate:2 1", "a=candidate:2 2")
        ),
        LintCase(
            .answerRTCPMuxOnly,
            at: 27,
            .add("a=rtcp-mux-only", after: "a=rtcp-mux"),
            passes: .replace("s=-", "s=x"),
            as: .answer
        ),
    ]
}
