extension [UInt8] {
    /// The bytes of `span` in an array of their own.
    @inlinable
    public init(copying span: Span<UInt8>) {
        // As below: an empty array's storage is shared, and not to be written.
        guard !span.isEmpty else {
            self = []
            return
        }
        self.init(capacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }

    /// Appends the bytes of `span`.
    @inlinable
    public mutating func append(copying span: Span<UInt8>) {
        // Adding nothing to an empty array writes into storage that all empty arrays share.
        guard !span.isEmpty else { return }
        // Filling reserved room is one copy, and grows the array by doubling; `reserveCapacity` would
        // move all bytes at each append, and appending byte by byte checks the capacity each time.
        append(addingCapacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes.
    ///
    /// Stops at the first difference: not for secrets.
    @inlinable
    public func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension MutableSpan<UInt8> {
    /// Copies `source` to `offset`; the caller has checked that it fits.
    @_lifetime(self: copy self)
    @inlinable @inline(__always)
    public mutating func replace(at offset: Int, with source: Span<UInt8>) {
        precondition(
            offset >= 0 && source.count <= count &- offset,
            "the caller checks that the source fits"
        )
        for index in source.indices { self[offset &+ index] = source[index] }
    }
}
