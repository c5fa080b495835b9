/// Where the header extension of a packet lies, and which form its elements have (RFC 3550 §5.3.1).
public struct HeaderExtensionBlock: Hashable, Sendable {
    /// The 16 bits "defined by profile".
    public var profile: UInt16
    /// The extension's words, without the four bytes of profile and length.
    public var range: Range<Int>

    @inlinable
    public init(profile: UInt16, range: Range<Int>) {
        self.profile = profile
        self.range = range
    }

    /// The form of the elements; nil if the profile is not RFC 8285's.
    @inlinable public var form: HeaderExtensionForm? {
        if profile == 0xBEDE { return .oneByte }
        // RFC 8285 §4.3: 0x100 and four bits for the application, which are ignored.
        return profile & 0xFFF0 == 0x1000 ? .twoByte : nil
    }
}

/// How long the header of each extension element is (RFC 8285 §4.2, §4.3).
public enum HeaderExtensionForm: Hashable, Sendable {
    /// Identifiers 1 to 14, values of 1 to 16 bytes.
    case oneByte
    /// Identifiers 1 to 255, values of up to 255 bytes.
    case twoByte
}

/// Walks over the extension elements of one packet without copying them (RFC 8285 §4).
///
/// Bytes that break the rules end the walk; the elements before them are good.
///
/// ```swift
/// var cursor = HeaderExtensionCursor(block)
/// while let element = cursor.next(in: packet.span) { print(element.id) }
/// ```
public struct HeaderExtensionCursor: Sendable {
    /// The identifier of an element and where its value lies.
    public struct Element: Hashable, Sendable {
        public var id: UInt8
        public var range: Range<Int>

        @inlinable
        init(id: UInt8, range: Range<Int>) {
            self.id = id
            self.range = range
        }
    }

    @usableFromInline var position: Int
    @usableFromInline var end: Int
    @usableFromInline let isOneByte: Bool

    /// Starts at the first element of `block`; a block of another profile has none.
    @inlinable @inline(__always)
    public init(_ block: HeaderExtensionBlock) {
        position = block.range.lowerBound
        end = block.form == nil ? position : block.range.upperBound
        isOneByte = block.form == .oneByte
    }

    /// The next element of `packet`, which must be the packet the block was found in.
    @inlinable @inline(__always)
    public mutating func next(in packet: Span<UInt8>) -> Element? {
        end = min(end, packet.count)
        while position < end {
            let first = packet[position]
            position &+= 1
            // RFC 8285 §4.1: a byte of zero is padding, between elements or at the end.
            guard first != 0 else { continue }
            if let element = isOneByte ? oneByte(first) : twoByte(first, in: packet) {
                position = element.range.upperBound
                return element
            }
            position = end
        }
        return nil
    }

    @inlinable @inline(__always)
    func oneByte(_ header: UInt8) -> Element? {
        let id = header >> 4
        let length = Int(header & 0x0F) &+ 1
        // RFC 8285 §4.2: an identifier of 15, or of 0 with a length, ends the processing.
        guard id != 0, id != 15, length <= end &- position else { return nil }
        return Element(id: id, range: position..<position &+ length)
    }

    @inlinable @inline(__always)
    func twoByte(_ id: UInt8, in packet: Span<UInt8>) -> Element? {
        guard position < end else { return nil }
        let length = Int(packet[position])
        guard length < end &- position else { return nil }
        return Element(id: id, range: position &+ 1..<position &+ 1 &+ length)
    }
}

/// One extension element with a value of its own (RFC 8285 §4).
public struct HeaderExtension: Hashable, Sendable {
    /// The identifier that `a=extmap` gave to the extension.
    ///
    /// An element with identifier 0 cannot be expressed and is not written.
    public var id: UInt8
    public var value: [UInt8]

    public init(id: UInt8, value: [UInt8]) {
        self.id = id
        self.value = value
    }
}

/// The names under which extensions are negotiated.
public enum HeaderExtensionURI {
    /// RFC 9143 §15.1.
    public static let mediaIdentification = "urn:ietf:params:rtp-hdrext:sdes:mid"
    /// RFC 6464 §4.
    public static let audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    /// draft-holmer-rmcat-transport-wide-cc-extensions-01 §2.
    public static let transportSequenceNumber =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
    /// The 24-bit send time that browsers call abs-send-time.
    public static let absoluteSendTime =
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
}
