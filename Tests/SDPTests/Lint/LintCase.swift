import SDP
import Testing

/// A change of ``goodOffer`` that breaks one rule, and one that comes close and does not.
struct LintCase: Sendable, CustomTestStringConvertible {
    /// What is replaced, and by what.
    struct Edit: Sendable {
        let old: String
        let new: String

        /// Replaces the first place of a text.
        static func replace(_ old: String, _ new: String) -> Edit { Edit(old: old, new: new) }

        /// Adds lines behind a line, with bars between them.
        static func add(_ lines: String, after line: String) -> Edit {
            Edit(old: line, new: line + "\r\n" + lines.replacing("|", with: "\r\n"))
        }

        /// Removes a line.
        static func remove(_ line: String) -> Edit { Edit(old: line + "\r\n", new: "") }

        func applied(to text: String) -> String {
            guard let range = text.firstRange(of: old) else { return "" }
            return text.replacingCharacters(in: range, with: new)
        }
    }

    let rule: LintRule
    let role: SDPLinter.Role?
    /// The line of the finding that is wanted.
    let line: Int
    let failing: [Edit]
    let passing: [Edit]

    init(
        _ rule: LintRule,
        at line: Int,
        _ failing: Edit...,
        passes passing: Edit...,
        as role: SDPLinter.Role? = nil
    ) {
        self.rule = rule
        self.role = role
        self.line = line
        self.failing = failing
        self.passing = passing
    }

    var testDescription: String { rule.name }

    static let all =
        text + session + attributes + media + rtcp + codecs + extensions + bundles
        + ice + candidates + dtls + simulcast + sources + dataChannels
}

extension String {
    fileprivate func replacingCharacters(
        in range: Range<String.Index>,
        with text: String
    ) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}

/// An offer without findings: audio, video with simulcast, and data, in one bundle.
let goodOffer = """
    v=0
    o=- 4962303333179871722 1 IN IP4 0.0.0.0
    s=-
    t=0 0
    a=group:BUNDLE 0 1 2
    a=ice-options:trickle ice2
    a=fingerprint:sha-256 \
    7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08
    a=setup:actpass
    m=audio 10100 UDP/TLS/RTP/SAVPF 96 0 97
    c=IN IP4 203.0.113.100
    a=mid:0
    a=sendrecv
    a=msid:stream1 track1
    a=rtpmap:96 opus/48000/2
    a=fmtp:96 minptime=10;useinbandfec=1
    a=rtpmap:97 red/48000/2
    a=fmtp:97 96/96
    a=ptime:20
    a=maxptime:120
    a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
    a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid
    a=ice-ufrag:ETEn
    a=ice-pwd:OtSK0WpNtpUjkY4+86js7ZQl
    a=tls-id:91bbf309c0990a6bec11e38ba2933cee
    a=rtcp:10101 IN IP4 203.0.113.100
    a=rtcp-mux
    a=rtcp-rsize
    a=candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host
    a=candidate:2 1 udp 1845494015 198.51.100.1 11100 typ srflx raddr 203.0.113.100 rport 10100
    a=candidate:3 1 tcp 1518280447 203.0.113.100 9 typ host tcptype active
    a=ssrc:1001 cname:me
    m=video 10100 UDP/TLS/RTP/SAVPF 100 101 102 103
    c=IN IP4 203.0.113.100
    a=mid:1
    a=sendrecv
    a=msid:stream1 track2
    a=rtpmap:100 VP8/90000
    a=rtpmap:101 H264/90000
    a=fmtp:101 packetization-mode=1;profile-level-id=42e01f
    a=rtpmap:102 rtx/90000
    a=fmtp:102 apt=100
    a=rtpmap:103 VP9/90000
    a=fmtp:103 profile-id=0
    a=rtcp-fb:100 nack pli
    a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
    a=rtcp-mux
    a=rtcp-rsize
    a=rid:h send pt=100;max-width=1280
    a=rid:l send
    a=simulcast:send h;l
    a=ssrc:2001 cname:me
    a=ssrc:2002 cname:me
    a=ssrc-group:FID 2001 2002
    m=application 10100 UDP/DTLS/SCTP webrtc-datachannel
    c=IN IP4 203.0.113.100
    a=mid:2
    a=sctp-port:5000
    a=max-message-size:262144

    """.replacing("\n", with: "\r\n")
