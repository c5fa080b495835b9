import SDP
import Testing

@Suite("Opus parameters, RFC 7587 §6.1")
struct OpusParametersTests {
    @Test func theDefaultsSayNothing() {
        #expect(OpusParameters().attribute(payloadType: 111) == nil)
    }

    @Test func readsAndWritesAll() throws {
        let text =
            "111 maxplaybackrate=16000;sprop-maxcapturerate=8000;minptime=10;"
            + "maxaveragebitrate=96000;stereo=1;sprop-stereo=1;cbr=1;useinbandfec=1;usedtx=1;x=y"
        let attribute = try FormatParametersAttribute(parsing: text)
        let opus = OpusParameters(attribute)
        #expect(opus.maximumPlaybackRate == 16_000)
        #expect(opus.maximumCaptureRate == 8_000)
        #expect(opus.minimumPacketTime == .milliseconds(10))
        #expect(opus.maximumAverageBitrate == 96_000)
        #expect(opus.prefersStereo && opus.sendsStereo && opus.prefersConstantBitrate)
        #expect(opus.acceptsInbandFEC && opus.prefersDTX)
        #expect(opus.others == [.init("x", "y")])
        #expect(opus.attribute(payloadType: 111)?.value == text)
    }

    @Test func malformedParametersCountAsMissing() throws {
        let attribute = try FormatParametersAttribute(
            parsing: "111 maxplaybackrate=x;useinbandfec=2;stereo;minptime=99999999999999999999"
        )
        #expect(OpusParameters(attribute) == OpusParameters())
    }

    @Test func numbersAtTheEdgeDoNotTrap() throws {
        let attribute = try FormatParametersAttribute(parsing: "111 minptime=\(Int.max)")
        var opus = OpusParameters(attribute)
        #expect(opus.minimumPacketTime == .seconds(1))
        opus.minimumPacketTime = .seconds(Int64.max)
        #expect(opus.attribute(payloadType: 111)?["minptime"] == "\(UInt32.max)")
    }
}
