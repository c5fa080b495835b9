import SDP
import Testing

/// Descriptions that make naive checks look at everything once for everything else.
///
/// How long they take is measured by the benchmarks; here they must end, and keep to their bounds.
@Suite("Hostile descriptions to linter, diff and explainer")
struct HostileLintTests {
    static let head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nc=IN IP4 0.0.0.0\r\n"
    static let section = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"

    static let texts: [String: String] = [
        "sections": head + String(repeating: "m=a 9 RTP/AVPF 0\r\n", count: 1_000),
        "session lines for many sections": head
            + (0..<500).map { "a=extmap:\($0 % 255 + 1) urn:x\($0)\r\na=ice-options:o\($0)\r\n" }
            .joined() + String(repeating: section, count: 500),
        "a bundle of many": head
            + "a=group:BUNDLE " + (0..<1_000).map { "\($0)" }.joined(separator: " ") + "\r\n"
            + (0..<1_000).map { "\(section)a=mid:\($0)\r\n" }.joined(),
        "formats": head + "m=audio 9 UDP/TLS/RTP/SAVPF "
            + (0..<16_000).map { "\($0 % 300)" }.joined(separator: " ") + "\r\n",
        "parameters": head
            + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 "
            + String(repeating: "stereo=2;", count: 6_000) + "\r\n",
        "retransmissions of one": head + "m=video 9 UDP/TLS/RTP/SAVPF "
            + (1..<127).map { "\($0)" }.joined(separator: " ") + "\r\na=fmtp:1 "
            + String(repeating: "x=y;", count: 10_000) + "\r\n"
            + (2..<127).map { "a=rtpmap:\($0) rtx/90000\r\na=fmtp:\($0) apt=1\r\n" }.joined(),
        "feedback for all": head + "m=video 9 UDP/TLS/RTP/SAVPF "
            + (0..<127).map { "\($0)" }.joined(separator: " ") + "\r\n"
            + (0..<3_000).map { "a=rtcp-fb:* k\($0)\r\n" }.joined(),
        "encodings": head + section + (0..<3_000).map { "a=rid:\($0) send\r\n" }.joined()
            + "a=simulcast:send " + (0..<3_000).map { "\($0)" }.joined(separator: ";") + "\r\n",
        "sources": head + section + (0..<3_000).map { "a=ssrc:\($0) cname:x\r\n" }.joined()
            + "a=ssrc-group:FID " + (0..<3_000).map { "\($0)" }.joined(separator: " ") + "\r\n",
        "groups": head + (0..<4_000).map { "a=group:G\($0) x\r\n" }.joined() + section,
        "candidates": head + section
            + (0..<1_000).map { "a=candidate:\($0) 1 udp 1 192.0.2.1 \($0) typ host\r\n" }.joined(),
        "empty attributes": head + section + String(repeating: "a=\r\n", count: 16_000),
    ]

    @Test(
        "they end, with findings that are bounded and no line beyond the text",
        arguments: texts.keys.sorted()
    )
    func bounded(name: String) throws {
        let text = try #require(Self.texts[name])
        let findings = SDPLinter().lint(text)
        #expect(findings.count <= SDPLinter().maximumFindings)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).count
        #expect(findings.allSatisfy { (1...lines).contains($0.line) && $0.message.count < 300 })
        let description = try SDPDescription(parsing: text)
        #expect(description.differences(from: description) == [])
        var empty = description
        for index in empty.media.indices { empty.media[index].attributes = [] }
        empty.attributes = []
        _ = description.differences(from: empty)
        let explanation = description.explanation(findings: findings).description
        #expect(explanation.utf8.count < 4 * text.utf8.count + 100_000)
    }

    @Test("any bytes can be linted", arguments: 0..<200)
    func anyBytes(seed: UInt64) throws {
        var bytes = Array(goodOffer.utf8)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<20 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(truncatingIfNeeded: state >> 33) % bytes.count] = UInt8(
                truncatingIfNeeded: state >> 24
            )
        }
        let lines = bytes.count { $0 == 10 } + 1
        let findings = SDPLinter().lint(bytes.span)
        #expect(findings.allSatisfy { (1...lines).contains($0.line) })
    }
}
