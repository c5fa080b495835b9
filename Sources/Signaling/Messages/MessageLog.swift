/// The newest messages to somebody, numbered, until it is clear that they have arrived.
///
/// Both sides of a connection count what they have got. When it breaks, the count says what is to be
/// sent again.
struct MessageLog: Sendable {
    /// How many there have been.
    private(set) var count = 0
    private var kept: [String] = []
    private var size = 0

    mutating func append(_ text: String) {
        count += 1
        kept.append(text)
        size += text.utf8.count
        while kept.count > maximumKept || size > maximumSize {
            size -= kept.removeFirst().utf8.count
        }
    }

    /// Whether one more of this size would push out none that is newer than the first `received`.
    func hasRoom(for text: String, after received: Int) -> Bool {
        count - received < maximumKept && size + text.utf8.count <= maximumSize
    }

    /// The messages after the first `received`; nil if not all of them are kept.
    func after(_ received: Int) -> [String]? {
        guard 0...count ~= received, count - received <= kept.count else { return nil }
        return Array(kept.suffix(count - received))
    }
}

/// A description and its candidates, a few times over.
private let maximumKept = 128
private let maximumSize = 256 << 10
