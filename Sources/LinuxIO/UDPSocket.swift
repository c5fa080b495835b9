import CLinux
public import Wire

/// Who is told that datagrams have arrived.
public protocol DatagramOwner: AnyObject, Sendable {
    /// Datagrams wait in `socket`: call ``UDPSocket/receive(_:)``.
    ///
    /// Called on the socket's loop.
    nonisolated func readable(_ socket: UDPSocket)
}

/// A UDP socket that is read and written in batches, on an event loop.
///
/// ```swift
/// let socket = try UDPSocket.bind(to: address, on: loop, owner: self)
///
/// nonisolated func readable(_ socket: UDPSocket) {
///     assumeIsolated { me in
///         socket.receive { datagram, source in me.session.receive(&datagram, from: source) }
///         socket.send(&me.batch)
///     }
/// }
/// ```
///
/// It holds its owner weakly, and is closed when the last reference to it goes away. It has no
/// memory for datagrams: all sockets of a loop share the loop's.
public final class UDPSocket: Sendable {
    /// The address and port it is bound to.
    public let localAddress: SocketAddress
    /// The loop it lives on.
    public let loop: EventLoop

    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    nonisolated(unsafe) var state: State

    struct State: ~Copyable {
        var descriptor: Descriptor?
        var id: SlotID?
        weak var owner: (any DatagramOwner)?
        var limits: SendPlan.Limits
        var coalescesWhenBusy: Bool
        var statistics = UDPSocketStatistics()
    }

    /// Binds a socket to `address`, port 0 for any, from any thread.
    ///
    /// A socket of an IPv6 address takes IPv6 only.
    public static func bind(
        to address: SocketAddress,
        on loop: EventLoop,
        options: UDPSocketOptions = .init(),
        owner: any DatagramOwner
    ) throws(SystemError) -> UDPSocket {
        let descriptor = try Descriptor.boundSocket(
            CInt(SWIFTLET_DATAGRAM),
            to: address,
            reusingAddress: options.reusesAddress
        )
        return try attached(descriptor, loop, options, owner)
    }

    static func attached(
        _ descriptor: consuming Descriptor,
        _ loop: EventLoop,
        _ options: UDPSocketOptions,
        _ owner: any DatagramOwner
    ) throws(SystemError) -> UDPSocket {
        let socket = try UDPSocket(descriptor, loop, options, owner)
        try loop.attach { [weak socket] () throws(SystemError) in try socket?.attach() }
        return socket
    }

    private init(
        _ descriptor: consuming Descriptor,
        _ loop: EventLoop,
        _ options: UDPSocketOptions,
        _ owner: any DatagramOwner
    ) throws(SystemError) {
        // Without the larger buffers or coalescing the socket works as well, only slower.
        _ = swiftlet_set_buffer_sizes(
            descriptor.number,
            CInt(clamping: options.receiveBufferSize),
            CInt(clamping: options.sendBufferSize)
        )
        if options.coalescing == .always { _ = swiftlet_enable_gro(descriptor.number) }
        localAddress = try descriptor.localAddress()
        self.loop = loop
        unsafe state = State(
            descriptor: descriptor,
            owner: owner,
            limits: SendPlan.Limits(isEnabled: options.segmentsSent),
            coalescesWhenBusy: options.coalescing == .whenBusy
        )
        Self.live.noteInit()
    }

    /// For tests that look for sockets left behind.
    package static let live = LiveObjects()

    deinit {
        // Closing takes the descriptor out of the poller; the slot is freed when the loop can.
        unsafe state.descriptor = nil
        Self.live.noteDeinit()
        guard let id = unsafe state.id else { return }
        let loop = loop
        loop.execute { loop.confined.forget(id) }
    }

    /// What has gone through.
    ///
    /// On the loop only.
    public var statistics: UDPSocketStatistics {
        loop.checkIsolated()
        return unsafe state.statistics
    }

    /// Closes the socket; closing again does nothing.
    ///
    /// At once when called on the loop.
    public func close() {
        loop.execute { [self] in detach() }
    }

