import Testing
import Wire

@Suite("Parse and write errors")
struct ErrorTests {
    @Test("an error says in words what is wrong and where")
    func descriptions() {
        #expect(
            ParseError.truncated(at: 4, need: 8).description
                == "ends too early: 8 more bytes wanted at offset 4"
        )
        #expect(ParseError.invalid("version", at: 0).description == "invalid version at offset 0")
        #expect(
            WriteError.noRoom(at: 12, need: 3).description == "no room for 3 bytes at offset 12"
        )
        #expect(
            WriteError.lengthOverflow(at: 2, length: 65_536).description
                == "65536 bytes do not fit the length field at offset 2"
        )
        #expect(
            WriteError.outOfBounds(at: 9).description == "nothing was written at offset 9 yet"
        )
    }

    @Test("the offset can be asked for without looking at the case")
    func offsets() {
        #expect(ParseError.truncated(at: 4, need: 8).offset == 4)
        #expect(ParseError.invalid("length", at: 6).offset == 6)
    }

    @Test("fields are told apart by their names")
    func fields() {
        let field: ParseError.Field = "payload type"
        #expect(field.name == "payload type")
        #expect(field == ParseError.Field(stringLiteral: "payload type"))
        #expect(field != "payload length")
        #expect(ParseError.invalid("a", at: 1) != .invalid("b", at: 1))
        #expect(ParseError.invalid("a", at: 1) != .invalid("a", at: 2))
        #expect(Set([field, "payload type", "version"]).count == 2)
    }
}
