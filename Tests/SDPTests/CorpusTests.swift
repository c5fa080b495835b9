import SDP
import Testing

@Suite("Descriptions of the field, RFC 8866")
struct CorpusTests {
    static let all = Fixtures.names(in: [
        "aiortc", "browsers", "ex_webrtc", "libwebrtc-fuzz", "rfc9429", "sdp-transform",
    ])
    static let canonical = Fixtures.names(in: ["browsers", "ex_webrtc", "rfc9429"])

    @Test func theCorpusIsThere() {
        #expect(Self.all.count == 166)
        #expect(Self.canonical.count > 50)
    }

    @Test("every description parses in tolerant mode", arguments: all)
    func parses(name: String) throws {
        let description = try SDPDescription(parsing: Fixtures.text(name))
        let rewritten = try SDPDescription(parsing: description.write())
        #expect(rewritten.write() == description.write())
    }

    @Test("canonical descriptions come back byte for byte", arguments: canonical)
    func roundTrip(name: String) throws {
        let bytes = Fixtures.bytes(name)
        #expect(try SDPDescription(parsing: bytes.span).writtenBytes() == bytes)
    }

    /// One line of LISTING.tsv: a file, what strict mode says of it, deviations in tolerant mode.
    struct Listed: Sendable, CustomTestStringConvertible {
        var name: String
        var strict: String
        var deviations: String
        var testDescription: String { name }
    }

    static let listed: [Listed] = Fixtures.text("LISTING.tsv").split(separator: "\n").dropFirst()
        .map {
            let fields = $0.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init
            )
            return Listed(name: fields[0], strict: fields[1], deviations: fields[2])
        }

    @Test func theListingHasEveryDescriptionOnce() {
        #expect(Self.listed.map(\.name).sorted() == (Self.all + ["chrome_offer.sdp"]).sorted())
    }

    @Test("deviations and what strict mode refuses are as listed", arguments: listed)
    func asListed(_ listed: Listed) throws {
        let bytes = Fixtures.bytes(listed.name)
        let deviations = try SDPDescription(parsing: bytes.span).deviations
        #expect(deviations.map(\.description).joined(separator: "; ") == listed.deviations)
        #expect(strictly(bytes) == listed.strict)
    }

    private func strictly(_ bytes: [UInt8]) -> String {
        do throws(SDPError) {
            _ = try SDPDescription(parsing: bytes.span, mode: .strict)
            return "accepts"
        } catch {
            return error.description
        }
    }

    @Test("no line of any description is lost", arguments: all)
    func keepsLines(name: String) throws {
        let text = Fixtures.text(name)
        let written = try SDPDescription(parsing: text).write()
        let before = text.split(whereSeparator: \.isNewline).map { $0.trimmingSuffix() }
        let after = Set(written.split(whereSeparator: \.isNewline).map { $0.trimmingSuffix() })
        for line in before { #expect(after.contains(line), "\(line)") }
    }

    @Test("every typed attribute of every description parses", arguments: canonical)
    func typedAttributes(name: String) throws {
        let description = try SDPDescription(parsing: Fixtures.text(name))
        for section in [description as any SDPSection] + description.media {
            for attribute in section.attributes {
                try check(attribute)
                try attribute.check()
            }
        }
    }

    /// What a typed attribute writes says the same as what it read.
    private func check(_ attribute: SDPAttribute) throws {
        guard let type = typesByName[attribute.name], let value = attribute.value else {
            return
        }
        try expectRoundTrip(type, value)
    }

    private func expectRoundTrip<Attribute: SDPTypedAttribute>(
        _: Attribute.Type,
        _ value: String
    ) throws {
        let attribute = try Attribute(parsing: value)
        #expect(try Attribute(parsing: attribute.value) == attribute)
        let expected = value.lowercased().replacing("; ", with: ";").drop { $0 == " " }
        #expect(attribute.value.lowercased().drop { $0 == " " } == expected)
    }
}

private let typesByName: [String: any SDPTypedAttribute.Type] = {
    let types: [any SDPTypedAttribute.Type] = [
        RTPMapAttribute.self, FormatParametersAttribute.self, RTCPFeedbackAttribute.self,
        ExtensionMapAttribute.self, GroupAttribute.self, FingerprintAttribute.self, SetupRole.self,
        ICEUfragAttribute.self, ICEPwdAttribute.self, ICEPacingAttribute.self,
        CandidateAttribute.self, SSRCAttribute.self, SSRCGroupAttribute.self, MSIDAttribute.self,
        RTCPAttribute.self, SCTPPortAttribute.self, MaximumMessageSizeAttribute.self,
        RIDAttribute.self, SimulcastAttribute.self, MIDAttribute.self, TLSIDAttribute.self,
        MSIDSemanticAttribute.self, RTCPExtendedReportsAttribute.self, SCTPMapAttribute.self,
        SCTPInitAttribute.self, PacketTimeAttribute.self, MaximumPacketTimeAttribute.self,
        FrameRateAttribute.self, ContentAttribute.self, ImageAttribute.self,
        RemoteCandidatesAttribute.self, IdentityAttribute.self, CryptoAttribute.self,
    ]
    return Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) })
}()

extension Substring {
    fileprivate func trimmingSuffix() -> Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
