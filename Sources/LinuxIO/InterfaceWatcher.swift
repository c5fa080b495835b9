import CLinux
import Wire

/// What has changed on this machine's network interfaces.
public struct InterfaceChange: Hashable, Sendable {
    /// Addresses that can be used now and could not before.
    public var appeared: [InterfaceAddress]
    /// Addresses that could be used and cannot any more.
    public var vanished: [InterfaceAddress]
    /// All interfaces as they are now.
    public var interfaces: [NetworkInterface]
}

/// Who is told of changes by an ``InterfaceWatcher``, on the watcher's loop.
public protocol InterfaceWatcherOwner: AnyObject, Sendable {
    /// Usable addresses have come or gone.
    nonisolated func interfacesChanged(_ change: InterfaceChange, by watcher: InterfaceWatcher)
}

/// Notices when addresses of this machine come and go, on an event loop (rtnetlink).
///
/// ```swift
/// let watcher = try InterfaceWatcher.start(on: loop, owner: self)
///
/// nonisolated func interfacesChanged(_ change: InterfaceChange, by _: InterfaceWatcher) {
///     assumeIsolated { $0.gather(on: change.appeared, leave: change.vanished) }
/// }
/// ```
///
/// An address counts when its interface is up and the kernel has made sure that nobody else has it.
/// Changes that follow each other closely are told as one. It holds its owner weakly, and is closed
/// when the last reference to it goes away.
public final class InterfaceWatcher: Sendable {
    /// The loop it lives on.
    public let loop: EventLoop

    /// How long nothing must have happened before a change is told.
    private let settling: Duration
    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    private nonisolated(unsafe) var state: State

    private struct State: ~Copyable {
        var descriptor: Descriptor?
        var id: SlotID?
        weak var owner: (any InterfaceWatcherOwner)?
        var table = InterfaceTable()
        var phase = Phase.idle
        /// What the owner knows; nil until the first list was complete.
        var told: [InterfaceAddress]?
        var timer: LoopTimer?
        /// When the change began that has not been told.
        var changeStart: Instant?
        var sequence: UInt32 = 0
    }

    /// Which list the kernel is sending; it can send only one at a time.
    private enum Phase {
        case idle, links, addresses
        /// The kernel has dropped messages, so all is to be asked for again.
        case lost
    }

    /// Starts to watch, on the loop only.
    ///
    /// What is there at the start is no change; see ``interfaces``.
    public static func start(
        on loop: EventLoop,
        settling: Duration = .milliseconds(100),
        owner: any InterfaceWatcherOwner
    ) throws(SystemError) -> InterfaceWatcher {
        let watcher = try InterfaceWatcher(loop, settling, owner)
        try watcher.attach()
        return watcher
    }

    private init(
        _ loop: EventLoop,
        _ settling: Duration,
        _ owner: any InterfaceWatcherOwner
    ) throws(SystemError) {
        self.loop = loop
        self.settling = settling
        unsafe state = State(
            descriptor: try Descriptor(swiftlet_netlink_open(), from: "socket(AF_NETLINK)"),
            owner: owner
        )
    }

    deinit {
        // Closing takes the descriptor out of the poller; the slot is freed when the loop can.
        unsafe state.descriptor = nil
        guard let id = unsafe state.id else { return }
        let loop = loop
        loop.execute { loop.confined.forget(id) }
    }

    /// All interfaces as they are known now; empty until the kernel has answered the first question.
    ///
    /// On the loop only.
    public var interfaces: [NetworkInterface] {
        loop.checkIsolated()
        return unsafe state.told == nil ? [] : state.table.interfaces
    }

    /// Stops watching; stopping again does nothing.
    ///
    /// On the loop only.
    public func close() {
        loop.checkIsolated()
        if let id = unsafe state.id, let number = unsafe state.descriptor?.number {
            loop.confined.remove(id, descriptor: number)
        }
        unsafe state.id = nil
        unsafe state.descriptor = nil
        unsafe state.timer = nil
        unsafe state.owner = nil
    }

