/// The number of a slot, and how often the slot had been used when it was given out.
///
/// An event for a closed socket carries the old generation, so it cannot reach the socket that has
/// taken over the slot (or the descriptor) since.
package struct SlotID: Hashable, Sendable {
    package var index: UInt32
    package var generation: UInt32

    init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    init(token: UInt64) {
        index = UInt32(truncatingIfNeeded: token)
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }

    var token: UInt64 { UInt64(generation) << 32 | UInt64(index) }
}

/// Elements found by a small number that is used again after removal.
package struct SlotTable<Element> {
    private struct Slot {
        var generation: UInt32
        var element: Element?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    package init() {}

    /// How many elements there are.
    package var count: Int { slots.count - free.count }

    package mutating func insert(_ element: Element) -> SlotID {
        guard let index = free.popLast() else {
            slots.append(Slot(generation: 1, element: element))
            return SlotID(index: UInt32(slots.count - 1), generation: 1)
        }
        slots[Int(index)].element = element
        return SlotID(index: index, generation: slots[Int(index)].generation)
    }

    package subscript(id: SlotID) -> Element? {
        guard Int(id.index) < slots.count else { return nil }
        let slot = slots[Int(id.index)]
        return slot.generation == id.generation ? slot.element : nil
    }

    /// Removes the element if it is still there.
    @discardableResult
    package mutating func remove(_ id: SlotID) -> Element? {
        guard let element = self[id] else { return nil }
        slots[Int(id.index)].element = nil
        // Zero is no generation: it marks "none" elsewhere.
        slots[Int(id.index)].generation = max(1, id.generation &+ 1)
        free.append(id.index)
        return element
    }

    /// The element in slot `index`, whatever its generation, with its id.
    func occupant(of index: UInt32) -> (id: SlotID, element: Element)? {
        guard Int(index) < slots.count else { return nil }
        let slot = slots[Int(index)]
        guard let element = slot.element else { return nil }
        return (SlotID(index: index, generation: slot.generation), element)
    }

    /// All elements with their ids, in slot order.
    var all: [(id: SlotID, element: Element)] {
        slots.indices.compactMap { occupant(of: UInt32($0)) }
    }
}
