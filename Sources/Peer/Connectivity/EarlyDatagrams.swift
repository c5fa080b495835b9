import Wire

/// DTLS datagrams that arrived before they could be used, bounded.
///
/// The peer may answer faster than signaling: its ClientHello can be here before the answer that
/// names its fingerprint, or before our own check of the path has come back. Dropping it costs one
/// retransmission timeout, so it is kept.
struct EarlyDatagrams: Sendable {
    /// Who sent a datagram, as far as ICE knows.
    enum Sender: Hashable, Sendable {
        /// An address from which an authenticated check has come.
        case checked
        /// Anybody. A lite peer sends no checks; neither do those who only want to fill our memory.
        case stranger
    }

    struct Entry: Sendable {
        var sender: Sender
        var source: SocketAddress
        var local: SocketAddress
        var transport: TransportProtocol
        var payload: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private(set) var dropped = 0

    /// Keeps a copy, unless the limits are reached.
    mutating func keep(
        _ payload: Span<UInt8>,
        of sender: Sender,
        from source: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol
    ) {
        let room = sender.room
        let kept = entries.filter { $0.sender == sender }
        let size = kept.reduce(payload.count) { $0 + $1.payload.count }
        guard kept.count < room.count, size <= room.size else {
            dropped += 1
            return
        }
        let copy = [UInt8](copying: payload)
        entries.append(
            Entry(
                sender: sender,
                source: source,
                local: local,
                transport: transport,
                payload: copy
            )
        )
    }

    /// Removes and returns those marked in `usable`, in order of arrival.
    mutating func take(whereUsable usable: [Bool]) -> [Entry] {
        let taken = zip(entries, usable).filter(\.1).map(\.0)
        entries = zip(entries, usable).filter { !$0.1 }.map(\.0)
        return taken
    }

    mutating func removeAll() { entries = [] }
}

extension EarlyDatagrams.Sender {
    /// A flight of a handshake with two certificates is below eight datagrams.
    fileprivate var room: (count: Int, size: Int) {
        switch self {
        case .checked: (16, 24 * 1_024)
        case .stranger: (4, 6 * 1_024)
        }
    }
}