    private func attach() throws(SystemError) {
        guard let number = unsafe state.descriptor?.number else { return }
        let id = try loop.confined.add(self, descriptor: number, interest: .readable)
        unsafe state.id = id
        unsafe state.timer = LoopTimer(on: loop) { [weak self] in self?.tell() }
        try ask(for: .links)
    }
}

// MARK: - Asking and hearing

extension InterfaceWatcher: EventSource {
    func ready(_ readiness: Readiness) {
        guard unsafe state.owner != nil else { return close() }
        // The kernel sends lists in parts of at most 32 KiB; one turn takes a bounded number of them.
        var bytes = [UInt8](repeating: 0, count: maximumPart)
        for _ in 0..<maximumParts {
            guard let number = unsafe state.descriptor?.number else { return }
            // The call writes into this buffer only, and keeps no pointer.
            let result = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
                unsafe swiftlet_netlink_receive(number, buffer.baseAddress, buffer.count)
            }
            switch result {
            case 1...:
                let part = bytes.span.extracting(0..<Int(result))
                for update in NetlinkUpdate.parse(part) { apply(update) }
            case -Int64(ErrorNumber.noBufferSpace): startOver()
            default: return
            }
        }
    }

    func loopStopped() { close() }

    private func ask(for phase: Phase) throws(SystemError) {
        guard let number = unsafe state.descriptor?.number else { return }
        unsafe state.sequence &+= 1
        unsafe state.phase = phase
        let asksForAddresses: CInt =
            switch phase {
            case .addresses: 1
            case .idle, .links, .lost: 0
            }
        let result = unsafe swiftlet_netlink_request(number, asksForAddresses, state.sequence)
        try check(result, "sendto(AF_NETLINK)")
    }

    private func apply(_ update: NetlinkUpdate) {
        switch update {
        case .link, .linkGone, .address, .addressGone:
            unsafe state.table.apply(update)
            if unsafe state.told != nil { settle() }
        case .done(let sequence):
            guard unsafe sequence == state.sequence else { return }
            finishList()
        case .refused(let sequence, _):
            // The kernel was busy with another list; what it had to say comes again.
            if unsafe sequence == state.sequence { startOver() }
        case .overrun: startOver()
        }
    }

    private func finishList() {
        switch unsafe state.phase {
        case .links: try? ask(for: .addresses)
        case .addresses:
            unsafe state.phase = .idle
            if unsafe state.told == nil {
                unsafe state.told = state.table.interfaces.usableAddresses
            } else {
                settle()
            }
        case .idle, .lost: break
        }
    }

    /// Something was lost: forgets everything and asks again, after a pause.
    private func startOver() {
        unsafe state.phase = .lost
        unsafe state.timer?.set(loop.now.advanced(by: settling))
    }

    /// Waits until nothing more happens, but not for ever.
    private func settle() {
        let start = unsafe state.changeStart ?? loop.now
        unsafe state.changeStart = start
        let limit = start.advanced(by: settling * 10)
        unsafe state.timer?.set(min(loop.now.advanced(by: settling), limit))
    }

    private func tell() {
        switch unsafe state.phase {
        case .idle: break
        // Told when the list is complete.
        case .links, .addresses: return
        case .lost: return begin()
        }
        unsafe state.changeStart = nil
        guard let told = unsafe state.told else { return }
        let interfaces = unsafe state.table.interfaces
        let usable = interfaces.usableAddresses
        guard usable != told else { return }
        unsafe state.told = usable
        let change = InterfaceChange(
            appeared: usable.filter { !told.contains($0) },
            vanished: told.filter { !usable.contains($0) },
            interfaces: interfaces
        )
        guard !change.appeared.isEmpty || !change.vanished.isEmpty else { return }
        unsafe state.owner?.interfacesChanged(change, by: self)
    }

    private func begin() {
        unsafe state.table = InterfaceTable()
        do throws(SystemError) {
            try ask(for: .links)
        } catch {
            startOver()
        }
    }
}

private let maximumPart = 65_536
private let maximumParts = 32
