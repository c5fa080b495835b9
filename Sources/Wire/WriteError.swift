/// Why something could not be written, and where.
public enum WriteError: Error, Hashable, Sendable {
    /// The destination ends before the field does: `need` more bytes were wanted at offset `at`.
    case noRoom(at: Int, need: Int)
    /// The body behind a length field is longer than the field can say.
    case lengthOverflow(at: Int, length: Int)
    /// Bytes to be replaced lie outside what has been written.
    case outOfBounds(at: Int)
}

extension WriteError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noRoom(let offset, let need): "no room for \(need) bytes at offset \(offset)"
        case .lengthOverflow(let offset, let length):
            "\(length) bytes do not fit the length field at offset \(offset)"
        case .outOfBounds(let offset): "nothing was written at offset \(offset) yet"
        }
    }
}
