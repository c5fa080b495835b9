import SDP
import Testing

@Suite("What two descriptions say differently")
struct DifferenceTests {
    static let offer = Fixtures.text("browsers/chrome-vp8.initial-offer.sdp")

    /// The differences of a recorded offer to itself with some text replaced.
    private func sentences(
        replacing old: String,
        with new: String,
        ignoring kinds: Set<SDPDifference.Kind> = []
    ) throws -> [String] {
        #expect(Self.offer.contains(old))
        let before = try SDPDescription(parsing: Self.offer)
        let after = try SDPDescription(parsing: Self.offer.replacing(old, with: new))
        return after.differences(from: before, ignoring: kinds).map(\.description)
    }

    @Test("every recorded description equals itself", arguments: CorpusTests.all)
    func reflexive(name: String) throws {
        let description = try SDPDescription(parsing: Fixtures.text(name))
        #expect(description.differences(from: description) == [])
    }

    @Test("each change of text is told in one sentence", arguments: DifferenceCase.all)
    func oneChange(change: DifferenceCase) throws {
        #expect(try sentences(replacing: change.old, with: change.new) == [change.sentence])
        let kinds = Set(SDPDifference.Kind.allCases)
        #expect(try sentences(replacing: change.old, with: change.new, ignoring: kinds) == [])
    }

    @Test("a kind that is ignored is not told", arguments: DifferenceCase.all)
    func ignored(change: DifferenceCase) throws {
        let before = try SDPDescription(parsing: Self.offer)
        let after = try SDPDescription(parsing: Self.offer.replacing(change.old, with: change.new))
        let all = after.differences(from: before)
        let kinds = Set(all.map(\.kind))
        #expect(after.differences(from: before, ignoring: kinds) == [])
        let others = Set(SDPDifference.Kind.allCases).subtracting(kinds)
        #expect(after.differences(from: before, ignoring: others) == all)
    }

    @Test func allNumbersOfACodecMayChange() throws {
        let before = try SDPDescription(parsing: Self.offer)
        let text = Self.offer
            .replacing("SAVPF 96 97", with: "SAVPF 100 101")
            .replacing(":96 ", with: ":100 ").replacing(":97 ", with: ":101 ")
            .replacing("apt=96", with: "apt=100")
        let after = try SDPDescription(parsing: text)
        #expect(
            after.differences(from: before).map(\.description) == [
                "section 1 (video, mid 1): payload type of VP8/90000 changed from 96 to 100",
                "section 1 (video, mid 1): payload type of rtx/90000 for VP8/90000 changed from 97 to 101",
            ]
        )
        #expect(after.differences(from: before, ignoring: .madeUpForEachCall) == [])
    }

    @Test func profilesOfOneCodecAreToldApart() throws {
        let text = Fixtures.text("browsers/chrome-maxbundle-red.initial-offer.sdp")
        let before = try SDPDescription(parsing: text)
        // Two profiles of H264 swap their numbers, and so do their retransmissions.
        let swapped = text.replacing(
            "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
            with:
                "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=4d001f"
        ).replacing(
            "a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=4d001f",
            with: "a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"
        )
        let differences = try SDPDescription(parsing: swapped).differences(from: before)
        #expect(Set(differences.map(\.kind)) == [.payloadType, .codecOrder])
        #expect(differences.filter { $0.kind == .payloadType }.count == 4)
    }

    @Test func whatTheSessionSaysHoldsForItsSections() throws {
        let fingerprint = try #require(
            Self.offer.split(separator: "\r\n").first { $0.hasPrefix("a=fingerprint") }
        )
        let text = Self.offer.replacing("\(fingerprint)\r\n", with: "")
            .replacing("t=0 0\r\n", with: "t=0 0\r\n\(fingerprint)\r\n")
        let before = try SDPDescription(parsing: Self.offer)
        #expect(try SDPDescription(parsing: text).differences(from: before) == [])
    }

    @Test func whatTheFirstSectionOfABundleSaysHoldsForTheOthers() throws {
        var after = try SDPDescription(parsing: Self.offer)
        for index in 1...2 {
            after.media[index].iceUfrag = nil
            after.media[index].icePwd = nil
            after.media[index].iceOptions = []
            after.media[index].fingerprints = []
            after.media[index].setup = nil
        }
        #expect(after.differences(from: try SDPDescription(parsing: Self.offer)) == [])
    }

    @Test func sectionsComeGoAndAreUsedAgain() throws {
        let full = try SDPDescription(parsing: Self.offer)
        var short = full
        short.media.removeLast()
        #expect(
            full.differences(from: short).last?.description
                == "section 2 (application, mid 2): section added: application (mid 2)"
        )
        #expect(
            short.differences(from: full).last?.description
                == "section 2 (application, mid 2): section removed: application (mid 2)"
        )
        var rejected = full
        rejected.media[1].port = 0
        #expect(rejected.differences(from: full).map(\.change) == [.rejected])
        #expect(full.differences(from: rejected).map(\.change) == [.accepted])
        var recycled = full
        recycled.media[1].mid = "9"
        #expect(
            recycled.differences(from: rejected).map(\.change) == [
                .recycled(from: "video (mid 1)", to: "video (mid 9)")
            ]
        )
    }

    @Test func aRestartNeverShowsThePassword() throws {
        let before = try SDPDescription(parsing: Self.offer)
        var after = before
        after.media[0].icePwd = "0123456789abcdef01234567"
        let sentences = after.differences(from: before).map(\.description)
        #expect(
            sentences == [
                "section 0 (audio, mid 0): ICE credentials changed from one password to another with "
                    + "the same ufrag"
            ]
        )
    }

    @Test func recordedRestartsAreSeen() throws {
        let before = try SDPDescription(
            parsing: Fixtures.text("browsers/chrome-vp8.initial-offer.sdp")
        )
        let after = try SDPDescription(
            parsing: Fixtures.text("browsers/chrome-vp8.icerestart-offer.sdp")
        )
        let kinds = Set(after.differences(from: before).map(\.kind))
        #expect(kinds.contains(.credentials))
        #expect(!kinds.contains(.codec))
    }

    @Test func attributesCanBeIgnoredByName() throws {
        let before = try SDPDescription(parsing: Self.offer)
        var after = before
        after.append("x-mine", "1")
        #expect(
            after.differences(from: before).map(\.description)
                == ["session: attribute added: x-mine:1"]
        )
        #expect(after.differences(from: before, attributes: ["x-mine"]) == [])
    }
}
