import CChecksums

/// The CRC-32 of ITU-T V.42, which STUN's FINGERPRINT uses (RFC 8489 §14.7).
public enum CRC32 {
    /// The checksum of `bytes`.
    public static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        ~table.update(~0, with: bytes)
    }

    private static let table = SlicedTable(reversedPolynomial: 0xEDB8_8320)
}

/// The CRC-32C of Castagnoli, which SCTP uses (RFC 9260 §6.8, appendix A).
public enum CRC32C {
    /// The checksum of `bytes`, by the processor's instruction where it has one.
    public static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        guard hasInstruction else { return checksumByTable(bytes) }
        // The C function reads `count` bytes from the start and keeps no pointer.
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe ~swiftlet_crc32c(~0, buffer.baseAddress, buffer.count)
        }
    }

    /// The checksum of `bytes` without the instruction: the same result, about four times slower.
    public static func checksumByTable(_ bytes: Span<UInt8>) -> UInt32 {
        ~table.update(~0, with: bytes)
    }

    /// Whether this processor computes CRC-32C itself.
    public static let hasInstruction = swiftlet_has_crc32c_instruction() != 0

    private static let table = SlicedTable(reversedPolynomial: 0x82F6_3B78)
}

/// Eight tables that take eight bytes a step.
private struct SlicedTable: Sendable {
    private var entries: [UInt32]

    init(reversedPolynomial polynomial: UInt32) {
        entries = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in
                crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ polynomial
            }
        }
        for index in 256..<2_048 {
            let previous = entries[index - 256]
            entries.append(entries[Int(previous & 0xFF)] ^ (previous >> 8))
        }
    }

    func update(_ register: UInt32, with bytes: Span<UInt8>) -> UInt32 {
        let entries = entries.span
        var crc = register
        var index = 0
        while index &+ 8 <= bytes.count {
            let low = crc ^ word(bytes, at: index)
            let high = word(bytes, at: index &+ 4)
            crc = entries[1_792 &+ Int(low & 0xFF)] ^ entries[1_536 &+ Int(low >> 8 & 0xFF)]
            crc ^= entries[1_280 &+ Int(low >> 16 & 0xFF)] ^ entries[1_024 &+ Int(low >> 24)]
            crc ^= entries[768 &+ Int(high & 0xFF)] ^ entries[512 &+ Int(high >> 8 & 0xFF)]
            crc ^= entries[256 &+ Int(high >> 16 & 0xFF)] ^ entries[Int(high >> 24)]
            index &+= 8
        }
        while index < bytes.count {
            crc = entries[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ (crc >> 8)
            index &+= 1
        }
        return crc
    }

    /// Four bytes, the first lowest.
    @inline(__always)
    private func word(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index &+ 1]) << 8 | UInt32(bytes[index &+ 2]) << 16
            | UInt32(bytes[index &+ 3]) << 24
    }
}