    private func attach() throws(SystemError) {
        guard let number = unsafe state.descriptor?.number else { return }
        let id = try loop.confined.add(self, descriptor: number, interest: .readable)
        unsafe state.id = id
    }

    private func detach() {
        if let id = unsafe state.id, let number = unsafe state.descriptor?.number {
            loop.confined.remove(id, descriptor: number)
        }
        unsafe state.id = nil
        unsafe state.descriptor = nil
    }
}

// MARK: - Receiving

extension UDPSocket {
    /// Hands over the datagrams that wait, oldest first.
    ///
    /// On the loop only.
    ///
    /// Each lies in memory that is filled anew afterwards; `body` may change it in place. After a
    /// bounded number of datagrams the rest waits for the loop's next turn. A call from within
    /// `body` does nothing.
    public func receive(
        _ body: (_ datagram: inout MutableSpan<UInt8>, _ source: SocketAddress) -> Void
    ) {
        let memory = loop.confined.datagrams
        guard !memory.isReceiving else { return }
        memory.isReceiving = true
        defer { memory.isReceiving = false }
        for _ in 0..<maximumFills {
            guard let number = unsafe state.descriptor?.number else { return }
            let limit = memory.slotLimit
            let count = memory.fill(from: number)
            guard count > 0 else { return note(receiveError: -count) }
            if count >= busyCount { coalesceIfWanted(number) }
            var bytes = 0
            for slot in 0..<count { bytes += unsafe deliver(memory.message(in: slot), body) }
            memory.adapt(toBytes: bytes, inSlots: Int(count))
            // Looking for more costs as much as the loop's next turn, and that looks everywhere.
            guard count == limit, limit > 1 else { return }
        }
    }

    private func coalesceIfWanted(_ descriptor: CInt) {
        guard unsafe state.coalescesWhenBusy else { return }
        unsafe state.coalescesWhenBusy = false
        _ = swiftlet_enable_gro(descriptor)
    }

    /// Cuts one message of the kernel into its datagrams.
    ///
    /// Returns its length.
    @inline(__always)
    private func deliver(
        _ message: swiftlet_received,
        _ body: (inout MutableSpan<UInt8>, SocketAddress) -> Void
    ) -> Int {
        // The owner may have closed the socket at an earlier datagram.
        guard unsafe state.descriptor != nil else { return 0 }
        let source = unsafe SocketAddress(message.source)
        let length = unsafe Int(message.length)
        let segment = unsafe Int(message.segment)
        // The slot stays mapped while the loop lives, and is filled anew only after this returns.
        var datagrams = unsafe MutableSpan(_unsafeStart: message.bytes, count: length)
        guard length > segment else {
            unsafe state.statistics.received &+= 1
            body(&datagrams, source)
            return length
        }
        var start = 0
        var count = 0
        while start < length {
            let end = min(start + segment, length)
            var datagram = datagrams._mutatingExtracting(start..<end)
            body(&datagram, source)
            start = end
            count += 1
        }
        unsafe state.statistics.received &+= UInt64(count)
        unsafe state.statistics.largestCoalescedRun = max(
            state.statistics.largestCoalescedRun,
            count
        )
        return length
    }

    /// An error here is one of an earlier datagram of ours; asking for it has cleared it.
    private func note(receiveError code: CInt) {
        guard code != 0, code != ErrorNumber.again, code != ErrorNumber.interrupted else { return }
        unsafe state.statistics.lastError = SystemError(code: code, operation: "recvmmsg")
    }
}

extension UDPSocket: EventSource {
    func ready(_ readiness: Readiness) {
        // Without an owner nobody would ever read, and the loop would never sleep.
        guard let owner = unsafe state.owner else { return detach() }
        owner.readable(self)
    }

    func loopStopped() { detach() }
}

/// With 32 messages a fill: fairness between the sockets of a loop.
private let maximumFills = 4
/// As many datagrams at a time do not come from a voice call.
private let busyCount: CInt = 8
