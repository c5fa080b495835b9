import Testing
import Wire

@Suite("Hexadecimal text")
struct HexTests {
    @Test("every byte becomes two lower-case digits and comes back")
    func roundTrip() {
        let all = [UInt8](0...255)
        let text = Hex.encode(all)
        #expect(text.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(text.hasSuffix("fcfdfeff"))
        #expect(text.count == 512)
        #expect(Hex.decode(text) == all)
        #expect(Hex.decode(text.uppercased()) == all)
        #expect(Hex.encode([]) == "")
    }

    @Test(
        "white space between digits is passed over",
        arguments: ["DEADBEEF", " de ad\tbe\r\nef ", "d e a d b e e f", "\u{0B}dead\u{0C}beef"]
    )
    func whiteSpace(text: String) {
        #expect(Hex.decode(text) == [0xDE, 0xAD, 0xBE, 0xEF])
    }

    @Test(
        "what is no hexadecimal text has no bytes",
        arguments: ["0", "012", "0g", "0x12", "12-34", "/:", "@G", "`g", "1２", "é1", "12\0", "+1"]
    )
    func refused(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test("nothing decodes to no bytes", arguments: ["", " ", "\n"])
    func nothing(text: String) {
        #expect(Hex.decode(text) == [])
    }
}
