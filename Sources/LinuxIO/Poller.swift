import CLinux

/// What a descriptor is ready for, or waited on for.
struct Readiness: OptionSet, Sendable {
    var rawValue: UInt32

    static let readable = Readiness(rawValue: UInt32(SWIFTLET_READABLE))
    static let writable = Readiness(rawValue: UInt32(SWIFTLET_WRITABLE))
    static let hangUp = Readiness(rawValue: UInt32(SWIFTLET_HANG_UP))
    static let error = Readiness(rawValue: UInt32(SWIFTLET_ERROR))
}

/// An epoll instance and the events of its last wait.
struct Poller: ~Copyable {
    private let descriptor: Descriptor
    private var events = [swiftlet_event](repeating: swiftlet_event(), count: maximumEvents)
    /// How many events the last wait brought.
    private(set) var count = 0

    init() throws(SystemError) {
        descriptor = try Descriptor(swiftlet_poller_create(), from: "epoll_create1")
    }

    func add(_ number: CInt, for interest: Readiness, as id: SlotID) throws(SystemError) {
        let result = swiftlet_poller_add(descriptor.number, number, interest.rawValue, id.token)
        try check(result, "epoll_ctl(ADD)")
    }

    /// Reports each write to the eventfd `number` once, as ``wakeupToken``.
    func addWakeup(_ number: CInt) throws(SystemError) {
        let result = swiftlet_poller_add_edges(descriptor.number, number, wakeupToken)
        try check(result, "epoll_ctl(ADD)")
    }

    func change(_ number: CInt, to interest: Readiness, as id: SlotID) throws(SystemError) {
        let result = swiftlet_poller_change(descriptor.number, number, interest.rawValue, id.token)
        try check(result, "epoll_ctl(MOD)")
    }

    func remove(_ number: CInt) {
        // It fails only if the descriptor was not watched, which is what is wanted.
        _ = swiftlet_poller_remove(descriptor.number, number)
    }

    /// Waits until something is ready or `timeout` nanoseconds have passed; for ever if negative.
    mutating func wait(timeout: Int64) {
        let capacity = CInt(events.count)
        // The call writes at most `capacity` events and keeps no pointer.
        let result = unsafe swiftlet_poller_wait(descriptor.number, &events, capacity, timeout)
        precondition(result >= 0, "epoll_wait fails only on a descriptor that is no epoll")
        count = Int(result)
    }

    /// The id and readiness of event `index`; nil for a mere wake-up.
    func event(_ index: Int) -> (id: SlotID, readiness: Readiness)? {
        let event = events[index]
        guard event.token != wakeupToken else { return nil }
        return (SlotID(token: event.token), Readiness(rawValue: event.readiness))
    }
}

/// No slot has generation zero, so no socket has this token.
private let wakeupToken: UInt64 = 0
private let maximumEvents = 256
