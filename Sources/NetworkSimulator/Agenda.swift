import Wire

/// What is going to happen, in the order of time and, within an instant, of arrangement.
struct Agenda {
    /// Small and plain, so that moving entries about is cheap.
    private struct Entry {
        let time: Int64
        let order: Int
        let slot: Int

        func precedes(_ other: Entry) -> Bool {
            time == other.time ? order < other.order : time < other.time
        }
    }

    /// A binary heap: each entry precedes the two at twice its index.
    private var heap: [Entry] = []
    private var events: [Event?] = []
    private var freeSlots: [Int] = []
    private var nextOrder = 0

    /// When the first event happens; nil if there is none.
    var nextTime: Instant? { heap.first.map { Instant(nanoseconds: $0.time) } }

    /// The host whose deadline is the first event; nil if that is something else.
    var nextWake: Int? {
        guard let first = heap.first, case .wake(let host)? = events[first.slot] else { return nil }
        return host
    }

    mutating func add(_ event: Event, at time: Instant) {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            events[slot] = event
        } else {
            slot = events.count
            events.append(event)
        }
        heap.append(Entry(time: time.nanoseconds, order: nextOrder, slot: slot))
        nextOrder += 1
        siftUp()
    }

    mutating func popFirst() -> Event? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { siftDown(last) }
        freeSlots.append(first.slot)
        return events[first.slot].take()
    }

    private mutating func siftUp() {
        var index = heap.count - 1
        let entry = heap[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.precedes(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    /// Puts `entry` in place of the first.
    private mutating func siftDown(_ entry: Entry) {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(entry) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}

/// Something that happens at one instant of a simulation.
enum Event {
    /// A node's deadline, as far as known when this was arranged.
    case wake(Int)
    /// A datagram comes to the end of a link.
    case arrival(Datagram, Hop)
    case change(Change)
    case action(() -> Void)
}

/// The end of a link.
enum Hop: Hashable {
    /// The router of a subnet, coming from one of its hosts or from a NAT on it.
    case subnet(Int)
    /// An interface of a host.
    case interface(Int)
    /// A NAT, coming from outside.
    case gateway(Int)
    /// The sending host itself.
    case loopback(Int)
}
