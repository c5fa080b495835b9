import SDP

extension LintCase {
    static let candidates = [
        LintCase(
            .candidateComponent,
            at: 28,
            .replace("candidate:1 1", "candidate:1 3"),
            passes: .replace("candidate:1 1", "candidate:1 2")
        ),
        LintCase(
            .candidatePriority,
            at: 28,
            .replace("2113929471", "2147483648"),
            passes: .replace("2113929471", "2147483647")
        ),
        LintCase(
            .candidateFoundation,
            at: 28,
            .replace("candidate:1 1", "candidate:{1} 1"),
            passes: .replace("candidate:1 1", "candidate:a+/ 1")
        ),
        LintCase(
            .repeatedCandidate,
            at: 29,
            .add(
                "a=candidate:4 1 udp 1 203.0.113.100 10100 typ host",
                after: "a=candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host"
            ),
            passes: .add(
                "a=candidate:4 1 udp 1 203.0.113.100 10102 typ host",
                after: "a=candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host"
            )
        ),
        LintCase(
            .missingRelatedAddress,
            at: 29,
            .replace(" raddr 203.0.113.100 rport 10100", ""),
            passes: .replace(" raddr 203.0.113.100 rport 10100", " raddr 0.0.0.0 rport 0")
        ),
        LintCase(
            .relatedAddressOnHost,
            at: 28,
            .replace("10100 typ host", "10100 typ host raddr 0.0.0.0 rport 0"),
            passes: .replace("10100 typ host", "10100 typ host generation 0")
        ),
        LintCase(
            .missingTCPType,
            at: 30,
            .replace(" tcptype active", ""),
            passes: .replace(" tcptype active", " tcptype so")
        ),
        LintCase(
            .activeCandidatePort,
            at: 30,
            .replace("203.0.113.100 9 typ", "203.0.113.100 10 typ"),
            passes: .replace(
                "203.0.113.100 9 typ host tcptype active",
                "1.2.3.4 5 typ host tcptype so"
            )
        ),
        LintCase(
            .candidateAddress,
            at: 29,
            .replace("198.51.100.1 11100", "0.0.0.0 11100"),
            passes: .replace("198.51.100.1 11100", "2001:db8::1 11100")
        ),
        LintCase(
            .loopbackCandidate,
            at: 29,
            .replace("198.51.100.1 11100", "127.0.0.1 11100"),
            passes: .replace("198.51.100.1 11100", "192.168.0.1 11100")
        ),
        LintCase(
            .candidateHostName,
            at: 29,
            .replace("198.51.100.1 11100", "host.example 11100"),
            passes: .replace("198.51.100.1 11100", "host.local 11100")
        ),
        LintCase(
            .unknownCandidateType,
            at: 28,
            .replace("10100 typ host", "10100 typ guest"),
            passes: .replace("10100 typ host", "10100 typ relay raddr 0.0.0.0 rport 0")
        ),
        LintCase(
            .unknownCandidateTransport,
            at: 28,
            .replace("1 1 udp", "1 1 sctp"),
            passes: .replace("1 1 udp", "1 1 UDP")
        ),
        LintCase(
            .defaultCandidate,
            at: 9,
            .replace("m=audio 10100", "m=audio 10102"),
            passes: .replace("m=audio 10100", "m=audio 9")
        ),
    ]

    static let simulcast = [
        LintCase(
            .simulcastUnknownRID,
            at: 51,
            .replace("send h;l", "send h;m"),
            passes: .replace("send h;l", "send h,~l")
        ),
        LintCase(
            .simulcastRepeatedRID,
            at: 51,
            .replace("send h;l", "send h;l;h"),
            passes: .replace("send h;l", "send h")
        ),
        LintCase(
            .repeatedRID,
            at: 50,
            .replace("a=rid:l", "a=rid:h"),
            passes: .replace("a=rid:l", "a=rid:H")
        ),
        LintCase(
            .ridCharacters,
            at: 50,
            .replace("a=rid:l", "a=rid:l.1"),
            passes: .replace("a=rid:l", "a=rid:l-1_")
        ),
        LintCase(
            .ridUnknownFormat,
            at: 49,
            .replace("send pt=100", "send pt=100,99"),
            passes: .replace("send pt=100", "send pt=100,101")
        ),
        LintCase(
            .unknownRestriction,
            at: 49,
            .replace("max-width", "max-colour"),
            passes: .replace("max-width", "max-fps")
        ),
        LintCase(
            .restrictionValue,
            at: 49,
            .replace("max-width=1280", "max-width=wide"),
            passes: .replace("max-width=1280", "max-bpp=0.1;depend=l")
        ),
        LintCase(
            .unusedRID,
            at: 49,
            .remove("a=simulcast:send h;l"),
            passes: .replace("a=rid:h send pt=100;max-width=1280\r\n", "")
        ),
    ]

