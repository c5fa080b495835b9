/// Datagrams in a byte stream, each behind its length in 16 bits (RFC 4571 §2).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |             LENGTH            |  datagram …                   |
///
/// One value reads one direction of one connection. Take all frames out after each
/// ``append(_:)``: then it holds less than one frame, 64 KiB, whatever the other side sends.
///
/// ```swift
/// var frames = LengthPrefixedFrames()
/// frames.append(received.span)
/// while let datagram = frames.popFirst() { use(datagram) }
/// ```
public struct LengthPrefixedFrames: Sendable {
    /// The longest datagram that fits into a frame.
    public static let maximumLength = 65_535

    private var bytes: [UInt8] = []
    private var start = 0

    /// Waits for the first byte of a stream.
    public init() {}

    /// How many bytes wait for the rest of their frame, or to be taken out.
    public var pendingCount: Int { bytes.count - start }

    /// Takes the next bytes of the stream, wherever they were cut.
    public mutating func append(_ received: Span<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(copying: received)
    }

    /// Removes and returns the oldest whole datagram; an empty frame is an empty datagram.
    public mutating func popFirst() -> [UInt8]? {
        guard pendingCount >= 2 else { return nil }
        let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
        guard pendingCount >= 2 + length else { return nil }
        let frame = [UInt8](bytes[start + 2..<start + 2 + length])
        start += 2 + length
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= keptCapacity)
            start = 0
        }
        return frame
    }

    /// Appends `datagram` behind its length to what will be written to a stream.
    public static func append(
        _ datagram: Span<UInt8>,
        to stream: inout [UInt8]
    ) throws(WriteError) {
        guard let length = UInt16(exactly: datagram.count) else {
            throw .lengthOverflow(at: stream.count, length: datagram.count)
        }
        stream.append(UInt8(truncatingIfNeeded: length >> 8))
        stream.append(UInt8(truncatingIfNeeded: length))
        stream.append(copying: datagram)
    }
}

/// Memory that an idle stream may keep.
private let keptCapacity = 4_096
