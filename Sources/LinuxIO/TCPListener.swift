import CLinux
public import Wire

/// Who is given the streams that a ``TCPListener`` accepts.
public protocol TCPListenerOwner: AnyObject, Sendable {
    /// Somebody has connected.
    ///
    /// Keep `stream` (dropping it closes it) and call ``TCPStream/start(owner:)``. Called on the
    /// listener's loop.
    nonisolated func accepted(_ stream: TCPStream, by listener: TCPListener)
}

/// A TCP socket that accepts connections, on an event loop.
///
/// ```swift
/// let listener = try TCPListener.bind(to: address, on: loop, owner: server)
/// print("listening on port \(listener.localAddress.port)")
/// ```
///
/// It holds its owner weakly, and is closed when the last reference to it goes away.
public final class TCPListener: Sendable {
    /// The address and port it listens on.
    public let localAddress: SocketAddress
    /// The loop it lives on; so do the streams it accepts.
    public let loop: EventLoop

    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    private nonisolated(unsafe) var state: State

    private struct State: ~Copyable {
        var descriptor: Descriptor?
        var id: SlotID?
        weak var owner: (any TCPListenerOwner)?
        /// Runs while accepting rests because descriptors or memory are used up.
        var rest: LoopTimer?
        var lastError: SystemError?
    }

    /// Listens on `address`, port 0 for any, from any thread.
    ///
    /// At most `backlog` connections wait.
    ///
    /// A listener on an IPv6 address takes IPv6 only.
    public static func bind(
        to address: SocketAddress,
        on loop: EventLoop,
        backlog: Int = 1_024,
        owner: any TCPListenerOwner
    ) throws(SystemError) -> TCPListener {
        let listener = try TCPListener(address, loop, backlog, owner)
        try loop.attach { [weak listener] () throws(SystemError) in try listener?.attach() }
        return listener
    }

    private init(
        _ address: SocketAddress,
        _ loop: EventLoop,
        _ backlog: Int,
        _ owner: any TCPListenerOwner
    ) throws(SystemError) {
        let descriptor = try Descriptor.boundSocket(
            CInt(SWIFTLET_STREAM),
            to: address,
            reusingAddress: true
        )
        try check(swiftlet_listen(descriptor.number, CInt(clamping: backlog)), "listen")
        localAddress = try descriptor.localAddress()
        self.loop = loop
        unsafe state = State(descriptor: descriptor, owner: owner)
    }

    deinit {
        // Closing takes the descriptor out of the poller; the slot is freed when the loop can.
        guard let id = unsafe state.id else { return }
        unsafe state.descriptor = nil
        let loop = loop
        loop.execute { loop.confined.forget(id) }
    }

    /// Why accepting failed the last time it did.
    ///
    /// On the loop only.
    public var lastError: SystemError? {
        loop.checkIsolated()
        return unsafe state.lastError
    }

    /// Stops listening; closing again does nothing.
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
        unsafe state.rest = nil
        unsafe state.descriptor = nil
    }
}

// MARK: - Accepting

extension TCPListener: EventSource {
    func ready(_ readiness: Readiness) {
        for _ in 0..<maximumAccepts {
            // The owner may close the listener at any connection, or be gone.
            guard let owner = unsafe state.owner else { return detach() }
            guard let number = unsafe state.descriptor?.number else { return }
            var peer = swiftlet_address()
            // The call fills in a structure that lives until it returns.
            let result = unsafe swiftlet_accept(number, &peer)
            do throws(SystemError) {
                let descriptor = try Descriptor(result, from: "accept4")
                let remote = SocketAddress(peer)
                let stream = try TCPStream(accepted: descriptor, from: remote, on: loop)
                owner.accepted(stream, by: self)
            } catch {
                guard shallGoOn(after: error) else { return }
            }
        }
    }

    func loopStopped() { detach() }

    private func shallGoOn(after error: SystemError) -> Bool {
        switch error.code {
        case ErrorNumber.again: return false
        // Whoever connected has gone already.
        case ErrorNumber.connectionAborted, ErrorNumber.interrupted: return true
        // The connection stays in the queue and the listener readable: asking again at once would
        // spin until somebody closes something.
        default:
            unsafe state.lastError = error
            rest()
            return false
        }
    }

    private func rest() {
        setInterest([])
        let timer = LoopTimer(on: loop) { [weak self] in self?.setInterest(.readable) }
        timer.set(loop.now.advanced(by: restInterval))
        unsafe state.rest = timer
    }

    private func setInterest(_ interest: Readiness) {
        guard let id = unsafe state.id, let number = unsafe state.descriptor?.number else { return }
        loop.confined.change(id, descriptor: number, to: interest)
    }
}

/// Fairness between the listener and the other sockets of its loop.
private let maximumAccepts = 64
private let restInterval = Duration.milliseconds(100)
