public import Wire

/// Cuts a stream of bytes into STUN messages (RFC 8489 §6.2.2) and, for TURN, ChannelData messages
/// (RFC 8656 §12.5).
///
/// A frame that lies whole in what arrived is handed over in place; only what is cut in two is kept,
/// and never more than one frame of the longest length allowed.
///
/// ```swift
/// var framing = STUNStreamFraming(acceptsChannelData: true)
/// try framing.receive(bytes.span) { frame in
///     client.receive(frame, at: now)
/// }
/// ```
public struct STUNStreamFraming: Sendable {
    /// Whether frames may be ChannelData.
    public let acceptsChannelData: Bool
    /// No frame is longer; a stream that announces one is broken.
    ///
    /// A server raises it once it knows its client.
    public var maximumLength: Int

    private var kept: [UInt8] = []
    /// Where in the stream `kept` begins.
    private var offset = 0
    private var failure: ParseError?

    /// A stream that begins with a frame.
    ///
    /// `maximumLength` counts a whole frame with header and padding. A server that has not
    /// authenticated its client yet does well with 2,048.
    public init(acceptsChannelData: Bool = false, maximumLength: Int = 65_556) {
        self.acceptsChannelData = acceptsChannelData
        self.maximumLength = maximumLength
    }

    /// How many bytes of an unfinished frame are kept.
    public var keptCount: Int { kept.count }

    /// Takes the next bytes of the stream and hands over every frame that is complete, the padding
    /// of ChannelData taken off.
    ///
    /// Throws when the stream is none: nothing behind that place can be understood, every later call
    /// throws the same, and the connection is to be closed. The offset counts from the stream's
    /// start.
    public mutating func receive(
        _ bytes: Span<UInt8>,
        _ body: (Span<UInt8>) -> Void
    ) throws(ParseError) {
        if let failure { throw failure }
        do throws(ParseError) {
            try cut(bytes, body)
        } catch {
            failure = error
            kept = []
            throw error
        }
    }

    private mutating func cut(
        _ bytes: Span<UInt8>,
        _ body: (Span<UInt8>) -> Void
    ) throws(ParseError) {
        var position = try completeKept(from: bytes, body)
        while position < bytes.count {
            let rest = bytes.extracting(position..<bytes.count)
            guard let frame = try frame(at: rest), frame.padded <= rest.count else {
                kept.append(copying: rest)
                return
            }
            body(rest.extracting(0..<frame.length))
            position += frame.padded
            offset &+= frame.padded
        }
    }

    /// Fills up the frame that earlier bytes began; returns how many of `bytes` that took.
    private mutating func completeKept(
        from bytes: Span<UInt8>,
        _ body: (Span<UInt8>) -> Void
    ) throws(ParseError) -> Int {
        var position = 0
        while !kept.isEmpty, position < bytes.count {
            let known = try frame(at: kept.span)
            // Until the length is known, one header's worth; then exactly the frame.
            let goal = known?.padded ?? 4
            let count = min(goal - kept.count, bytes.count - position)
            kept.append(copying: bytes.extracting(position..<position + count))
            position += count
            guard let frame = try frame(at: kept.span), frame.padded == kept.count else { continue }
            body(kept.span.extracting(0..<frame.length))
            offset &+= frame.padded
            kept.removeAll(keepingCapacity: frame.padded <= 4_096)
        }
        return position
    }

    /// The frame that begins with `bytes`; nil when its length has not come yet.
    private func frame(at bytes: Span<UInt8>) throws(ParseError) -> Frame? {
        guard bytes.count >= 1 else { return nil }
        let frame: Frame
        switch bytes[0] {
        case 0x00...0x3F:
            guard bytes.count >= 4 else { return nil }
            let length = Int(bytes.number16(at: 2))
            guard length % 4 == 0 else { throw .invalid("message length", at: offset &+ 2) }
            // Checked as soon as it is there, lest garbage be collected for a frame.
            for index in 4..<min(max(bytes.count, 4), 8) {
                let shift = UInt32(8 * (7 - index))
                guard bytes[index] == UInt8(truncatingIfNeeded: magicCookie >> shift) else {
                    throw .invalid("magic cookie", at: offset &+ 4)
                }
            }
            frame = Frame(length: headerLength + length)
        // RFC 8656 §12: channel numbers 0x4000 to 0x4FFF; RFC 5766 §11 had them up to 0x7FFF, and
        // clients that are made after it bind them still.
        case 0x40...0x7F where acceptsChannelData:
            guard bytes.count >= 4 else { return nil }
            frame = Frame(length: 4 + Int(bytes.number16(at: 2)))
        default: throw .invalid("frame type", at: offset)
        }
        guard frame.padded <= max(maximumLength, headerLength) else {
            throw .invalid("frame length", at: offset &+ 2)
        }
        return frame
    }

    /// A frame's own length, and with the padding that only streams have (RFC 8656 §12.5).
    private struct Frame {
        let length: Int
        var padded: Int { (length + 3) & ~3 }
    }
}
