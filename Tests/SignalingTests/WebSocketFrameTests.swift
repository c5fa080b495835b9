import Signaling
import Testing
import Wire

@Suite("WebSocket frames, RFC 6455 §5.2")
struct WebSocketFrameTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var frame: WebSocketFrame
        var maskingKey: UInt32?
    }

    /// RFC 6455 §5.7, all examples.
    static let examples = [
        Example(
            testDescription: "an unmasked text",
            bytes: hexBytes("81 05 48 65 6c 6c 6f"),
            frame: WebSocketFrame(.text, Array("Hello".utf8))
        ),
        Example(
            testDescription: "a masked text",
            bytes: hexBytes("81 85 37 fa 21 3d 7f 9f 4d 51 58"),
            frame: WebSocketFrame(.text, Array("Hello".utf8)),
            maskingKey: 0x37FA_213D
        ),
        Example(
            testDescription: "the first fragment",
            bytes: hexBytes("01 03 48 65 6c"),
            frame: WebSocketFrame(.text, Array("Hel".utf8), isFinal: false)
        ),
        Example(
            testDescription: "the last fragment",
            bytes: hexBytes("80 02 6c 6f"),
            frame: WebSocketFrame(.continuation, Array("lo".utf8))
        ),
        Example(
            testDescription: "a ping",
            bytes: hexBytes("89 05 48 65 6c 6c 6f"),
            frame: WebSocketFrame(.ping, Array("Hello".utf8))
        ),
        Example(
            testDescription: "a masked pong",
            bytes: hexBytes("8a 85 37 fa 21 3d 7f 9f 4d 51 58"),
            frame: WebSocketFrame(.pong, Array("Hello".utf8)),
            maskingKey: 0x37FA_213D
        ),
        Example(
            testDescription: "256 bytes",
            bytes: hexBytes("82 7E 0100") + [UInt8](repeating: 7, count: 256),
            frame: WebSocketFrame(.binary, [UInt8](repeating: 7, count: 256))
        ),
        Example(
            testDescription: "64 KiB",
            bytes: hexBytes("82 7F 0000000000010000") + [UInt8](repeating: 7, count: 65_536),
            frame: WebSocketFrame(.binary, [UInt8](repeating: 7, count: 65_536))
        ),
    ]

    @Test("is written as the RFC prints it", arguments: examples)
    func writes(_ example: Example) {
        #expect(example.frame.encoded(maskingKey: example.maskingKey) == example.bytes)
    }

    @Test("is read back from what the RFC prints", arguments: examples)
    func reads(_ example: Example) throws {
        let header = try #require(try WebSocketFrameHeader.parse(example.bytes))
        #expect(header.opcode == example.frame.opcode)
        #expect(header.isFinal == example.frame.isFinal)
        #expect(header.maskingKey == example.maskingKey)
        #expect(header.payloadLength == example.frame.payload.count)
        #expect(header.encodedLength + header.payloadLength == example.bytes.count)
    }

    @Test("a header that is cut off asks for more", arguments: examples)
    func truncation(_ example: Example) throws {
        let whole = try #require(try WebSocketFrameHeader.parse(example.bytes))
        for length in 0..<whole.encodedLength {
            let prefix = Array(example.bytes.prefix(length))
            #expect(try WebSocketFrameHeader.parse(prefix) == nil)
        }
    }

    @Test(
        "a broken rule is found in the first bytes",
        arguments: [
            ("C1", WebSocketViolation.reservedBits), ("A1", .reservedBits), ("91", .reservedBits),
            ("83", .unknownOpcode(3)), ("8F", .unknownOpcode(15)), ("87", .unknownOpcode(7)),
            ("09", .fragmentedControlFrame), ("08", .fragmentedControlFrame),
            ("89 7E", .controlFrameTooLong), ("88 FF", .controlFrameTooLong),
            ("81 7E 007D", .invalidLength), ("81 7F 000000000000FFFF", .invalidLength),
            ("81 7F 8000000000000000", .invalidLength),
            ("81 7F FFFFFFFFFFFFFFFF", .invalidLength),
        ]
    )
    func malformed(hex: String, violation: WebSocketViolation) {
        let frame = hexBytes(hex)
        #expect(throws: violation) { try WebSocketFrameHeader.parse(frame) }
    }

    @Test(
        "lengths around each form of the length field come back",
        arguments: [
            0, 1, 125, 126, 127, 65_535, 65_536, 70_000,
        ]
    )
    func lengths(length: Int) throws {
        for key in [nil, 0xDEAD_BEEF] as [UInt32?] {
            let frame = WebSocketFrame(.binary, [UInt8](repeating: 3, count: length))
            let encoded = frame.encoded(maskingKey: key)
            let header = try #require(try WebSocketFrameHeader.parse(encoded))
            #expect(header.payloadLength == length)
            #expect(header.encodedLength + length == encoded.count)
        }
    }
}
