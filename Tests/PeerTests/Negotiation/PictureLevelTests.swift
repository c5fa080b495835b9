import Peer
import SDP
import Testing
import Wire

@Suite("RFC 6184 §8.2.2: the level of H.264")
struct PictureLevelTests {
    /// What is answered to an offer of this profile-level-id; our table says level 3.1 (1f).
    private func answer(_ level: String?, _ asymmetry: String?) throws -> [String: String] {
        let fmtp =
            "packetization-mode=1" + (level.map { ";profile-level-id=\($0)" } ?? "")
            + (asymmetry.map { ";level-asymmetry-allowed=\($0)" } ?? "")
        let lines = [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
            "m=video 9 UDP/TLS/RTP/SAVPF 100", "c=IN IP4 0.0.0.0", "a=mid:0", "a=sendrecv",
            "a=rtcp-mux", "a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901",
            "a=fingerprint:sha-256 "
                + [String](repeating: "07", count: 32).joined(separator: ":"),
            "a=setup:actpass", "a=rtpmap:100 H264/90000", "a=fmtp:100 \(fmtp)",
        ]
        var session = try makeSession(configuration: fullConfiguration())
        let text = try session.answer(lines.joined(separator: "\r\n") + "\r\n")
        let section = try SDPDescription(parsing: text).media[0]
        let attribute = try #require(section.attributes.first { $0.name == "fmtp" })
        let typed = try #require(FormatParametersAttribute(attribute))
        return Dictionary(
            typed.parameters.map { ($0.name, $0.value ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test(
        "where both sides allow it each has its own",
        arguments: ["42e00a", "42e01f", "42e034", "42c01f"]
    )
    func asymmetric(level: String) throws {
        let parameters = try answer(level, "1")
        #expect(parameters["profile-level-id"] == level.prefix(4) + "1f")
        #expect(parameters["level-asymmetry-allowed"] == "1")
    }

    @Test(
        "otherwise the lower one holds for both",
        arguments: [
            ("42e00a", "42e00a"), ("42e01f", "42e01f"), ("42e034", "42e01f"), ("42f00b", "42f00b"),
            ("640009", "640009"), ("4d0015", "4d0015"),
        ]
    )
    func symmetric(offered: String, expected: String) throws {
        for asymmetry in [nil, "0"] {
            let parameters = try answer(offered, asymmetry)
            #expect(parameters["profile-level-id"] == expected)
            #expect(parameters["level-asymmetry-allowed"] == nil)
            #expect(parameters["packetization-mode"] == "1")
        }
    }

    @Test("RFC 7742 §6.2 wants the parameter; without it, what browsers take it for is meant")
    func missing() throws {
        for asymmetry in [nil, "0", "1"] {
            let parameters = try answer(nil, asymmetry)
            #expect(parameters["profile-level-id"] == "42e01f")
        }
    }
}
