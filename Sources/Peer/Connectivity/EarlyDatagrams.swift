import Wire

/// DTLS datagrams that arrived before they could be used, bounded.
///
/// The peer may answer faster than signaling: its ClientHello can be here before the answer that
/// names its fingerprint, or before our own check of the path has come back. Dropping it costs one
/// retransmission timeout, so it is kept.
struct EarlyDatagrams: Sendable {
    struct Entry: Sendable {
        var source: SocketAddress
        var local: SocketAddress
        var payload: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private(set) var dropped = 0
    private var size = 0

    /// Keeps a copy, unless the limits are reached.
    mutating func keep(
        _ payload: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress
    ) {
        guard entries.count < maximumCount, size + payload.count <= maximumSize else {
            dropped += 1
            return
        }
        size += payload.count
        entries.append(Entry(source: source, local: local, payload: [UInt8](copying: payload)))
    }

    /// Removes and returns those marked in `usable`, in order of arrival.
    mutating func take(whereUsable usable: [Bool]) -> [Entry] {
        let taken = zip(entries, usable).filter(\.1).map(\.0)
        entries = zip(entries, usable).filter { !$0.1 }.map(\.0)
        size = entries.reduce(0) { $0 + $1.payload.count }
        return taken
    }

    mutating func removeAll() {
        self = EarlyDatagrams()
    }
}

/// A flight of a handshake with two certificates is below eight datagrams.
private let maximumCount = 16
private let maximumSize = 24 * 1_024
