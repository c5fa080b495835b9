/// Lines that one section, or a session, may hold as often as somebody likes.
struct HostileLines: Sendable {
    let name: String
    let line: @Sendable (Int) -> String

    static let all: [HostileLines] = [
        HostileLines(name: "formats") {
            "a=rtpmap:\($0 % 128) H264/90000\r\na=fmtp:\($0 % 128) profile-level-id=42e01f\r\n"
        },
        HostileLines(name: "feedback") { "a=rtcp-fb:96 nack x\($0)\r\n" },
        HostileLines(name: "feedback of all") { "a=rtcp-fb:* nack x\($0)\r\n" },
        HostileLines(name: "extmaps") { "a=extmap:\($0 % 255 + 1) urn:x:\($0)\r\n" },
        HostileLines(name: "candidates") { HostileText.candidate($0) },
        HostileLines(name: "candidates all the same") { _ in HostileText.candidate(1) },
        HostileLines(name: "candidates with names") {
            "a=candidate:1 1 udp 1 \($0).local 5000 typ host\r\n"
        },
        HostileLines(name: "ends of candidates") { _ in "a=end-of-candidates\r\n" },
        HostileLines(name: "fingerprints") {
            "a=fingerprint:md5 01:01:01:01:01:01:01:01:01:01:01:01:01:01:"
                + "\(hex($0 >> 8)):\(hex($0))\r\n"
        },
        HostileLines(name: "rids") { "a=rid:r\($0) send\r\n" },
        HostileLines(name: "simulcasts") { "a=simulcast:send \($0) recv \($0)\r\n" },
        HostileLines(name: "sources") { "a=ssrc:\($0 + 1) cname:x\r\n" },
        HostileLines(name: "groups of sources") { "a=ssrc-group:FID \($0) \($0 + 1)\r\n" },
        HostileLines(name: "msids") { "a=msid:\($0) t\r\n" },
        HostileLines(name: "mids") { "a=mid:m\($0)\r\n" },
        HostileLines(name: "groups") { "a=group:BUNDLE \($0 % 200)\r\n" },
        HostileLines(name: "groups played in step") { "a=group:LS 0 \($0)\r\n" },
        HostileLines(name: "credentials") {
            "a=ice-ufrag:\($0)\r\na=ice-pwd:\(HostileText.password)\r\n"
        },
        HostileLines(name: "options") { "a=ice-options:x\($0)\r\n" },
        HostileLines(name: "options of trickle") { _ in "a=ice-options:trickle\r\n" },
        HostileLines(name: "setups") { _ in "a=setup:active\r\n" },
        HostileLines(name: "names of associations") { "a=tls-id:\($0)01234567890123456789\r\n" },
        HostileLines(name: "identities") { "a=identity:\($0)\r\n" },
        HostileLines(name: "directions") { _ in "a=sendonly\r\na=recvonly\r\n" },
        HostileLines(name: "flags") { _ in "a=rtcp-mux\r\na=rtcp-rsize\r\na=bundle-only\r\n" },
        HostileLines(name: "empty attributes") { _ in "a=\r\n" },
        HostileLines(name: "short attributes") { _ in "a=x\r\n" },
        HostileLines(name: "unknown attributes") { "a=x\($0):y\r\n" },
        HostileLines(name: "bandwidths") { "b=AS:\($0)\r\n" },
        HostileLines(name: "bandwidths nobody knows") { "b=X\($0):\($0)\r\n" },
        HostileLines(name: "connections") { _ in "c=IN IP4 0.0.0.0\r\n" },
        HostileLines(name: "keys") { _ in "k=prompt\r\n" },
        HostileLines(name: "titles") { _ in "i=x\r\n" },
        HostileLines(name: "lines nobody knows") { _ in "y=x\r\n" },
        HostileLines(name: "blank lines") { _ in "\r\n" },
        HostileLines(name: "trailing spaces") { _ in "a=x  \r\n" },
        HostileLines(name: "times") { _ in "t=0 0\r\n" },
    ]

    /// As many of the lines as `size` bytes hold.
    func lines(upTo size: Int, from first: Int) -> String {
        var text = ""
        var length = 0
        var index = first
        while true {
            let next = line(index)
            length += next.utf8.count
            guard length <= size else { return text }
            text += next
            index += 1
        }
    }

    private static func hex(_ value: Int) -> String {
        let text = String(value & 255, radix: 16, uppercase: true)
        return text.utf8.count == 1 ? "0" + text : text
    }
}
