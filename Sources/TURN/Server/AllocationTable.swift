import Wire

/// The allocations of a server, by place and by path, and how much each user has.
struct AllocationTable: Sendable {
    private var slots: [ServerAllocation?] = []
    private var free: [Int] = []
    private var places: [TURNPath: Int] = [:]
    private var counts: [String: Int] = [:]
    private var ports: Set<SocketAddress> = []
    private var expiries = ExpiryHeap()
    private var generation: UInt64 = 0

    var count: Int { places.count }

    /// When an allocation may have run out.
    var deadline: Instant? { expiries.first }

    /// All paths, in the order of their places.
    var paths: [TURNPath] { slots.compactMap { $0?.path } }

    func count(of account: String) -> Int { counts[account] ?? 0 }

    @inline(__always)
    func place(of path: TURNPath) -> Int? { places[path] }

    /// The place of the allocation that a relay belongs to, if it is still there.
    @inline(__always)
    func place(of relay: TURNRelayID) -> Int? {
        guard relay.slot < slots.count, slots[relay.slot]?.generation == relay.generation else {
            return nil
        }
        return relay.slot
    }

    /// The allocation at a place that is known to be taken.
    subscript(place: Int) -> ServerAllocation? {
        @inline(__always)
        _read { yield slots[place] }
        @inline(__always)
        _modify { yield &slots[place] }
    }

    func nextGeneration() -> UInt64 { generation &+ 1 }

    mutating func add(_ allocation: ServerAllocation) -> Int {
        generation &+= 1
        counts[allocation.owner.key, default: 0] += 1
        let place: Int
        if let last = free.popLast() {
            place = last
            slots[place] = allocation
        } else {
            place = slots.count
            slots.append(allocation)
        }
        places[allocation.path] = place
        schedule(place)
        return place
    }

    /// Sees to it that an allocation is looked at when it runs out, or earlier.
    mutating func schedule(_ place: Int) {
        guard let allocation = slots[place], allocation.expiresAt < allocation.examinedAt else {
            return
        }
        slots[place]?.examinedAt = allocation.expiresAt
        expiries.add(
            ExpiryHeap.Entry(
                instant: allocation.expiresAt,
                slot: place,
                generation: allocation.generation
            )
        )
    }

    mutating func remove(at place: Int) -> ServerAllocation? {
        guard let allocation = slots[place].take() else { return nil }
        free.append(place)
        places[allocation.path] = nil
        let rest = count(of: allocation.owner.key) - 1
        counts[allocation.owner.key] = rest > 0 ? rest : nil
        for relay in allocation.relays { ports.remove(relay.local) }
        return allocation
    }

    /// The place of an allocation that has run out.
    ///
    /// One that was put off is looked at when its earlier end comes, and then at its next one: a
    /// client that refreshes all the time costs no memory.
    mutating func popExpired(at now: Instant) -> Int? {
        while let entry = expiries.popDue(at: now) {
            guard let allocation = slots[entry.slot], allocation.generation == entry.generation,
                allocation.examinedAt == entry.instant
            else { continue }
            if allocation.expiresAt <= now { return entry.slot }
            slots[entry.slot]?.examinedAt = Instant(nanoseconds: .max)
            schedule(entry.slot)
        }
        return nil
    }

    /// Whether nobody has the port; it is taken from now on.
    mutating func claim(_ address: SocketAddress) -> Bool { ports.insert(address).inserted }

    /// Whether it is a relay's, or is to become one's.
    func isClaimed(_ address: SocketAddress) -> Bool { ports.contains(address) }

    mutating func release(_ address: SocketAddress) { ports.remove(address) }
}

// MARK: - What every packet asks

// Each reaches into the array and nowhere else: an allocation passed around, or changed through an
// accessor, would cost each packet memory.
extension AllocationTable {
    @inline(__always)
    func peer(of number: UInt16, from place: Int, at now: Instant) -> SocketAddress? {
        slots[place]?.channels.peer(of: number, at: now)
    }

    @inline(__always)
    func channel(to peer: SocketAddress, of place: Int, at now: Instant) -> UInt16? {
        slots[place]?.channels.number(for: peer, at: now)
    }

    @inline(__always)
    func permits(_ address: IPAddress, of place: Int, at now: Instant) -> Bool {
        slots[place]?.permits(address, at: now) ?? false
    }

    @inline(__always)
    func path(of place: Int) -> TURNPath? { slots[place]?.path }

    @inline(__always)
    func generation(of place: Int) -> UInt64? { slots[place]?.generation }

    /// Whether `count` bytes more may go out.
    @inline(__always)
    mutating func takeOutgoing(_ count: Int, of place: Int, at now: Instant) -> Bool {
        slots[place]?.budget.outgoing.take(count, at: now) ?? false
    }

    /// Whether `count` bytes more may come in.
    @inline(__always)
    mutating func takeIncoming(_ count: Int, of place: Int, at now: Instant) -> Bool {
        slots[place]?.budget.incoming.take(count, at: now) ?? false
    }
}
