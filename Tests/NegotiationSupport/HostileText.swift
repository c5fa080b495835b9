/// What texts that try to cost much are made of.
enum HostileText {
    /// No description of at most this size may take more than 10 ms.
    static let limit = 64 * 1_024

    static let session =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + transport("actpass")
    static let audio =
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\n"
        + "a=rtpmap:111 opus/48000/2\r\n"
    static let video =
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\n"
        + "a=rtpmap:96 VP8/90000\r\n"
    /// The least that is accepted where both sides know PCMU, and read everywhere.
    static let tiny = "m=audio 9 RTP/SAVPF 0\r\na=rtcp-mux\r\n"
    static let tinyOpus =
        "m=audio 9 RTP/SAVPF 96\r\na=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n"

    /// Fingerprint, role and credentials, as all sections may share them.
    static func transport(_ setup: String) -> String {
        "a=setup:\(setup)\r\na=ice-ufrag:abcd\r\na=ice-pwd:\(password)\r\n"
            + "a=fingerprint:sha-256 "
            + [String](repeating: "07", count: 32).joined(separator: ":") + "\r\n"
    }

    static let password = "0123456789012345678901"

    /// `head`, then as many of `line` as there is room for, and `tail`.
    static func filled(_ head: String, tail: String = "", _ line: (Int) -> String) -> String {
        var text = head
        var size = head.utf8.count + tail.utf8.count
        var index = 0
        while true {
            let next = line(index)
            size += next.utf8.count
            guard size <= limit else { return text + tail }
            text += next
            index += 1
        }
    }

    /// As many sections of one group as there is room for, `most` at the most.
    static func bundled(
        _ head: String = session,
        atMost most: Int = 1_024,
        _ section: (Int) -> String
    ) -> String {
        var sections: [String] = []
        var size = head.utf8.count + "a=group:BUNDLE\r\n".utf8.count
        while sections.count < most {
            let next = section(sections.count)
            size += next.utf8.count + " \(sections.count)".utf8.count
            guard size <= limit else { break }
            sections.append(next)
        }
        let mids = sections.indices.map(String.init).joined(separator: " ")
        return head + "a=group:BUNDLE \(mids)\r\n" + sections.joined()
    }

    /// A candidate that differs from all others in everything that may differ.
    static func candidate(_ index: Int) -> String {
        let address = "192.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)"
        return "a=candidate:\(index) 1 udp \(index + 1) \(address) 5000 typ host\r\n"
    }
}
