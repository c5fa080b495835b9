/// Writes big-endian fields into borrowed bytes, in the place they will be sent from.
///
/// Throws ``WriteError/noRoom(at:need:)`` when the destination is full and never allocates: the
/// writer of the hot path. ``ByteWriter`` is its growing sister.
///
/// ```swift
/// var writer = SpanWriter(packet.mutableSpan)
/// try writer.write(UInt16(0x0001))
/// try writer.write(payload.span)
/// let length = writer.offset
/// ```
public struct SpanWriter: ~Escapable, ~Copyable {
    @usableFromInline var bytes: MutableSpan<UInt8>
    @usableFromInline var position = 0

    /// Starts at the first of `bytes`.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public init(_ bytes: consuming MutableSpan<UInt8>) {
        self.bytes = bytes
    }

    /// How many bytes have been written.
    @inlinable @inline(__always) public var offset: Int { position }

    /// How many bytes still fit.
    @inlinable @inline(__always) public var remaining: Int { bytes.count &- position }

    /// What has been written so far.
    public var written: Span<UInt8> {
        @_lifetime(borrow self)
        @inlinable @inline(__always)
        get { bytes.span.extracting(0..<position) }
    }

    /// Writes one unsigned number.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func write<T: FixedWidthInteger & UnsignedInteger>(
        _ value: T
    ) throws(WriteError) {
        let start = try advance(by: T.bitWidth / 8)
        store(value, at: start)
    }

    /// Writes all of `source`.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func write(_ source: Span<UInt8>) throws(WriteError) {
        let start = try advance(by: source.count)
        for index in source.indices { bytes[start &+ index] = source[index] }
    }

    /// Writes `count` times `value`.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func write(repeating value: UInt8, count: Int) throws(WriteError) {
        let start = try advance(by: count)
        for index in start..<start &+ count { bytes[index] = value }
    }

    /// Leaves `count` bytes as they are, to be filled in by ``replace(at:with:)-(Int,T)`` or a C call.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func skip(_ count: Int) throws(WriteError) {
        _ = try advance(by: count)
    }

    /// Replaces a number that was written before.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func replace<T: FixedWidthInteger & UnsignedInteger>(
        at offset: Int,
        with value: T
    ) throws(WriteError) {
        guard offset >= 0, T.bitWidth / 8 <= position &- offset else {
            throw .outOfBounds(at: offset)
        }
        store(value, at: offset)
    }

    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    mutating func store<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at start: Int) {
        var shift = T.bitWidth &- 8
        for index in start..<start &+ T.bitWidth / 8 {
            bytes[index] = UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift))
            shift &-= 8
        }
    }

    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    mutating func advance(by count: Int) throws(WriteError) -> Int {
        guard count >= 0, count <= remaining else {
            throw .noRoom(at: position, need: count)
        }
        let start = position
        position &+= count
        return start
    }
}
