import SDP
import Testing

@Suite("The validator of offers, RFC 3264 §5 and §8, RFC 9429 §5.2")
struct OfferValidatorTests {
    static let first: [Mutation] = [
        Mutation(.offeredSetup, ("a=setup:actpass", "a=setup:active")),
        Mutation(.offeredMIDExtension, ("a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\n", "")),
        Mutation(.bundleOnlyPort, ("a=mid:1", "a=mid:1\na=bundle-only")),
        Mutation(
            .bundleOnlyPort,
            ("a=mid:1", "a=mid:1\na=bundle-only"),
            ("m=video 9", "m=video 0"),
            ("BUNDLE 0 1 2", "BUNDLE 0 2")
        ),
        Mutation(.mid, ("a=mid:1\n", "")),
        Mutation(.msid, ("a=sendrecv", "a=recvonly")),
        Mutation(.muxOnly, ("a=rtcp-mux\n", "a=rtcp-mux-only\n")),
        Mutation(.firstRejected, ("m=video 9", "m=video 0"), ("BUNDLE 0 1 2", "BUNDLE 0 2")),
        Mutation(.taggedBundleOnly, ("a=mid:0", "a=mid:0\na=bundle-only")),
        Mutation(.credentials, ("a=ice-ufrag:AAFrag\n", "")),
        Mutation(
            .bundledTransport,
            ("m=application 9", "m=application 0"),
            ("a=mid:2", "a=mid:2\na=bundle-only")
        ),
    ]

    static let later: [Mutation] = [
        Mutation(.sameSession, ("o=- 46", "o=- 47")),
        Mutation(.sameSession, ("IN IP4 127.0.0.1", "IN IP4 127.0.0.2")),
        Mutation(.nextVersion, ("51336 2 IN", "51336 1 IN")),
        Mutation(.nextVersion, ("51336 2 IN", "51336 0 IN")),
        Mutation(
            .keptSections,
            (
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=mid:2\na=sctp-port:5000\na=max-message-size:262144\n",
                ""
            ),
            ("BUNDLE 0 1 2", "BUNDLE 0 1")
        ),
        Mutation(.keptMIDs, ("a=mid:1", "a=mid:5"), ("BUNDLE 0 1 2", "BUNDLE 0 5 2")),
        Mutation(
            .freshMIDs,
            ("m=application", "m=audio 0 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=mid:1\nm=application")
        ),
        Mutation(.keptKinds, ("m=video", "m=text")),
        Mutation(.keptPayloadTypes, ("96 VP8/90000", "96 AV1/90000")),
        Mutation(.keptExtensions, ("ssrc-audio-level", "other")),
        Mutation(.wholeRestart, ("AAFrag", "CCFrag")),
        Mutation(.wholeRestart, ("AAPassword", "CCPassword")),
        Mutation(.keptFingerprint, ("sha-256 AA", "sha-256 CC")),
        Mutation(.keptBundle, ("BUNDLE 0 1 2", "BUNDLE 0 1")),
        Mutation(.bundledTransport, ("a=mid:1", "a=mid:1\na=setup:actpass")),
        Mutation(.offeredSetup, ("a=setup:actpass", "a=setup:active")),
    ]

    private func violations(of text: String, isLater: Bool) throws -> [RuleViolation] {
        let agreed = try OfferValidator.Agreed(
            local: SDPDescription(parsing: ValidatedDescriptions.offer),
            remote: SDPDescription(parsing: ValidatedDescriptions.answer)
        )
        return try OfferValidator.violations(
            of: SDPDescription(parsing: text),
            after: isLater ? agreed : nil
        )
    }

    @Test func goodOffersBreakNoRule() throws {
        #expect(try violations(of: ValidatedDescriptions.offer, isLater: false) == [])
        #expect(try violations(of: ValidatedDescriptions.nextOffer, isLater: true) == [])
    }

    @Test("a broken first offer breaks the rule", arguments: first)
    func brokenFirst(_ mutation: Mutation) throws {
        let text = try #require(Mutation.apply(mutation.changes, to: ValidatedDescriptions.offer))
        let found = try violations(of: text, isLater: false)
        #expect(found.map(\.rule).contains(mutation.rule), "\(found)")
    }

    @Test("a broken later offer breaks the rule", arguments: later)
    func brokenLater(_ mutation: Mutation) throws {
        let text = try #require(
            Mutation.apply(mutation.changes, to: ValidatedDescriptions.nextOffer)
        )
        let found = try violations(of: text, isLater: true)
        #expect(found.map(\.rule).contains(mutation.rule), "\(found)")
    }

    // What a later offer may do, although it looks as if a rule were broken.
    @Test(
        "changes that are allowed break no rule",
        arguments: [
            // A restart.
            [("AAFrag", "CCFrag"), ("AAPassword", "CCPassword")],
            // Another certificate on a new association.
            [("sha-256 AA", "sha-256 CC"), ("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu")],
            // The role that the offerer has.
            [("a=setup:actpass", "a=setup:passive")],
            // A stopped section.
            [("m=video 9", "m=video 0"), ("BUNDLE 0 1 2", "BUNDLE 0 2"), ("a=group:LS 0 1\n", "")],
            // A new section within the bundle.
            [
                ("BUNDLE 0 1 2", "BUNDLE 0 1 2 3"),
                (
                    "a=max-message-size:262144\n",
                    "a=max-message-size:262144\nm=audio 9 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 0.0.0.0\n"
                        + "a=mid:3\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\na=recvonly\n"
                        + "a=rtpmap:0 PCMU/8000\n"
                ),
            ],
            // Another direction.
            [("a=sendrecv\na=msid:- track", "a=inactive")],
        ]
    )
    func allowed(changes: [(String, String)]) throws {
        let text = try #require(Mutation.apply(changes, to: ValidatedDescriptions.nextOffer))
        #expect(try violations(of: text, isLater: true) == [])
    }

    @Test func aRejectedSectionsPlaceMayBeTaken() throws {
        let stopped = [
            ("m=video 9", "m=video 0"), ("BUNDLE 0 1 2", "BUNDLE 0 2"), ("a=group:LS 0 1\n", ""),
        ]
        let agreed = try OfferValidator.Agreed(
            local: SDPDescription(
                parsing: #require(Mutation.apply(stopped, to: ValidatedDescriptions.offer))
            ),
            remote: SDPDescription(
                parsing: #require(Mutation.apply(stopped, to: ValidatedDescriptions.answer))
            )
        )
        let recycled = try #require(
            Mutation.apply(
                [
                    ("a=mid:1", "a=mid:7"), ("BUNDLE 0 1 2", "BUNDLE 0 7 2"),
                    ("a=group:LS 0 1\n", ""),
                ],
                to: ValidatedDescriptions.nextOffer
            )
        )
        let found = try OfferValidator.violations(
            of: SDPDescription(parsing: recycled),
            after: agreed
        )
        #expect(found == [])
    }
}
