import SDP

extension LintCase {
    static let bundles = [
        LintCase(
            .groupUnknownMID,
            at: 5,
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 3"),
            passes: .replace("BUNDLE 0 1 2", "BUNDLE 0 1")
        ),
        LintCase(
            .groupRepeatedMID,
            at: 5,
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 1"),
            passes: .add("a=group:LS 0 1", after: "t=0 0")
        ),
        LintCase(
            .overlappingBundles,
            at: 6,
            .add("a=group:BUNDLE 1", after: "a=group:BUNDLE 0 1 2"),
            passes: .replace("BUNDLE 0 1 2", "BUNDLE 0 2\r\na=group:BUNDLE 1")
        ),
        LintCase(
            .missingBundle,
            at: 8,
            .remove("a=group:BUNDLE 0 1 2"),
            passes: .replace("BUNDLE 0 1 2", "BUNDLE 1")
        ),
        LintCase(
            .unknownGroup,
            at: 5,
            .replace("BUNDLE 0 1 2", "BUNCH 0 1 2"),
            passes: .replace("BUNDLE 0 1 2", "LS 0 1 2")
        ),
        LintCase(
            .bundleOnlyAlone,
            at: 57,
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1"),
            .replace("m=application 10100", "m=application 0"),
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2"),
            passes: .replace("m=application 10100", "m=application 0"),
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2")
        ),
        LintCase(
            .bundleOnlyPort,
            at: 57,
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2"),
            passes: .replace("m=application 10100", "m=application 0"),
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2")
        ),
        LintCase(
            .bundleOnlyTagged,
            at: 5,
            .replace("BUNDLE 0 1 2", "BUNDLE 2 0 1"),
            .replace("m=application 10100", "m=application 0"),
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2"),
            passes: .replace("m=application 10100", "m=application 0"),
            .replace("a=mid:2", "a=bundle-only\r\na=mid:2")
        ),
        LintCase(
            .bundleRejected,
            at: 55,
            .replace("m=application 10100", "m=application 0"),
            passes: .replace("m=application 10100", "m=application 0"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1")
        ),
        LintCase(
            .bundlePayloadType,
            at: 42,
            .replace("SAVPF 100 101 102 103", "SAVPF 100 101 102 97"),
            .replace("a=rtpmap:103", "a=rtpmap:97"),
            .replace("a=fmtp:103", "a=fmtp:97"),
            passes: .replace("SAVPF 100 101 102 103", "SAVPF 100 101 102 97"),
            .replace("a=rtpmap:103", "a=rtpmap:97"),
            .replace("a=fmtp:103", "a=fmtp:97"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 2")
        ),
    ]

    static let ice = [
        LintCase(
            .missingICE,
            at: 32,
            .replace("BUNDLE 0 1 2", "BUNDLE 0 2"),
            passes: .replace("BUNDLE 0 1 2", "BUNDLE 0 2"),
            .add("a=ice-ufrag:ETEn|a=ice-pwd:OtSK0WpNtpUjkY4+86js7ZQl", after: "t=0 0")
        ),
        LintCase(
            .halfICE,
            at: 22,
            .remove("a=ice-pwd:OtSK0WpNtpUjkY4+86js7ZQl"),
            passes: .replace("a=ice-ufrag:ETEn", "a=ice-ufrag:ETEn+/")
        ),
        LintCase(
            .missingTrickle,
            at: 32,
            .replace("a=ice-options:trickle ice2", "a=ice-options:ice2"),
            .replace("BUNDLE 0 1 2", "BUNDLE 1"),
            .add("a=ice-ufrag:ETEn|a=ice-pwd:OtSK0WpNtpUjkY4+86js7ZQl", after: "a=mid:1"),
            passes: .replace("a=ice-options:trickle ice2", "a=ice-options:ice2")
        ),
        LintCase(
            .missingICE2,
            at: 6,
            .replace("a=ice-options:trickle ice2", "a=ice-options:trickle"),
            passes: .replace("a=ice-options:trickle ice2", "a=ice-options:ice2 trickle")
        ),
        LintCase(
            .liteCandidates,
            at: 30,
            .add("a=ice-lite", after: "t=0 0"),
            passes: .add("a=ice-lite", after: "t=0 0"),
            .replace("typ srflx raddr 203.0.113.100 rport 10100", "typ host")
        ),
        LintCase(
            .iceMismatch,
            at: 22,
            .replace("a=ice-ufrag", "a=ice-mismatch\r\na=ice-ufrag"),
            passes: .replace("a=ice-ufrag", "a=ice-match\r\na=ice-ufrag")
        ),
    ]

    static let dtls = [
        LintCase(
            .missingFingerprint,
            at: 9,
            .replace("a=fingerprint", "a=x"),
            .replace("m=video 10100", "m=video 0"),
            .replace("m=application 10100", "m=application 0"),
            passes: .replace("a=fingerprint", "a=x"),
            .replace("m=audio 10100", "m=audio 0"),
            .replace("m=video 10100", "m=video 0"),
            .replace("m=application 10100", "m=application 0")
        ),
        LintCase(
            .missingSetup,
            at: 8,
            .remove("a=setup:actpass"),
            .replace("m=video 10100", "m=video 0"),
            .replace("m=application 10100", "m=application 0"),
            passes: .remove("a=setup:actpass"),
            .add("a=setup:passive", after: "a=mid:0")
        ),
        LintCase(
            .holdconn,
            at: 8,
            .replace("a=setup:actpass", "a=setup:holdconn"),
            passes: .replace("a=setup:actpass", "a=setup:active")
        ),
        LintCase(
            .forbiddenFingerprint,
            at: 9,
            .add(
                "a=fingerprint:md5 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F",
                after: "a=setup:actpass"
            ),
            passes: .add(
                "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13",
                after: "a=setup:actpass"
            )
        ),
        LintCase(
            .weakFingerprint,
            at: 9,
            .add(
                "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13",
                after: "a=setup:actpass"
            ),
            passes: .replace("a=fingerprint:sha-256", "a=fingerprint:SHA-256")
        ),
        LintCase(
            .unknownHash,
            at: 9,
            .add("a=fingerprint:sha-3 00:01:02:03", after: "a=setup:actpass"),
            passes: .replace("a=fingerprint:sha-256", "a=fingerprint:SHA-256")
        ),
        LintCase(
            .lowercaseFingerprint,
            at: 7,
            .replace("7B:8B:F0", "7b:8b:f0"),
            passes: .replace("a=fingerprint:sha-256", "a=fingerprint:SHA-256")
        ),
        LintCase(
            .answerActpass,
            at: 8,
            .replace("s=-", "s=x"),
            passes: .replace("a=setup:actpass", "a=setup:active"),
            as: .answer
        ),
        LintCase(
            .offerSetup,
            at: 8,
            .replace("a=setup:actpass", "a=setup:passive"),
            passes: .replace("s=-", "s=x"),
            as: .offer
        ),
        LintCase(
            .missingTLSID,
            at: 9,
            .remove("a=tls-id:91bbf309c0990a6bec11e38ba2933cee"),
            passes: .replace("a=tls-id:91bbf309", "a=tls-id:00000000")
        ),
        LintCase(
            .tlsIDSyntax,
            at: 24,
            .replace("a=tls-id:91bbf309c0990a6bec11e38ba2933cee", "a=tls-id:short"),
            passes: .replace("a=tls-id:91bbf309", "a=tls-id:-_+/")
        ),
        LintCase(
            .sdesKeys,
            at: 12,
            .add("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x", after: "a=mid:0"),
            passes: .add("a=cryptex", after: "a=mid:0")
        ),
    ]
}