    static let sources = [
        LintCase(
            .missingCNAME,
            at: 31,
            .replace("a=ssrc:1001 cname:me", "a=ssrc:1001 label:me"),
            passes: .add("a=ssrc:1001 label:me", after: "a=ssrc:1001 cname:me")
        ),
        LintCase(
            .conflictingCNAME,
            at: 32,
            .add("a=ssrc:1001 cname:you", after: "a=ssrc:1001 cname:me"),
            passes: .add("a=ssrc:1001 cname:me", after: "a=ssrc:1001 cname:me")
        ),
        LintCase(
            .groupUnknownSource,
            at: 53,
            .remove("a=ssrc:2002 cname:me"),
            passes: .remove("a=ssrc-group:FID 2001 2002")
        ),
        LintCase(
            .sourceGroupSize,
            at: 54,
            .replace("FID 2001 2002", "FID 2001"),
            passes: .replace("FID 2001 2002", "FEC-FR 2001 2002")
        ),
        LintCase(
            .unknownSourceGroup,
            at: 54,
            .replace("FID 2001", "XYZ 2001"),
            passes: .replace("FID 2001", "FEC-FR 2001")
        ),
        LintCase(
            .repeatedSource,
            at: 52,
            .replace("a=ssrc:1001 cname:me", "a=ssrc:2001 cname:me"),
            passes: .replace("a=ssrc:1001 cname:me", "a=ssrc:2001 cname:me"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 2")
        ),
        LintCase(
            .severalTracks,
            at: 13,
            .add("a=msid:stream1 track9", after: "a=msid:stream1 track1"),
            passes: .add("a=msid:stream9 track1", after: "a=msid:stream1 track1")
        ),
        LintCase(
            .missingMSID,
            at: 9,
            .remove("a=msid:stream1 track1"),
            passes: .remove("a=msid:stream1 track1"),
            .replace("a=sendrecv", "a=recvonly")
        ),
        LintCase(
            .legacySimulcast,
            at: 54,
            .replace("FID 2001", "SIM 2001"),
            passes: .replace("FID 2001", "FEC-FR 2001")
        ),
    ]

    static let dataChannels = [
        LintCase(
            .missingSCTPPort,
            at: 55,
            .remove("a=sctp-port:5000"),
            passes: .replace("a=sctp-port:5000", "a=sctp-port:5001")
        ),
        LintCase(
            .legacySctpmap,
            at: 58,
            .replace("a=sctp-port:5000", "a=sctpmap:5000 webrtc-datachannel 256"),
            passes: .replace("a=sctp-port:5000", "a=sctp-port:5001")
        ),
        LintCase(
            .legacySCTPProtocol,
            at: 55,
            .replace("UDP/DTLS/SCTP", "DTLS/SCTP"),
            passes: .replace("UDP/DTLS/SCTP", "TCP/DTLS/SCTP")
        ),
        LintCase(
            .dataChannelFormat,
            at: 55,
            .replace("SCTP webrtc-datachannel", "SCTP 5000"),
            passes: .replace("a=sctp-port:5000", "a=sctp-port:5001")
        ),
        LintCase(
            .missingMessageSize,
            at: 55,
            .remove("a=max-message-size:262144"),
            passes: .replace("a=max-message-size:262144", "a=max-message-size:0")
        ),
        LintCase(
            .severalDataSections,
            at: 60,
            .add(
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel|c=IN IP4 0.0.0.0|a=sctp-port:1",
                after: "a=max-message-size:262144"
            ),
            passes: .add(
                "m=application 0 UDP/DTLS/SCTP webrtc-datachannel|c=IN IP4 0.0.0.0",
                after: "a=max-message-size:262144"
            )
        ),
    ]
}
