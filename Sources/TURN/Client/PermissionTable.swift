import Wire

/// The peers that may send to us through the relay (RFC 8656 §9), by address.
struct PermissionTable: Sendable {
    enum State: Hashable, Sendable {
        /// To be asked for with the next request.
        case wanted
        /// Asked for the first time.
        case requested
        case installed(refreshAt: Instant)
        /// Installed, and asked for again.
        case refreshing
    }

    struct Entry: Sendable {
        let address: IPAddress
        var state: State
        /// Whether a request of its own is needed, because one for several was refused.
        var isAlone = false
    }

    private(set) var entries: [Entry] = []

    /// Whether something waits to be asked for.
    private(set) var hasWanted = false

    /// When the first permission must be refreshed.
    var deadline: Instant? { entries.lazy.compactMap(\.refreshAt).min() }

    /// Whether data may go to `address` and come from it.
    ///
    /// A request that is under way counts: the server sees it before the data behind it, and its
    /// answer may come behind the peer's data.
    @inline(__always)
    func admits(_ address: IPAddress) -> Bool {
        for index in entries.indices where entries[index].address == address {
            return entries[index].state != .wanted
        }
        return false
    }

    func index(of address: IPAddress) -> Int? { entries.firstIndex { $0.address == address } }

    mutating func want(_ address: IPAddress) {
        guard index(of: address) == nil else { return }
        entries.append(Entry(address: address, state: .wanted))
        hasWanted = true
    }

    /// Asks again, one by one, for addresses that were refused together.
    mutating func wantAlone(_ addresses: [IPAddress]) {
        for address in addresses {
            guard let index = index(of: address) else { continue }
            entries[index].state = .wanted
            entries[index].isAlone = true
            hasWanted = true
        }
    }

    mutating func remove(_ address: IPAddress) {
        entries.removeAll { $0.address == address }
    }

    /// The addresses of the next request, now marked as asked for; empty if there are none.
    mutating func takeWanted(limit: Int) -> [IPAddress] {
        var taken: [IPAddress] = []
        for index in entries.indices where entries[index].state == .wanted {
            if entries[index].isAlone {
                guard taken.isEmpty else { continue }
                entries[index].state = .requested
                return [entries[index].address]
            }
            entries[index].state = .requested
            taken.append(entries[index].address)
            if taken.count == limit { return taken }
        }
        hasWanted = !taken.isEmpty
        return taken
    }

    /// The addresses whose refresh is due, and those that soon will be, now marked as asked for.
    mutating func takeDue(at now: Instant, limit: Int) -> [IPAddress] {
        guard let deadline, deadline <= now else { return [] }
        let horizon = now.advanced(by: permissionRefreshWindow)
        var taken: [IPAddress] = []
        for index in entries.indices {
            guard let due = entries[index].refreshAt, due <= horizon else { continue }
            // One that was refused in company is asked for alone for ever.
            if entries[index].isAlone, !taken.isEmpty { continue }
            entries[index].state = .refreshing
            taken.append(entries[index].address)
            if taken.count == limit || entries[index].isAlone { return taken }
        }
        return taken
    }

    /// Notes that the server has installed `address`; says whether that is new.
    mutating func install(_ address: IPAddress, at now: Instant) -> Bool {
        guard let index = index(of: address) else { return false }
        let before = entries[index].state
        entries[index].state = .installed(refreshAt: now.advanced(by: permissionRefreshInterval))
        switch before {
        case .wanted, .requested: return true
        case .installed, .refreshing: return false
        }
    }

    /// Asks for everything anew, as after a change of server.
    mutating func reset() {
        for index in entries.indices { entries[index].state = .wanted }
        hasWanted = !entries.isEmpty
    }
}

extension PermissionTable.Entry {
    var refreshAt: Instant? {
        switch state {
        case .installed(let instant): instant
        case .wanted, .requested, .refreshing: nil
        }
    }
}

/// RFC 8656 §9: a permission lives for 300 s, of which a minute is left for requests that are lost.
private let permissionRefreshInterval = Duration.seconds(240)
/// What is due within this time goes along with what is due now.
private let permissionRefreshWindow = Duration.seconds(30)
