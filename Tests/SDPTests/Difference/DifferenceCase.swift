import Testing

/// A text of the recorded offer, what it is replaced by, and the one sentence that tells.
struct DifferenceCase: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let sentence: String

    init(_ old: String, _ new: String, _ sentence: String) {
        self.old = old
        self.new = new
        self.sentence = sentence
    }

    var testDescription: String { sentence }

    static let all = session + audio + video + application
}

extension DifferenceCase {
    private static let session = [
        DifferenceCase("v=0", "v=1", "session: version changed from 0 to 1"),
        DifferenceCase(
            "o=- 1725591940104328285 2",
            "o=- 1725591940104328285 3",
            "session: origin changed from - 1725591940104328285 2 IN IP4 127.0.0.1"
                + " to - 1725591940104328285 3 IN IP4 127.0.0.1"
        ),
        DifferenceCase("s=-", "s=call", "session: session name changed from - to call"),
        DifferenceCase("s=-", "s=-\r\ni=x", "session: information added: i=x"),
        DifferenceCase("t=0 0", "t=0 9", "session: times changed from 0 0 to 0 9"),
        DifferenceCase("t=0 0", "b=AS:9\r\nt=0 0", "session: bandwidth added: AS:9"),
        DifferenceCase(
            "BUNDLE 0 1 2",
            "BUNDLE 0 1",
            "session: group changed from BUNDLE 0 1 2 to BUNDLE 0 1"
        ),
        DifferenceCase(
            "a=extmap-allow-mixed\r\n",
            "",
            "session: attribute removed: extmap-allow-mixed"
        ),
        DifferenceCase("t=0 0", "t=0 0\r\nx=y", "session: line added: x=y"),
    ]

    private static let audio = [
        DifferenceCase(
            "m=audio",
            "m=text",
            "section 0 (text, mid 0): kind changed from audio to text"
        ),
        DifferenceCase(
            "m=audio 9",
            "m=audio 5004",
            "section 0 (audio, mid 0): port changed from 9 to 5004"
        ),
        DifferenceCase(
            "useinbandfec=1",
            "useinbandfec=0",
            "section 0 (audio, mid 0): format parameter of opus/48000/2 (111) changed"
                + " from useinbandfec=1 to useinbandfec=0"
        ),
        DifferenceCase(
            "minptime=10;useinbandfec=1",
            "useinbandfec=1;minptime=10;usedtx=1",
            "section 0 (audio, mid 0): format parameter of opus/48000/2 (111) added: usedtx=1"
        ),
        DifferenceCase(
            "a=extmap:1 urn",
            "a=extmap:9 urn",
            "section 0 (audio, mid 0): id of urn:ietf:params:rtp-hdrext:ssrc-audio-level changed"
                + " from 1 to 9"
        ),
        DifferenceCase(
            "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
            "",
            "section 0 (audio, mid 0): header extension removed:"
                + " urn:ietf:params:rtp-hdrext:ssrc-audio-level"
        ),
        DifferenceCase(
            "a=ssrc:3236890201 cname:uB8a4OBgZQ1+DWDC\r\n",
            "",
            "section 0 (audio, mid 0): source removed: 3236890201 cname:uB8a4OBgZQ1+DWDC"
        ),
        DifferenceCase(
            "7f1beb91-0153-4fd9-9e2f-5a7e5c966036\r\na=rtcp-mux",
            "other\r\na=rtcp-mux",
            "section 0 (audio, mid 0): stream changed from 5250597d-4031-437e-a401-26d486d1835a"
                + " 7f1beb91-0153-4fd9-9e2f-5a7e5c966036"
                + " to 5250597d-4031-437e-a401-26d486d1835a other"
        ),
        DifferenceCase(
            "a=mid:0\r\n",
            "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n",
            "section 0 (audio, mid 0): candidate added: 1 1 udp 1 192.0.2.1 9 typ host"
        ),
        DifferenceCase(
            "a=mid:0\r\n",
            "a=mid:0\r\na=end-of-candidates\r\n",
            "section 0 (audio, mid 0): candidate added: end of candidates"
        ),
        DifferenceCase(
            "a=mid:0\r\n",
            "a=mid:0\r\na=rtcp-mux-only\r\n",
            "section 0 (audio, mid 0): RTCP multiplexing added: rtcp-mux-only"
        ),
        DifferenceCase(
            "a=mid:0\r\n",
            "a=mid:0\r\na=tls-id:0123456789abcdefghij\r\n",
            "section 0 (audio, mid 0): TLS id added: 0123456789abcdefghij"
        ),
    ]

