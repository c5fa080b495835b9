/// A first-in first-out queue on a ring of slots: append and remove in constant time.
///
/// ```swift
/// var outputs = Queue<Output>()
/// outputs.append(.transmit(packet))
/// while let output = outputs.popFirst() { carryOut(output) }
/// ```
public struct Queue<Element> {
    @usableFromInline var slots: [Element?]
    @usableFromInline var head = 0

    /// How many elements wait.
    @inlinable public var count: Int { storedCount }
    @usableFromInline var storedCount = 0

    /// An empty queue that owns no memory yet.
    @inlinable
    public init() { slots = [] }

    /// Whether nothing waits.
    @inlinable public var isEmpty: Bool { storedCount == 0 }

    /// The oldest element, left in place.
    @inlinable public var first: Element? { isEmpty ? nil : slots[head] }

    /// Adds `element` at the end.
    @inlinable
    public mutating func append(_ element: consuming Element) {
        if storedCount == slots.count { grow() }
        slots[(head &+ storedCount) & (slots.count &- 1)] = consume element
        storedCount &+= 1
    }

    /// Removes and returns the oldest element.
    @inlinable
    public mutating func popFirst() -> Element? {
        guard storedCount > 0 else { return nil }
        let element = slots[head].take()
        head = (head &+ 1) & (slots.count &- 1)
        storedCount &-= 1
        return element
    }

    /// Removes all elements and gives the memory back.
    @inlinable
    public mutating func removeAll() { self = Queue() }

    /// The elements from the oldest to the newest.
    @inlinable public var elements: [Element] {
        (0..<storedCount).compactMap { slots[(head &+ $0) & (slots.count &- 1)] }
    }

    /// Doubles the ring; its size stays a power of two, so a mask finds the slot.
    @inlinable
    mutating func grow() {
        var larger = [Element?](repeating: nil, count: max(4, slots.count * 2))
        for index in 0..<storedCount {
            larger[index] = slots[(head &+ index) & (slots.count &- 1)].take()
        }
        slots = larger
        head = 0
    }
}

extension Queue: Sendable where Element: Sendable {}
