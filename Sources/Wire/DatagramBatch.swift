/// Datagrams that will be sent together, laid next to each other in one buffer.
///
/// Packets are written in the place they leave from; neighbours of one size and destination go out as
/// one segmented send.
///
/// ```swift
/// var batch = DatagramBatch()
/// try batch.append(from: local, to: remote, capacity: 1_500) { bytes throws(SRTPError) in
///     try srtp.protect(&bytes, length: length)
/// }
/// socket.send(&batch)
/// ```
public struct DatagramBatch: Sendable {
    /// One datagram: its addresses, and where in ``bytes`` its payload lies.
    public struct Entry: Hashable, Sendable {
        public var source: SocketAddress
        public var destination: SocketAddress
        public var range: Range<Int>
        public var transport: TransportProtocol

        /// A datagram whose payload lies at `range`.
        @inlinable
        public init(
            source: SocketAddress,
            destination: SocketAddress,
            transport: TransportProtocol = .udp,
            range: Range<Int>
        ) {
            self.source = source
            self.destination = destination
            self.range = range
            self.transport = transport
        }
    }

    /// The payloads, one behind the other.
    @inlinable public var bytes: [UInt8] { storage }
    @usableFromInline var storage: [UInt8] = []
    /// The datagrams, oldest first.
    @inlinable public var entries: [Entry] { waiting }
    @usableFromInline var waiting: [Entry] = []

    /// An empty batch that owns no memory yet.
    @inlinable
    public init() {}

    /// Whether nothing waits to be sent.
    @inlinable public var isEmpty: Bool { waiting.isEmpty }

    /// How many datagrams wait.
    @inlinable public var count: Int { waiting.count }

    /// Lets `write` put a datagram of at most `capacity` bytes behind the others.
    ///
    /// `write` returns how many bytes it used. If it throws, or uses none, nothing is added.
    @inlinable
    public mutating func append<Failure: Error>(
        from source: SocketAddress,
        to destination: SocketAddress,
        over transport: TransportProtocol = .udp,
        capacity: Int,
        _ write: (inout MutableSpan<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        precondition(capacity >= 0, "the caller offers no less than nothing")
        let start = storage.count
        storage.append(addingCapacity: capacity) { $0.append(repeating: 0, count: capacity) }
        var used = 0
        defer { storage.removeLast(capacity - used) }
        var room = storage.mutableSpan
        var slot = room._mutatingExtracting(start..<start + capacity)
        let length = try write(&slot)
        precondition(0...capacity ~= length, "a writer uses no more than its capacity")
        guard length > 0 else { return }
        used = length
        waiting.append(
            Entry(
                source: source,
                destination: destination,
                transport: transport,
                range: start..<start + length
            )
        )
    }

    /// Puts a copy of `payload` behind the others.
    @inlinable
    public mutating func append(
        from source: SocketAddress,
        to destination: SocketAddress,
        over transport: TransportProtocol = .udp,
        copying payload: Span<UInt8>
    ) {
        let start = storage.count
        storage.append(copying: payload)
        waiting.append(
            Entry(
                source: source,
                destination: destination,
                transport: transport,
                range: start..<storage.count
            )
        )
    }

    /// Puts a copy of `datagram` behind the others.
    public mutating func append(_ datagram: Datagram) {
        append(
            from: datagram.source,
            to: datagram.destination,
            over: datagram.transport,
            copying: datagram.payload.span
        )
    }

    /// Forgets all datagrams, and gives the memory back if it is more than `keeping` bytes.
    public mutating func removeAll(keeping limit: Int = 4_096) {
        storage.removeAll(keepingCapacity: storage.capacity <= limit)
        waiting.removeAll(keepingCapacity: waiting.capacity * MemoryLayout<Entry>.stride <= limit)
    }

    /// A copy of the datagram at `index`, for simulations and tests.
    public func datagram(at index: Int) -> Datagram {
        let entry = waiting[index]
        return Datagram(
            from: entry.source,
            to: entry.destination,
            over: entry.transport,
            payload: [UInt8](storage[entry.range])
        )
    }
}
