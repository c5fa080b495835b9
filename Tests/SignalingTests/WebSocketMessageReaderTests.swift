import Signaling
import Testing
import Wire

@Suite("WebSocket messages, RFC 6455 §5.4")
struct WebSocketMessageReaderTests {
    typealias Item = WebSocketMessageReader.Item

    static func reader(
        from sender: WebSocketRole = .server,
        size: Int = 1_000,
        fragments: Int = 8
    ) -> WebSocketMessageReader {
        WebSocketMessageReader(
            from: sender,
            maximumMessageSize: size,
            maximumFragments: fragments
        )
    }

    static func read(
        _ bytes: [UInt8],
        with reader: WebSocketMessageReader = reader()
    ) throws(WebSocketViolation) -> [Item] {
        var reader = reader
        var items: [Item] = []
        reader.append(bytes)
        while let item = try reader.next() { items.append(item) }
        return items
    }

    static func fragmented(_ text: [String]) -> [UInt8] {
        text.indices.flatMap { index in
            let opcode = index == 0 ? WebSocketOpcode.text : .continuation
            let isFinal = index == text.count - 1
            return WebSocketFrame(opcode, Array(text[index].utf8), isFinal: isFinal)
                .encoded(maskingKey: nil)
        }
    }

    @Test func fragmentsBecomeOneMessage() throws {
        let items = try Self.read(Self.fragmented(["Hel", "", "lo"]))
        #expect(items == [.text(Array("Hello".utf8))])
    }

    @Test func controlFramesMayStandBetweenFragments() throws {
        let bytes = hexBytes("01 03 48656C  89 01 70  8A 00  80 02 6C6F")
        #expect(
            try Self.read(bytes) == [.ping([0x70]), .pong([]), .text(Array("Hello".utf8))]
        )
    }

    @Test("every way to cut a stream in two gives the same messages")
    func splitting() throws {
        let stream = hexBytes("01 03 48656C 89 01 70 80 02 6C6F 82 02 0102 88 02 03E8")
        let expected = try Self.read(stream)
        #expect(expected.count == 4)
        for cut in 0...stream.count {
            var reader = Self.reader()
            var items: [Item] = []
            for part in [stream[..<cut], stream[cut...]] {
                reader.append(Array(part))
                while let item = try reader.next() { items.append(item) }
            }
            #expect(items == expected)
        }
    }

    @Test("byte by byte gives the same messages")
    func dripping() throws {
        var reader = Self.reader(from: .client)
        var items: [Item] = []
        for byte in hexBytes("8185 37fa213d 7f9f4d5158 8985 37fa213d 7f9f4d5158") {
            reader.append([byte])
            while let item = try reader.next() { items.append(item) }
        }
        #expect(items == [.text(Array("Hello".utf8)), .ping(Array("Hello".utf8))])
    }

    @Test(
        "a broken rule has its own name and close code",
        arguments: [
            ("80 00", WebSocketViolation.unexpectedContinuation, 1_002 as UInt16),
            ("01 00 81 00", .expectedContinuation, 1_002),
            ("01 00 82 00", .expectedContinuation, 1_002),
            ("81 80 00000000", .maskedByServer, 1_002),
            ("88 01 03", .invalidClose, 1_002),
            ("88 02 03E7", .invalidClose, 1_002), ("88 02 03ED", .invalidClose, 1_002),
            ("88 02 03EE", .invalidClose, 1_002), ("88 02 03F7", .invalidClose, 1_002),
            ("88 02 1388", .invalidClose, 1_002),
            ("88 03 03E8 FF", .invalidUTF8, 1_007),
            ("81 01 FF", .invalidUTF8, 1_007), ("81 01 C3", .invalidUTF8, 1_007),
            ("01 01 C3 80 01 28", .invalidUTF8, 1_007),
            ("81 7E 03E9", .messageTooBig(limit: 1_000), 1_009),
        ]
    )
    func violations(hex: String, violation: WebSocketViolation, code: UInt16) {
        #expect(throws: violation) { try Self.read(hexBytes(hex)) }
        #expect(violation.closeCode.rawValue == code)
    }

    @Test func aCharacterMayBeCutBetweenFragments() throws {
        #expect(try Self.read(hexBytes("01 01 C3 80 01 A9")) == [.text([0xC3, 0xA9])])
    }

    @Test func aServerRefusesUnmaskedFrames() {
        #expect(throws: WebSocketViolation.unmaskedByClient) {
            try Self.read(hexBytes("81 00"), with: Self.reader(from: .client))
        }
    }

    @Test func emptyFragmentsWithoutEndAreStopped() {
        let bomb = hexBytes("01 00") + [[UInt8]](repeating: [0, 0], count: 8).flatMap(\.self)
        #expect(throws: WebSocketViolation.tooManyFragments(limit: 8)) { try Self.read(bomb) }
    }

    @Test func fragmentsThatAddUpToTooMuchAreStoppedByTheirHeader() {
        let filler = [UInt8](repeating: 0x61, count: 600)
        let bomb =
            WebSocketFrame(.text, filler, isFinal: false).encoded(maskingKey: nil)
            + hexBytes("00 7E 0191")
        #expect(throws: WebSocketViolation.messageTooBig(limit: 1_000)) { try Self.read(bomb) }
    }

    @Test func aHugeLengthIsRefusedBeforeRoomIsMade() {
        #expect(throws: WebSocketViolation.messageTooBig(limit: 1_000)) {
            try Self.read(hexBytes("82 7F 7FFFFFFFFFFFFFFF"))
        }
    }

    @Test("random bytes never trap", arguments: 0..<200 as Range<UInt64>)
    func noise(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var reader = Self.reader(from: seed % 2 == 0 ? .client : .server)
        for _ in 0..<50 {
            // Small numbers are opcodes and lengths: they get further than plain noise.
            let noise = entropy.bytes(20).map { $0 % 3 == 0 ? $0 : $0 & 0x8F }
            reader.append(noise)
            do throws(WebSocketViolation) {
                while try reader.next() != nil {}
            } catch {
                reader.discard()
            }
        }
    }
}

