import Wire

/// When allocations may run out, earliest first.
///
/// An entry that was put off is not searched for: it is looked at when its old time comes.
struct ExpiryHeap: Sendable {
    struct Entry: Sendable {
        var instant: Instant
        var slot: Int
        var generation: UInt64
    }

    private var entries: [Entry] = []

    var first: Instant? { entries.first?.instant }

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].instant < entries[parent].instant else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popDue(at now: Instant) -> Entry? {
        guard let first = entries.first, first.instant <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].instant < entries[least].instant { least = child }
            }
            guard least != parent else { return first }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
