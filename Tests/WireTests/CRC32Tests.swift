import Testing
import Wire

/// A checksum computed bit by bit, as its definition says.
private func bitwise(_ bytes: ArraySlice<UInt8>, polynomial: UInt32) -> UInt32 {
    var register = ~UInt32(0)
    for byte in bytes {
        register ^= UInt32(byte)
        for _ in 0..<8 {
            register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ polynomial
        }
    }
    return ~register
}

private let sample: [UInt8] = {
    var entropy = Entropy.seed(3_720)
    return entropy.bytes(320)
}()

@Suite("CRC-32, RFC 8489 §14.7")
struct CRC32Tests {
    @Test("the check value of ITU-T V.42 comes out")
    func checkValue() {
        let digits = [UInt8]("123456789".utf8)
        #expect(CRC32.checksum(digits.span) == 0xCBF4_3926)
        let nothing: [UInt8] = []
        #expect(CRC32.checksum(nothing.span) == 0)
    }

    /// The sample request of RFC 5769 §2.1, up to its FINGERPRINT.
    @Test("a STUN fingerprint is the checksum xor 0x5354554E")
    func fingerprint() {
        let request = bytes(
            """
            000100582112a442b7e7a701bc34d686fa87dfae802200105354554e2074657374
            20636c69656e74002400046e0001ff80290008932ff9b151263b36000600096576
            746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
            """
        )
        #expect(CRC32.checksum(request.span) ^ 0x5354_554E == 0xE57A_3BCF)
    }

    @Test("every length from every offset agrees with the definition", arguments: 0..<16)
    func agreesWithDefinition(offset: Int) {
        for length in 0...300 {
            let part = sample[offset..<offset + length]
            #expect(CRC32.checksum(part.span) == bitwise(part, polynomial: 0xEDB8_8320))
        }
    }
}

@Suite("CRC-32C, RFC 9260 §6.8")
struct CRC32CTests {
    /// The examples of RFC 3720 §B.4; it prints the checksum in the order of the wire, lowest first.
    @Test(
        "the examples of RFC 3720 §B.4 come out, by instruction and by table",
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            ([UInt8](0..<32), 0x46DD_794E),
            ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
            (readCommand, 0xD996_3A56),
            ([UInt8]("123456789".utf8), 0xE306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)]
    )
    func examples(input: [UInt8], checksum: UInt32) {
        #expect(CRC32C.checksum(input.span) == checksum)
        #expect(CRC32C.checksumByTable(input.span) == checksum)
    }

    /// RFC 3720 §B.4: an iSCSI SCSI Read (10) command PDU.
    static let readCommand = bytes(
        """
        01C00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018
        28000000 00000000 02000000 00000000
        """
    )

    @Test("instruction, table and definition agree at every length and offset", arguments: 0..<16)
    func agree(offset: Int) {
        for length in 0...300 {
            let part = sample[offset..<offset + length]
            let expected = bitwise(part, polynomial: 0x82F6_3B78)
            #expect(CRC32C.checksum(part.span) == expected)
            #expect(CRC32C.checksumByTable(part.span) == expected)
        }
    }

    @Test("one flipped bit changes the checksum")
    func detectsFlippedBits() {
        let clean = CRC32C.checksum(sample.span)
        for bit in 0..<sample.count * 8 {
            var broken = sample
            broken[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(CRC32C.checksum(broken.span) != clean)
        }
    }
}
