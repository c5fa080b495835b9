// Tables of formats, and single lines that are long.
extension HostileDescription {
    private static let session = HostileText.session
    private static let audio = HostileText.audio
    private static let video = HostileText.video

    static var tables: [HostileDescription] {
        let all = (0..<128).map(String.init).joined(separator: " ")
        let maps = (0..<128).map { "a=rtpmap:\($0) VP8/90000\r\n" }.joined()
        let repeats = (0..<64).map {
            "a=rtpmap:\($0) H264/90000\r\na=rtpmap:\($0 + 64) rtx/90000\r\n"
                + "a=fmtp:\($0 + 64) apt=\($0)\r\n"
        }.joined()
        let wide = "m=video 9 UDP/TLS/RTP/SAVPF \(all)\r\na=rtcp-mux\r\n"
        return [
            HostileDescription(
                "payload types",
                HostileText.filled(
                    session + "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                    tail: "\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
                ) { " \($0 % 128)" }
            ),
            HostileDescription(
                "feedback of all for all formats",
                HostileText.filled(session + wide + maps) { "a=rtcp-fb:* nack x\($0)\r\n" }
            ),
            HostileDescription(
                "all formats in many sections",
                HostileText.bundled {
                    wide + "a=mid:\($0)\r\n" + maps
                        + (0..<32).map { "a=rtcp-fb:* x\($0)\r\n" }.joined()
                }
            ),
            HostileDescription(
                "retransmissions in many sections",
                HostileText.bundled { wide + "a=mid:\($0)\r\n" + repeats }
            ),
            HostileDescription(
                "extmaps of the session in many sections",
                HostileText.bundled(
                    session + (0..<300).map { "a=extmap:\($0 % 255 + 1) urn:x:\($0)\r\n" }.joined()
                ) { audio + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "fingerprints of the session in many sections",
                HostileText.bundled(
                    session
                        + (16..<32).map {
                            "a=fingerprint:sha-1 \([String](repeating: String($0), count: 20).joined(separator: ":"))\r\n"
                        }.joined()
                ) { audio + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "groups of many sections",
                HostileText.filled(
                    session,
                    tail: (0..<200).map { HostileText.tiny + "a=mid:\($0)\r\n" }.joined()
                ) { "a=group:BUNDLE \($0 % 200)\r\n" }
            ),
            HostileDescription(
                "sections that turn in groups",
                HostileText.filled(
                    session,
                    tail: (0..<200).map { HostileText.tinyOpus + "a=mid:\($0)\r\n" }.joined()
                ) { "a=group:LS \($0 % 200) \(($0 + 1) % 200)\r\n" }
            ),
        ]
    }

    static var values: [HostileDescription] {
        let rids = (0..<32).map { "a=rid:\($0) send\r\n" }.joined()
        let heard = (0..<32).map { "a=rid:\($0) recv\r\n" }.joined()
        func long(
            _ name: String,
            _ head: String,
            tail: String = "",
            _ part: (Int) -> String
        )
            -> HostileDescription
        {
            HostileDescription(name, HostileText.filled(session + head, tail: tail + "\r\n", part))
        }
        return [
            long("fmtp parameters", video + "a=fmtp:96 a=1") { ";p\($0)=1" },
            long(
                "fmtp parameters of H.264",
                "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\na=rtpmap:96 H264/90000\r\n"
                    + "a=fmtp:96 a=1"
            ) { ";p\($0)=1" },
            long("restrictions of a rid", video + "a=rid:1 send max-width=1") { ";p\($0)=1" },
            long("simulcast", video + rids + "a=simulcast:send 0", tail: " recv 1;2") { ";\($0)" },
            long("simulcast received", video + heard + "a=simulcast:recv 0") { ";\($0)" },
            long("simulcast of one rid", video + heard + "a=simulcast:recv 0") { _ in ";0" },
            long("simulcast alternatives", video + "a=rid:0 send\r\na=simulcast:send 0") {
                ",\($0)"
            },
            long("a group with many mids", "a=group:BUNDLE", tail: "\r\n" + audio + "a=mid:0") {
                " \($0)"
            },
            long("a group with one mid", "a=group:BUNDLE", tail: "\r\n" + audio + "a=mid:0") { _ in
                " 0"
            },
            long("options in a line", audio + "a=ice-options:") { "x\($0) " },
            long("a long value", audio + "a=x:") { _ in "y" },
            long("a long name", audio + "a=") { _ in "y" },
            long("a long mid", audio + "a=mid:") { _ in "y" },
            long("a long address", audio + "a=candidate:1 1 udp 1 ", tail: " 9 typ host") { _ in "a"
            },
            long("extensions of a candidate", audio + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host")
            {
                " a\($0) b"
            },
            long("a long fragment", audio + "a=ice-ufrag:") { _ in "y" },
            long("a long extension", audio + "a=extmap:1 urn:") { _ in "y" },
            long("a long format", audio + "a=rtpmap:111 ") { _ in "y" },
            long("a long kind", "m=") { _ in "y" },
            long("spaces", audio + "a=x:") { _ in " " },
            long("numbers", audio + "a=ssrc:") { _ in "9" },
        ]
    }
}
