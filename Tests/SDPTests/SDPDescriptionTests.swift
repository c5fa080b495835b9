import SDP
import Testing
import Wire

@Suite("Session description, RFC 8866 §5")
struct SDPDescriptionTests {
    /// The example of RFC 8866 §5, with every line type the RFC keeps.
    static let example = """
        v=0
        o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
        s=Call to John Smith
        i=SDP Offer #1
        u=http://www.jdoe.example.com/home.html
        e=Jane Doe <jane@jdoe.example.com>
        p=+1 617 555-6011
        c=IN IP4 198.51.100.1
        b=X-YZ:128
        b=AS:512
        t=3724394400 3724398000
        r=604800 3600 0 90000
        z=3730928400 -1h 3749680800 0
        t=0 0
        a=recvonly
        a=tool:example 1.0
        m=audio 49170/2 RTP/AVP 0 96
        i=The left channel
        c=IN IP4 233.252.0.1/127/3
        c=IN IP6 ff00::db8:0:101/3
        b=TIAS:64000
        a=rtpmap:96 L16/8000/2
        m=video 0 RTP/AVP 31

        """.replacing("\n", with: "\r\n")

    @Test func readsEveryLineType() throws {
        let description = try SDPDescription(parsing: Self.example, mode: .strict)
        #expect(description.version == 0)
        #expect(description.origin.username == "jdoe")
        #expect(description.origin.sessionID == "3724394400")
        #expect(description.origin.versionNumber == 3_724_394_405)
        #expect(description.origin.address.address == "198.51.100.1")
        #expect(description.name == "Call to John Smith")
        #expect(description.information == "SDP Offer #1")
        #expect(description.contact.emails == ["Jane Doe <jane@jdoe.example.com>"])
        #expect(description.contact.phones == ["+1 617 555-6011"])
        #expect(
            description.connection
                == ConnectionInformation(addressType: "IP4", address: "198.51.100.1")
        )
        #expect(description.bandwidths.map(\.kind) == ["X-YZ", "AS"])
        #expect(description.times.count == 2)
        #expect(description.times[0].repeats == ["604800 3600 0 90000"])
        #expect(description.times[0].zones == "3730928400 -1h 3749680800 0")
        #expect(description.statedDirection == .receiveOnly)
        #expect(description.deviations.isEmpty)
    }

    @Test func readsMediaSections() throws {
        let media = try SDPDescription(parsing: Self.example, mode: .strict).media
        #expect(media.map(\.kind) == ["audio", "video"])
        #expect(media[0].port == 49_170)
        #expect(media[0].portCount == 2)
        #expect(media[0].protocolName == "RTP/AVP")
        #expect(media[0].payloadTypes == [0, 96])
        #expect(media[0].information == "The left channel")
        #expect(media[0].connections.count == 2)
        #expect(media[0].connection?.ipAddress == IPAddress("233.252.0.1"))
        #expect(media[0].bandwidths == [BandwidthLimit(kind: "TIAS", value: 64_000)])
        #expect(media[0].rtpMap(of: 96)?.channels == 2)
        #expect(media[1].isRejected)
    }

    @Test func comesBackByteForByte() throws {
        #expect(try SDPDescription(parsing: Self.example).write() == Self.example)
    }

    @Test("every prefix is read or refused, none traps")
    func truncation() {
        let bytes = Array(Self.example.utf8)
        for length in bytes.indices {
            let prefix = Array(bytes[..<length])
            _ = try? SDPDescription(parsing: prefix.span)
            _ = try? SDPDescription(parsing: prefix.span, mode: .strict)
        }
    }

    @Test("every byte changed to a few others is read or refused, and settles when rewritten")
    func mutation() {
        var bytes = Array(Self.example.utf8)
        for index in bytes.indices {
            let original = bytes[index]
            for replacement in [0, 0x0A, 0x0D, 0x20, 0x3A, 0x3D, 0x39, 0xFF] as [UInt8] {
                bytes[index] = replacement
                guard let description = try? SDPDescription(parsing: bytes.span) else { continue }
                // Stray lines may move once, behind the lines they could belong to.
                let once = try? SDPDescription(parsing: description.write()).write()
                let twice = try? SDPDescription(parsing: once ?? "").write()
                #expect(once != nil && once == twice)
            }
            bytes[index] = original
        }
    }

    @Test func isBuiltFromParts() {
        var audio = MediaDescription(kind: "audio", formats: ["111"])
        audio.mid = "0"
        audio.direction = .sendReceive
        audio.isRTCPMux = true
        audio.iceUfrag = "ufrg"
        audio.icePwd = "passwordpasswordpassword"
        audio.iceOptions = ["trickle"]
        audio.setup = .actpass
        audio.fingerprints = [FingerprintAttribute(bytes: [UInt8](repeating: 0xAB, count: 32))]
        audio.append(
            RTPMapAttribute(payloadType: 111, encoding: "opus", clockRate: 48_000, channels: 2)
        )
        audio.append(ExtensionMapAttribute(id: 1, uri: ExtensionMapAttribute.midURI))
        var offer = SDPDescription(origin: .init(sessionID: 7), media: [audio])
        offer.groups = [GroupAttribute(mids: ["0"])]
        let expected = """
            v=0
            o=- 7 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=mid:0
            a=sendrecv
            a=rtcp-mux
            a=ice-ufrag:ufrg
            a=ice-pwd:passwordpasswordpassword
            a=ice-options:trickle
            a=setup:actpass
            a=fingerprint:sha-256 \(Array(repeating: "AB", count: 32).joined(separator: ":"))
            a=rtpmap:111 opus/48000/2
            a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid

            """.replacing("\n", with: "\r\n")
        #expect(offer.write() == expected)
        #expect((try? SDPDescription(parsing: expected, mode: .strict)) == offer)
    }

    @Test func aValueCannotAddLines() throws {
        var offer = SDPDescription(name: "x\r\na=injected")
        offer.append("tool", "a\nb\0c\rd")
        offer.extraLines = [.init("x=1\r\ny=2", position: 0)]
        let lines = offer.write().split(separator: "\r\n")
        #expect(lines[2] == "s=xa=injected")
        #expect(lines[4] == "x=1y=2")
        #expect(lines[5] == "a=tool:abcd")
        #expect(lines.count == 6)
    }
}
