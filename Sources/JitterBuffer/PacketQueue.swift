import Wire

/// Packets in the order of their sequence numbers, each in the slot its number points to: adding,
/// finding a duplicate and removing the first take constant time.
struct PacketQueue: Sendable {
    private var slots: [AudioPacket?] = []
    private let maximumSlots: Int
    private(set) var count = 0
    private var firstSequence: Int64 = 0
    private var lastSequence: Int64 = 0

    init(maximumPackets: Int) {
        var size = smallestRing
        while size < min(maximumPackets, largestRing) { size *= 2 }
        maximumSlots = size
    }

    var isEmpty: Bool { count == 0 }

    var first: AudioPacket? { isEmpty ? nil : slots[slot(of: firstSequence)] }

    /// The packet behind the first, whether or not packets are missing between.
    var second: AudioPacket? {
        guard count > 1 else { return nil }
        var sequence = firstSequence &+ 1
        while sequence <= lastSequence {
            if let packet = slots[slot(of: sequence)] { return packet }
            sequence &+= 1
        }
        return nil
    }

    func contains(_ sequence: Int64) -> Bool {
        guard !isEmpty, sequence >= firstSequence, sequence <= lastSequence else { return false }
        return slots[slot(of: sequence)] != nil
    }

    /// Adds a packet whose number is not there yet; returns how many old packets had to go for it,
    /// or nil if it is itself too old to fit.
    mutating func insert(_ packet: consuming AudioPacket) -> Int? {
        let sequence = packet.sequence
        guard !isEmpty else {
            if slots.isEmpty { grow(to: smallestRing) }
            (firstSequence, lastSequence) = (sequence, sequence)
            put(packet)
            return 0
        }
        var dropped = 0
        if sequence < firstSequence {
            guard lastSequence &- sequence < Int64(maximumSlots) else { return nil }
            makeRoom(for: Int(lastSequence &- sequence) + 1)
            firstSequence = sequence
        } else if sequence > lastSequence {
            while !isEmpty, sequence &- firstSequence >= Int64(maximumSlots) {
                removeFirst()
                dropped += 1
            }
            if isEmpty { firstSequence = sequence }
            makeRoom(for: Int(sequence &- firstSequence) + 1)
            lastSequence = sequence
        }
        put(packet)
        return dropped
    }

    @discardableResult
    mutating func removeFirst() -> AudioPacket? {
        guard !isEmpty else { return nil }
        let packet = slots[slot(of: firstSequence)].take()
        count -= 1
        guard count > 0 else { return packet }
        repeat { firstSequence &+= 1 } while slots[slot(of: firstSequence)] == nil
        return packet
    }

    mutating func removeAll() {
        for index in slots.indices { slots[index] = nil }
        count = 0
    }

    private mutating func put(_ packet: consuming AudioPacket) {
        let index = slot(of: packet.sequence)
        slots[index] = consume packet
        count += 1
    }

    private func slot(of sequence: Int64) -> Int {
        Int(truncatingIfNeeded: sequence) & (slots.count &- 1)
    }

    private mutating func makeRoom(for span: Int) {
        guard span > slots.count else { return }
        var size = slots.count
        while size < span { size *= 2 }
        grow(to: size)
    }

    private mutating func grow(to size: Int) {
        var larger = [AudioPacket?](repeating: nil, count: size)
        for index in slots.indices {
            guard let packet = slots[index].take() else { continue }
            larger[Int(truncatingIfNeeded: packet.sequence) & (size &- 1)] = packet
        }
        slots = larger
    }
}

private let smallestRing = 16
private let largestRing = 4_096