@Suite("UTF-8 in pieces, RFC 3629 §4")
struct UTF8ValidatorTests {
    @Test(
        "well-formed text is accepted",
        arguments: ["", "plain", "é", "€", "𐍈", "\u{0}\u{7FF}\u{800}\u{FFFF}\u{10FFFF}", "κόσμε"]
    )
    func accepts(text: String) {
        var whole = UTF8Validator()
        var single = UTF8Validator()
        let characters = Array(text.utf8)
        let isAccepted = whole.accept(characters)
        #expect(isAccepted && whole.isComplete)
        for character in characters {
            let isAccepted = single.accept([character])
            #expect(isAccepted)
        }
        #expect(single.isComplete)
    }

    @Test(
        "ill-formed text is refused",
        arguments: [
            "80", "BF", "C0 80", "C1 BF", "E0 80 80", "E0 9F BF", "ED A0 80", "ED BF BF",
            "F0 80 80 80", "F0 8F BF BF", "F4 90 80 80", "F5", "FE", "FF", "C3 28", "E2 28 A1",
            "E2 82 28", "F0 9F 28 80", "61 C3 61",
        ]
    )
    func refuses(hex: String) {
        var validator = UTF8Validator()
        let isAccepted = validator.accept(hexBytes(hex))
        #expect(!isAccepted)
    }

    @Test(
        "agrees with the standard library on short sequences",
        arguments: 0x80...0xFF as ClosedRange<UInt8>
    )
    func agreement(first: UInt8) {
        for second in stride(from: 0, through: 255, by: 1) as StrideThrough<Int> {
            for third in [0x00, 0x7F, 0x80, 0xBF, 0xC0] as [UInt8] {
                let text = [first, UInt8(second), third, 0x80]
                var validator = UTF8Validator()
                let isValid = validator.accept(text) && validator.isComplete
                #expect(isValid == (String(validating: text, as: UTF8.self) != nil))
            }
        }
    }
}
