import SDP

/// An offer and an answer that break no rule, to be broken in one place each.
enum ValidatedDescriptions {
    private static func attributes(_ name: String, setup: String, tlsID: String) -> String {
        """
        a=ice-ufrag:\(name)Frag
        a=ice-pwd:\(name)PasswordPasswordPassword
        a=ice-options:trickle ice2
        a=fingerprint:sha-256 \(Array(repeating: name, count: 32).joined(separator: ":"))
        a=setup:\(setup)
        a=tls-id:\(tlsID)

        """
    }

    private static func session(_ id: String) -> String {
        """
        v=0
        o=- \(id) 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1 2
        a=group:LS 0 1
        a=extmap-allow-mixed

        """
    }

    private static func audio(_ transport: String) -> String {
        """
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0
        c=IN IP4 0.0.0.0
        a=mid:0
        \(transport)a=rtcp-mux
        a=rtcp-rsize
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=sendrecv
        a=msid:- track
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtcp-fb:111 transport-cc
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=rtpmap:0 PCMU/8000
        a=ssrc:1 cname:name

        """
    }

    private static func video(_ transport: String, ours: String, theirs: String) -> String {
        """
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99
        c=IN IP4 0.0.0.0
        a=mid:1
        \(transport)a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
        a=\(ours)only
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 nack pli
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=rtpmap:98 H264/90000
        a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:99 VP9/90000
        a=fmtp:99 profile-id=0
        a=rid:hi \(theirs)
        a=rid:lo \(theirs) pt=96
        a=simulcast:\(theirs) hi;lo

        """
    }

    private static func data(_ transport: String) -> String {
        """
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=mid:2
        \(transport)a=sctp-port:5000
        a=max-message-size:262144

        """
    }

    /// A first offer: it sends sound and receives pictures.
    static let offer: String = {
        let transport = attributes("AA", setup: "actpass", tlsID: "abcdefghijklmnopqrst")
        let muxed = transport + "a=rtcp-mux\na=rtcp-rsize\n"
        return
            (session("4611731400430051336") + audio(transport)
            + video(muxed, ours: "recv", theirs: "recv") + data(transport))
            .replacing("\n", with: "\r\n")
    }()

    /// Its answer: all is accepted, on one transport.
    static let answer: String = {
        let transport = attributes("BB", setup: "active", tlsID: "ABCDEFGHIJKLMNOPQRST")
        return
            (session("7").replacing("a=extmap-allow-mixed\n", with: "") + audio(transport)
            + video("", ours: "send", theirs: "send").replacing(
                "a=sendonly",
                with: "a=sendonly\na=msid:- picture"
            ).replacing("a=rtpmap:96", with: "a=ssrc:2 cname:name\na=rtpmap:96") + data(""))
            .replacing("\n", with: "\r\n")
    }()

    /// The next offer of the same side, without a change but for the agreed bundle.
    static let nextOffer: String = {
        let transport = attributes("AA", setup: "actpass", tlsID: "abcdefghijklmnopqrst")
        return
            (session("4611731400430051336").replacing("51336 1 IN", with: "51336 2 IN")
            + audio(transport) + video("", ours: "recv", theirs: "recv") + data(""))
            .replacing("\n", with: "\r\n")
    }()
}

/// A change of a description's text that breaks one rule.
struct Mutation: Sendable {
    var rule: Rule
    /// What is replaced in the description that is checked.
    var changes: [(String, String)]
    /// What is replaced in the descriptions that came before it.
    var earlier: [(String, String)]

    init(
        _ rule: Rule,
        _ changes: (String, String)...,
        earlier: [(String, String)] = []
    ) {
        self.rule = rule
        self.changes = changes
        self.earlier = earlier
    }

    /// The description with all changes; nil if there is nothing to replace.
    static func apply(_ changes: [(String, String)], to text: String) -> String? {
        var text = text
        for (old, new) in changes {
            let (old, new) = (lines(old), lines(new))
            guard text.contains(old) else { return nil }
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return text
    }

    private static func lines(_ text: String) -> String { text.replacing("\n", with: "\r\n") }
}
