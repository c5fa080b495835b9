/// Appends big-endian fields to bytes that will be sent.
///
/// For handshakes and other rare messages; ``SpanWriter`` is for packets at full speed.
///
/// ```swift
/// var writer = ByteWriter(limit: 1_200)
/// try writer.write(UInt16(0x0006))
/// try writer.writeLengthPrefixed { writer throws(WriteError) in
///     try writer.write("name".utf8)
/// }
/// send(writer.bytes)
/// ```
public struct ByteWriter: Sendable {
    /// What has been written.
    public var bytes: [UInt8] { @inlinable get { storage } }
    @usableFromInline var storage: [UInt8] = []
    @usableFromInline let limit: Int

    /// An empty writer that refuses to grow beyond `limit` bytes.
    @inlinable
    public init(reserving capacity: Int = 0, limit: Int = .max) {
        self.limit = limit
        storage.reserveCapacity(capacity)
    }

    /// How many bytes have been written.
    @inlinable public var offset: Int { storage.count }

    /// Appends one unsigned number.
    @inlinable @inline(__always)
    public mutating func write<T: FixedWidthInteger & UnsignedInteger>(
        _ value: T
    ) throws(WriteError) {
        try requireRoom(for: T.bitWidth / 8)
        var shift = T.bitWidth &- 8
        while shift >= 0 {
            storage.append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift)))
            shift &-= 8
        }
    }

    /// Appends a 24-bit number; the upper eight bits of `value` are dropped.
    @inlinable
    public mutating func writeUInt24(_ value: UInt32) throws(WriteError) {
        try write(UInt8(truncatingIfNeeded: value >> 16))
        try write(UInt16(truncatingIfNeeded: value))
    }

    /// Appends all of `source`.
    @inlinable
    public mutating func write(_ source: Span<UInt8>) throws(WriteError) {
        try requireRoom(for: source.count)
        storage.append(copying: source)
    }

    /// Appends all of `source`.
    @inlinable
    public mutating func write(_ source: some Collection<UInt8>) throws(WriteError) {
        try requireRoom(for: source.count)
        storage.append(contentsOf: source)
    }

    /// Appends zeros until the length is a multiple of `alignment`.
    @inlinable
    public mutating func pad(toMultipleOf alignment: Int) throws(WriteError) {
        precondition(alignment > 0, "lengths are multiples of one or more bytes")
        let excess = storage.count % alignment
        guard excess > 0 else { return }
        try requireRoom(for: alignment - excess)
        storage.append(contentsOf: repeatElement(0, count: alignment - excess))
    }

    /// Writes a 16-bit length, then `body`, then goes back and fills the length in.
    ///
    /// If it throws, what was written so far stays.
    @inlinable
    public mutating func writeLengthPrefixed(
        _ body: (inout ByteWriter) throws(WriteError) -> Void
    ) throws(WriteError) {
        let start = storage.count
        try write(UInt16(0))
        try body(&self)
        let length = storage.count - start - 2
        guard let value = UInt16(exactly: length) else {
            throw .lengthOverflow(at: start, length: length)
        }
        try replace(at: start, with: value)
    }

    /// Replaces a number that was written before.
    @inlinable
    public mutating func replace<T: FixedWidthInteger & UnsignedInteger>(
        at offset: Int,
        with value: T
    ) throws(WriteError) {
        guard offset >= 0, T.bitWidth / 8 <= storage.count - offset else {
            throw .outOfBounds(at: offset)
        }
        for index in 0..<T.bitWidth / 8 {
            let shift = T(truncatingIfNeeded: T.bitWidth - 8 * (index + 1))
            storage[offset + index] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }

    @inlinable @inline(__always)
    func requireRoom(for count: Int) throws(WriteError) {
        guard count <= limit &- storage.count else {
            throw .noRoom(at: storage.count, need: count)
        }
    }
}
