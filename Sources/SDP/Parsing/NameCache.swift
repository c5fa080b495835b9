/// The attribute names of one description, so that each is made into a string about once.
///
/// A description repeats a few dozen names hundreds of times. A name is found by its length and
/// last byte and compared with where it stood first; a clash costs a new string and nothing else.
struct NameCache {
    private struct Slot {
        var start = 0
        var count = 0
        var name = ""
    }

    private var slots = [Slot](repeating: Slot(), count: slotCount)

    /// The string for a name that has been met before; nil if it must be made.
    func name(_ range: Range<Int>, in bytes: Span<UInt8>) -> String? {
        guard let index = index(of: range, in: bytes) else { return nil }
        let start = slots[index].start
        guard slots[index].count == range.count else { return nil }
        for offset in 0..<range.count
        where bytes[start &+ offset] != bytes[range.lowerBound &+ offset] {
            return nil
        }
        return slots[index].name
    }

    /// Remembers the string for a name.
    mutating func insert(_ name: String, _ range: Range<Int>, in bytes: Span<UInt8>) {
        guard let index = index(of: range, in: bytes) else { return }
        slots[index] = Slot(start: range.lowerBound, count: range.count, name: name)
    }

    private func index(of range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        guard !range.isEmpty else { return nil }
        return (range.count &* 5 &+ Int(bytes[range.upperBound &- 1])) & (slotCount - 1)
    }
}

/// A power of two.
private let slotCount = 64
