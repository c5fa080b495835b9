import SDP
import Testing

@Suite("H.264 parameters, RFC 6184 §8")
struct H264ParametersTests {
    func parameters(_ text: String) throws -> H264Parameters {
        try H264Parameters(FormatParametersAttribute(parsing: "96 " + text))
    }

    @Test func comesBack() throws {
        let text = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f;max-fs=1"
        let h264 = try parameters(text)
        #expect(h264.attribute(payloadType: 96)?.value == "96 " + text)
        #expect(h264.profileLevel?.profile == .constrainedBaseline)
        #expect(h264.packetizationMode == 1)
        #expect(h264.allowsLevelAsymmetry == true)
        #expect(h264.others == [.init("max-fs", "1")])
    }

    // RFC 6184 §8.1, table 5.
    @Test(
        "profiles have several ways to be written",
        arguments: [
            ("42e01f", H264ProfileLevel.Profile.constrainedBaseline),
            ("42c01f", .constrainedBaseline),
            ("42401f", .constrainedBaseline), ("4d801f", .constrainedBaseline),
            ("58c01f", .constrainedBaseline), ("42001f", .baseline), ("42a01f", .baseline),
            ("58801f", .baseline), ("4d001f", .main), ("4d401f", .main), ("58001f", .extended),
            ("64001f", .high), ("640c1f", .constrainedHigh), ("6e001f", .high10),
            ("7a001f", .high422),
            ("f4001f", .high444Predictive), ("6e101f", .high10Intra), ("7a101f", .high422Intra),
            ("f4101f", .high444Intra), ("2c101f", .cavlc444Intra),
        ]
    )
    func profiles(text: String, profile: H264ProfileLevel.Profile) {
        #expect(H264ProfileLevel(text)?.profile == profile)
        #expect(H264ProfileLevel(text)?.text == text)
        #expect(H264ProfileLevel(text.uppercased()) == H264ProfileLevel(text))
    }

    @Test("other bytes are no profile", arguments: ["43001f", "42011f", "64081f", "4d201f"])
    func noProfile(text: String) throws {
        let level = try #require(H264ProfileLevel(text))
        #expect(level.profile == nil)
        #expect(level.isSameProfile(as: level))
        #expect(!level.isSameProfile(as: .inferred))
        #expect(!H264ProfileLevel.inferred.isSameProfile(as: level))
    }

    @Test("text that is no six digits is refused", arguments: ["", "42e01", "42e01f0", "42e01é"])
    func malformed(text: String) { #expect(H264ProfileLevel(text) == nil) }

    @Test func levelsHaveAnOrder() throws {
        let texts = ["42e00a", "42f00b", "42e00b", "42e00c", "42e01f", "42e034"]
        let levels = try texts.map { try #require(H264ProfileLevel($0)) }
        for (low, high) in zip(levels, levels.dropFirst()) {
            #expect(low.isLowerLevel(than: high) && !high.isLowerLevel(than: low))
        }
        #expect(levels[1].isLevel1b && !levels[2].isLevel1b)
        #expect(H264ProfileLevel("640009")?.isLevel1b == true)
    }

    @Test func missingParametersHaveTheRFCsDefaults() throws {
        #expect(try parameters("profile-level-id=42000a").isSameFormat(as: H264Parameters()))
        #expect(try parameters("packetization-mode=0").isSameFormat(as: H264Parameters()))
        #expect(try !parameters("packetization-mode=1").isSameFormat(as: H264Parameters()))
        #expect(try !parameters("profile-level-id=64001f").isSameFormat(as: H264Parameters()))
    }

    // RFC 6184 §8.2.2.
    @Test func anAnswerHasTheOffersProfileAndALevelThatFits() throws {
        let ours = H264Parameters(
            profileLevel: try #require(H264ProfileLevel("42e01f")),
            packetizationMode: 1
        )
        let symmetric = try parameters("packetization-mode=1;profile-level-id=42c034")
        #expect(ours.answering(symmetric)?.profileLevel?.text == "42c01f")
        #expect(ours.answering(symmetric)?.allowsLevelAsymmetry == nil)
        let low = try parameters("packetization-mode=1;profile-level-id=42c00b")
        #expect(ours.answering(low)?.profileLevel?.text == "42c00b")
        let asymmetric = try parameters(
            "packetization-mode=1;profile-level-id=42e00b;level-asymmetry-allowed=1"
        )
        #expect(ours.answering(asymmetric)?.profileLevel?.text == "42e01f")
        #expect(ours.answering(asymmetric)?.allowsLevelAsymmetry == true)
        #expect(ours.answering(try parameters("profile-level-id=42e01f")) == nil)
        #expect(
            ours.answering(try parameters("packetization-mode=1;profile-level-id=64001f")) == nil
        )
        let plain = H264Parameters()
        #expect(plain.answering(plain) == plain)
    }

    @Test func level1bSurvivesAnotherProfile() throws {
        var ours = H264Parameters()
        ours.profileLevel = H264ProfileLevel("42f00b")
        var offer = H264Parameters()
        offer.profileLevel = H264ProfileLevel("4d801f")
        #expect(ours.answering(offer)?.profileLevel?.text == "4d900b")
        ours.profileLevel = H264ProfileLevel("640009")
        offer.profileLevel = H264ProfileLevel("64001f")
        #expect(ours.answering(offer)?.profileLevel?.text == "640009")
    }
}
