import Wire

/// The channels of an allocation (RFC 8656 §12); the number of each is its place.
struct ChannelTable: Sendable {
    enum State: Hashable, Sendable {
        case requested
        case bound(refreshAt: Instant)
        case refreshing
        /// Refused, or given up.
        case unused
    }

    struct Entry: Sendable {
        let peer: SocketAddress
        var state: State
    }

    private(set) var entries: [Entry] = []

    var deadline: Instant? { entries.lazy.compactMap(\.refreshAt).min() }

    /// The peer whose data comes on `number`.
    ///
    /// Data may overtake the answer to the request.
    @inline(__always)
    func peer(of number: UInt16) -> SocketAddress? {
        let index = Int(number) &- Int(ChannelData.numbers.lowerBound)
        guard index >= 0, index < entries.count, entries[index].state != .unused else {
            return nil
        }
        return entries[index].peer
    }

    /// The number on which data goes to `peer`; nil unless the server has confirmed it.
    @inline(__always)
    func number(for peer: SocketAddress) -> UInt16? {
        for index in entries.indices where entries[index].peer == peer {
            switch entries[index].state {
            case .bound, .refreshing: return Self.number(at: index)
            case .requested, .unused: continue
            }
        }
        return nil
    }

    /// Whether `peer` has a channel, or has asked for one.
    func isInUse(by peer: SocketAddress) -> Bool {
        entries.contains { $0.peer == peer && $0.state != .unused }
    }

    func peer(at number: UInt16) -> SocketAddress? {
        let index = Int(number) - Int(ChannelData.numbers.lowerBound)
        return entries.indices.contains(index) ? entries[index].peer : nil
    }

    /// The number to ask for; nil when all are used up.
    ///
    /// A number is never used for two peers, nor a peer given a second number, both of which RFC 8656
    /// §12 forbids until five minutes after the binding has run out.
    mutating func add(_ peer: SocketAddress) -> UInt16? {
        if let index = entries.firstIndex(where: { $0.peer == peer }) {
            entries[index].state = .requested
            return Self.number(at: index)
        }
        guard entries.count < ChannelData.numbers.count else { return nil }
        entries.append(Entry(peer: peer, state: .requested))
        return Self.number(at: entries.count - 1)
    }

    mutating func bind(_ number: UInt16, at now: Instant) -> Bool {
        guard let index = index(of: number) else { return false }
        let isNew = entries[index].state == .requested
        guard entries[index].state != .unused else { return false }
        entries[index].state = .bound(refreshAt: now.advanced(by: channelRefreshInterval))
        return isNew
    }

    mutating func drop(_ number: UInt16) {
        if let index = index(of: number) { entries[index].state = .unused }
    }

    /// Forgets the channels of an address.
    mutating func drop(address: IPAddress) {
        for index in entries.indices where entries[index].peer.address == address {
            entries[index].state = .unused
        }
    }

    /// A channel whose refresh is due, now marked as asked for.
    mutating func popDue(at now: Instant) -> UInt16? {
        for index in entries.indices {
            guard let due = entries[index].refreshAt, due <= now else { continue }
            entries[index].state = .refreshing
            return Self.number(at: index)
        }
        return nil
    }

    private func index(of number: UInt16) -> Int? {
        let index = Int(number) - Int(ChannelData.numbers.lowerBound)
        return entries.indices.contains(index) ? index : nil
    }

    private static func number(at index: Int) -> UInt16 {
        ChannelData.numbers.lowerBound &+ UInt16(truncatingIfNeeded: index)
    }
}

extension ChannelTable.Entry {
    var refreshAt: Instant? {
        switch state {
        case .bound(let instant): instant
        case .requested, .refreshing, .unused: nil
        }
    }
}

/// RFC 8656 §12: a binding lives for ten minutes, of which one is left for requests that are lost.
private let channelRefreshInterval = Duration.seconds(540)
