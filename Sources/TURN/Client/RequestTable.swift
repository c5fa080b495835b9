import STUN
import Wire

/// The requests that wait for their answers.
struct RequestTable: Sendable {
    /// What a request is for.
    enum Purpose: Hashable, Sendable {
        case allocate
        case refresh
        /// A refresh that tries new credentials.
        case renew
        /// A refresh with no lifetime, which ends the allocation.
        case release
        case permit([IPAddress])
        case bind(UInt16)
    }

    struct Entry: Sendable {
        let id: STUNTransactionID
        let purpose: Purpose
        let bytes: [UInt8]
        var schedule: RetransmissionSchedule
        /// How often the same has been asked before, with other nonces.
        let round: Int
        /// Whether the request was signed, so that its answer has to be.
        let isSigned: Bool
    }

    private(set) var entries: [Entry] = []

    var deadline: Instant? { entries.lazy.map(\.schedule.deadline).min() }

    mutating func add(_ entry: Entry) { entries.append(entry) }

    func index(of id: STUNTransactionID) -> Int? { entries.firstIndex { $0.id == id } }

    mutating func remove(at index: Int) -> Entry { entries.remove(at: index) }

    func contains(_ purpose: Purpose) -> Bool { entries.contains { $0.purpose == purpose } }

    mutating func remove(_ purpose: Purpose) { entries.removeAll { $0.purpose == purpose } }

    mutating func removeAll() { entries = [] }

    /// Removes all and says what they were for, oldest first.
    mutating func takeAll() -> [Purpose] {
        defer { entries = [] }
        return entries.map(\.purpose)
    }

    /// What is to be done about the first request whose time has come.
    enum Expiry { case retransmit([UInt8]), giveUp(Entry) }

    mutating func popDue(at now: Instant) -> Expiry? {
        for index in entries.indices {
            switch entries[index].schedule.expire(at: now) {
            case .notDue: continue
            case .retransmit: return .retransmit(entries[index].bytes)
            case .giveUp: return .giveUp(entries.remove(at: index))
            }
        }
        return nil
    }
}
