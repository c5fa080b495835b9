import Wire

/// A domain name as DNS compares it: labels in lower case (RFC 1035 §3.1, RFC 4343).
public struct DNSName: Hashable, Sendable {
    /// Each label behind its length, a zero at the end, in lower case.
    public let wire: [UInt8]

    /// The name of these labels; nil if one is empty or too long, or all together are.
    public init?(labels: [[UInt8]]) {
        var wire: [UInt8] = []
        for label in labels {
            guard 1...63 ~= label.count else { return nil }
            wire.append(UInt8(label.count))
            for byte in label { wire.append(lowered(byte)) }
        }
        wire.append(0)
        guard wire.count <= maximumLength else { return nil }
        self.wire = wire
    }

    /// Its labels, in lower case.
    public var labels: [[UInt8]] {
        var labels: [[UInt8]] = []
        var index = 0
        while index < wire.count, wire[index] > 0 {
            let end = index + 1 + Int(wire[index])
            labels.append([UInt8](wire[index + 1..<end]))
            index = end
        }
        return labels
    }

    /// Reads a name that begins at `offset` of `message`, following compression pointers, and moves
    /// `offset` behind it.
    ///
    /// A pointer must point to before the part it stands in, so each jump goes back and there is an end
    /// (RFC 1035 §4.1.4); a name has at most 255 bytes and 32 jumps.
    init(in message: Span<UInt8>, at offset: inout Int) throws(ParseError) {
        var wire: [UInt8] = []
        var position = offset
        var partStart = offset
        var jumps = 0
        while true {
            guard position < message.count else { throw .truncated(at: position, need: 1) }
            let length = Int(message[position])
            switch length >> 6 {
            case 0:
                let end = position + 1 + length
                guard end <= message.count else {
                    throw .truncated(at: position, need: end - message.count)
                }
                guard wire.count + length + 1 <= maximumLength else {
                    throw .invalid("a name longer than 255 bytes", at: position)
                }
                wire.append(message[position])
                for index in position + 1..<end { wire.append(lowered(message[index])) }
                position = end
                guard length == 0 else { continue }
                if jumps == 0 { offset = end }
                self.wire = wire
                return
            case 3:
                guard position + 1 < message.count else {
                    throw .truncated(at: position + 1, need: 1)
                }
                let target = (length & 0x3F) << 8 | Int(message[position + 1])
                guard target < partStart, jumps < maximumJumps else {
                    throw .invalid("a compression pointer that does not lead back", at: position)
                }
                if jumps == 0 { offset = position + 2 }
                jumps += 1
                position = target
                partStart = target
            default: throw .invalid("a label of unknown kind", at: position)
            }
        }
    }
}

extension DNSName: CustomStringConvertible {
    public var description: String {
        labels.map { label in
            // RFC 4343 §2.1: what is not printable, and dots, are written as numbers.
            label.map { byte in
                33...126 ~= byte && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "\\")
                    ? String(UnicodeScalar(byte)) : "\\\(byte)"
            }
            .joined()
        }
        .joined(separator: ".")
    }
}

private func lowered(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}

/// RFC 1035 §2.3.4.
private let maximumLength = 255
private let maximumJumps = 32
