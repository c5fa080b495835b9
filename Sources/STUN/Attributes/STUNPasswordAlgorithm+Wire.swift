import Wire

extension STUNPasswordAlgorithm {
    /// PASSWORD-ALGORITHMS (RFC 8489 §14.11); PASSWORD-ALGORITHM (§14.12) is a list of one.
    ///
    ///      0                   1                   2                   3
    ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    ///     |          Algorithm 1           | Algorithm 1 Parameters Length |
    ///     |                    Algorithm 1 Parameters (variable)           |
    static func encode(_ list: [STUNPasswordAlgorithm]) -> [UInt8] {
        var bytes: [UInt8] = []
        for algorithm in list {
            let parameters = algorithm.parameters.prefix(Int(UInt16.max))
            for number in [algorithm.number, UInt16(parameters.count)] {
                bytes.append(UInt8(number >> 8))
                bytes.append(UInt8(number & 0xFF))
            }
            bytes += parameters
            bytes += [UInt8](repeating: 0, count: -parameters.count & 3)
        }
        return bytes
    }

    /// Nil when a length does not fit, or the list is empty.
    static func decode(_ value: Span<UInt8>) -> [STUNPasswordAlgorithm]? {
        var list: [STUNPasswordAlgorithm] = []
        var offset = 0
        while offset < value.count {
            guard value.count - offset >= 4 else { return nil }
            let start = offset + 4
            let end = start + Int(value.number16(at: offset + 2))
            guard end <= value.count else { return nil }
            list.append(
                STUNPasswordAlgorithm(
                    number: value.number16(at: offset),
                    parameters: [UInt8](copying: value.extracting(start..<end))
                )
            )
            offset = (end + 3) & ~3
        }
        return list.isEmpty ? nil : list
    }
}
