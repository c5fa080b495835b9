package import Wire

/// At most one deadline for each slot, the earliest first.
///
/// A binary heap that knows where each slot stands, so that moving and cancelling a deadline take
/// O(log n) and leave nothing behind. Equal deadlines come in slot order, so a run is reproducible.
package struct DeadlineHeap: Sendable {
    private struct Entry {
        var deadline: Instant
        var slot: UInt32

        func precedes(_ other: Entry) -> Bool {
            deadline == other.deadline ? slot < other.slot : deadline < other.deadline
        }
    }

    private var entries: [Entry] = []
    /// Where the entry of each slot stands in `entries`; -1 if it has none.
    private var positions: [Int32] = []

    /// No deadline is set.
    package init() {}

    /// How many deadlines are set.
    package var count: Int { entries.count }

    /// The earliest deadline.
    package var next: Instant? { entries.first?.deadline }

    package func deadline(of slot: UInt32) -> Instant? {
        position(of: slot).map { entries[$0].deadline }
    }

    /// Sets, moves or (with nil) cancels the deadline of `slot`.
    package mutating func set(_ deadline: Instant?, for slot: UInt32) {
        guard let deadline else { return cancel(slot) }
        let entry = Entry(deadline: deadline, slot: slot)
        guard let position = position(of: slot) else {
            makeRoom(for: slot)
            entries.append(entry)
            positions[Int(slot)] = Int32(entries.count - 1)
            return siftUp(from: entries.count - 1)
        }
        entries[position] = entry
        siftUp(from: position)
        siftDown(from: position)
    }

    /// Removes and returns the slot whose deadline is the earliest, if it is due at `now`.
    package mutating func popDue(at now: Instant) -> UInt32? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        cancel(first.slot)
        return first.slot
    }

    private mutating func cancel(_ slot: UInt32) {
        guard let position = position(of: slot) else { return }
        positions[Int(slot)] = -1
        let last = entries.removeLast()
        guard position < entries.count else { return }
        place(last, at: position)
        siftUp(from: position)
        siftDown(from: position)
    }

    private func position(of slot: UInt32) -> Int? {
        guard Int(slot) < positions.count, positions[Int(slot)] >= 0 else { return nil }
        return Int(positions[Int(slot)])
    }

    private mutating func makeRoom(for slot: UInt32) {
        let missing = Int(slot) + 1 - positions.count
        if missing > 0 { positions.append(contentsOf: repeatElement(-1, count: missing)) }
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        entries[position] = entry
        positions[Int(entry.slot)] = Int32(position)
    }

    private mutating func siftUp(from start: Int) {
        var position = start
        let entry = entries[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard entry.precedes(entries[parent]) else { break }
            place(entries[parent], at: position)
            position = parent
        }
        place(entry, at: position)
    }

    private mutating func siftDown(from start: Int) {
        var position = start
        let entry = entries[position]
        while true {
            var child = 2 * position + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(entry) else { break }
            place(entries[child], at: position)
            position = child
        }
        place(entry, at: position)
    }
}