    private static let video = [
        DifferenceCase(
            "a=mid:1\r\n",
            "a=mid:v\r\n",
            "section 1 (video, mid v): mid changed from 1 to v"
        ),
        DifferenceCase(
            "repaired-rtp-stream-id\r\na=sendrecv",
            "repaired-rtp-stream-id\r\na=sendonly",
            "section 1 (video, mid 1): direction changed from sendrecv to sendonly"
        ),
        DifferenceCase(
            "a=rtcp-fb:96 nack pli\r\n",
            "",
            "section 1 (video, mid 1): feedback of VP8/90000 (96) removed: nack pli"
        ),
        DifferenceCase(
            "a=rtcp-fb:96 goog-remb",
            "a=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 x",
            "section 1 (video, mid 1): feedback of VP8/90000 (96) added: x"
        ),
        DifferenceCase(
            "SAVPF 96 97 118 119 120",
            "SAVPF 96 97 118 119",
            "section 1 (video, mid 1): codec removed: ulpfec/90000"
        ),
        DifferenceCase(
            "SAVPF 96 97 118 119 120",
            "SAVPF 118 96 97 119 120",
            "section 1 (video, mid 1): codecs reordered from VP8/90000 (96), rtx/90000 for"
                + " VP8/90000 (97), red/90000 (118), rtx/90000 for red/90000 (119), ulpfec/90000"
                + " (120) to red/90000 (118), VP8/90000 (96), rtx/90000 for VP8/90000 (97),"
                + " rtx/90000 for red/90000 (119), ulpfec/90000 (120)"
        ),
        DifferenceCase(
            "a=ssrc-group:FID 3253861093 1764706441\r\n",
            "",
            "section 1 (video, mid 1): group of sources removed: FID 3253861093 1764706441"
        ),
        DifferenceCase(
            "a=mid:1\r\n",
            "a=mid:1\r\na=rid:h send pt=96\r\n",
            "section 1 (video, mid 1): rid added: h send pt=VP8/90000"
        ),
        DifferenceCase(
            "a=mid:1\r\n",
            "a=mid:1\r\na=simulcast:send h;l\r\n",
            "section 1 (video, mid 1): simulcast added: send h;l"
        ),
    ]

    private static let application = [
        DifferenceCase(
            "m=application 9 UDP/DTLS/SCTP",
            "m=application 9 TCP/DTLS/SCTP",
            "section 2 (application, mid 2): transport protocol changed from UDP/DTLS/SCTP to TCP/DTLS/SCTP"
        ),
        DifferenceCase(
            "SCTP webrtc-datachannel",
            "SCTP webrtc-datachannel x",
            "section 2 (application, mid 2): format added: x"
        ),
        DifferenceCase(
            "webrtc-datachannel\r\nc=IN IP4 0.0.0.0",
            "webrtc-datachannel\r\nc=IN IP4 192.0.2.1",
            "section 2 (application, mid 2): address changed from IN IP4 0.0.0.0 to"
                + " IN IP4 192.0.2.1"
        ),
        DifferenceCase(
            "a=setup:actpass\r\na=mid:2",
            "a=setup:active\r\na=mid:2",
            "section 2 (application, mid 2): DTLS role changed from actpass to active"
        ),
        DifferenceCase(
            "a=setup:actpass\r\na=mid:2",
            "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"
                + "a=setup:actpass\r\na=mid:2",
            "section 2 (application, mid 2): fingerprint added:"
                + " sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13"
        ),
        DifferenceCase(
            "a=setup:actpass\r\na=mid:2",
            "a=ice-lite\r\na=setup:actpass\r\na=mid:2",
            "section 2 (application, mid 2): attribute added: ice-lite"
        ),
        DifferenceCase(
            "a=sctp-port:5000",
            "a=sctp-port:5001",
            "section 2 (application, mid 2): SCTP port changed from 5000 to 5001"
        ),
        DifferenceCase(
            "a=max-message-size:262144\r\n",
            "",
            "section 2 (application, mid 2): largest message removed: 262144"
        ),
    ]
}
