/// Reads big-endian fields from borrowed bytes, front to back.
///
/// Every read is bounds-checked and throws ``ParseError/truncated(at:need:)`` rather than trapping,
/// so a parser written only with `ByteReader` cannot be crashed by network input.
///
/// ```swift
/// var reader = ByteReader(packet.span)
/// let type = try reader.read(UInt16.self)
/// let length = Int(try reader.read(UInt16.self))
/// let body = try reader.read(count: length)
/// ```
public struct ByteReader: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline var position = 0

    /// Starts at the first of `bytes`.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// How many bytes have been read.
    @inlinable @inline(__always) public var offset: Int { position }

    /// How many bytes are left.
    @inlinable @inline(__always) public var remaining: Int { bytes.count &- position }

    /// Whether all bytes have been read.
    @inlinable @inline(__always) public var isAtEnd: Bool { position == bytes.count }

    /// Reads one unsigned big-endian number.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func read<T: FixedWidthInteger & UnsignedInteger>(
        _: T.Type = T.self
    ) throws(ParseError) -> T {
        let end = try advance(by: T.bitWidth / 8)
        var value: T = 0
        for index in end &- T.bitWidth / 8..<end {
            value = value << 8 | T(bytes[index])
        }
        return value
    }

    /// Reads a 24-bit big-endian number.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func readUInt24() throws(ParseError) -> UInt32 {
        let end = try advance(by: 3)
        return UInt32(bytes[end &- 3]) << 16 | UInt32(bytes[end &- 2]) << 8
            | UInt32(bytes[end &- 1])
    }

    /// Reads the next `count` bytes without copying them.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func read(count: Int) throws(ParseError) -> Span<UInt8> {
        let end = try advance(by: count)
        return bytes.extracting(end &- count..<end)
    }

    /// Reads all bytes that are left without copying them.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func readRemaining() -> Span<UInt8> {
        let start = position
        position = bytes.count
        return bytes.extracting(start..<bytes.count)
    }

    /// Reads the next `count` bytes into an array of their own.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func readArray(count: Int) throws(ParseError) -> [UInt8] {
        [UInt8](copying: try read(count: count))
    }

    /// The next byte, which stays unread.
    @inlinable @inline(__always)
    public func peek() throws(ParseError) -> UInt8 {
        guard position < bytes.count else { throw .truncated(at: position, need: 1) }
        return bytes[position]
    }

    /// Passes over `count` bytes.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func skip(_ count: Int) throws(ParseError) {
        _ = try advance(by: count)
    }

    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    mutating func advance(by count: Int) throws(ParseError) -> Int {
        guard count >= 0, count <= remaining else {
            throw .truncated(at: position, need: count < 0 ? count : count &- remaining)
        }
        position &+= count
        return position
    }
}
