import CLinux
public import Wire

/// Who is told what happens on a ``TCPStream``, always on the stream's loop.
public protocol TCPStreamOwner: AnyObject, Sendable {
    /// A stream made by ``TCPStream/connect(to:from:on:owner:)`` is established.
    nonisolated func connected(_ stream: TCPStream)

    /// The next bytes have arrived, at most 64 KiB.
    nonisolated func received(_ bytes: [UInt8], on stream: TCPStream)

    /// The peer will send nothing more, but may still read.
    ///
    /// Unless implemented, the stream sends what is queued and closes.
    nonisolated func receivedEnd(on stream: TCPStream)

    /// All queued bytes have gone to the kernel, after some could not go at once.
    nonisolated func drained(_ stream: TCPStream)

    /// The stream is closed: by an error, or (nil) because both sides have finished.
    ///
    /// The last call; it does not come after ``TCPStream/close()``.
    nonisolated func closed(_ stream: TCPStream, error: SystemError?)
}

extension TCPStreamOwner {
    public nonisolated func connected(_ stream: TCPStream) {}
    public nonisolated func receivedEnd(on stream: TCPStream) { stream.closeAfterFlush() }
    public nonisolated func drained(_ stream: TCPStream) {}
}

/// A TCP connection that never blocks, on an event loop.
///
/// ```swift
/// let stream = try TCPStream.connect(to: address, on: loop, owner: self)
/// stream.send([UInt8]("GET / HTTP/1.1\r\n\r\n".utf8))     // queued until it is connected
/// ```
///
/// It holds its owner weakly, and is closed when the last reference to it goes away; after
/// ``closeAfterFlush()`` the loop holds it until the peer has everything. All members but `connect`
/// are for the loop only.
public final class TCPStream: Sendable {
    /// The address of this end.
    public let localAddress: SocketAddress
    /// The address of the other end.
    public let remoteAddress: SocketAddress
    /// The loop it lives on.
    public let loop: EventLoop

    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    nonisolated(unsafe) var state: State

    struct State: ~Copyable {
        var descriptor: Descriptor?
        var id: SlotID?
        weak var owner: (any TCPStreamOwner)?
        var phase: Phase
        /// What the poller waits for; nil while the descriptor is not in it.
        var interest: Readiness?
        var isReadingPaused = false
        var receivingHasEnded = false
        var sending = Sending.open
        var outgoing = Outgoing()
        /// Runs while the stream closes, for a peer that does not read.
        var lingering: LoopTimer?
    }

    enum Phase {
        case connecting
        /// Accepted, not started.
        case waiting
        case open
        /// Closes once everything queued has been sent and the peer has finished too.
        case closing
        case closed
    }

    /// How far this end has come with saying that it sends nothing more.
    enum Sending { case open, endsAfterFlush, ended }

    /// Starts to connect, from any thread.
    ///
    /// Whether that succeeds is told to `owner`. It leaves from `source`, or else from the address that
    /// the system's routes choose.
    public static func connect(
        to address: SocketAddress,
        from source: IPAddress? = nil,
        on loop: EventLoop,
        owner: any TCPStreamOwner
    ) throws(SystemError) -> TCPStream {
        let descriptor = try Descriptor.streamSocket(from: source, to: address)
        var name = swiftlet_address(address)
        // The kernel copies the address before the call returns.
        let result = unsafe swiftlet_connect(descriptor.number, &name)
        let stream = try TCPStream(descriptor, to: address, on: loop, .connecting)
        unsafe stream.state.owner = owner
        let hasFailed = result < 0 && result != -ErrorNumber.inProgress
        let failure = hasFailed ? SystemError(code: -result, operation: "connect") : nil
        loop.execute { [weak stream] in stream?.attach(orEndWith: failure) }
        return stream
    }

    convenience init(
        accepted descriptor: consuming Descriptor,
        from remote: SocketAddress,
        on loop: EventLoop
    ) throws(SystemError) {
        try self.init(descriptor, to: remote, on: loop, .waiting)
    }

    private init(
        _ descriptor: consuming Descriptor,
        to remote: SocketAddress,
        on loop: EventLoop,
        _ phase: Phase
    ) throws(SystemError) {
        // Messages here are small and wait for answers; without it the stream works as well.
        _ = swiftlet_disable_delay(descriptor.number)
        localAddress = try descriptor.localAddress()
        remoteAddress = remote
        self.loop = loop
        unsafe state = State(descriptor: descriptor, phase: phase)
    }

    deinit {
        // Closing takes the descriptor out of the poller; the slot is freed when the loop can.
        guard let id = unsafe state.id else { return }
        unsafe state.descriptor = nil
        let loop = loop
        loop.execute { loop.confined.forget(id) }
    }

    /// Begins to read an accepted stream; `owner` is told from now on.
    public func start(owner: any TCPStreamOwner) {
        loop.checkIsolated()
        guard unsafe state.phase == .waiting else { return }
        unsafe state.owner = owner
        unsafe state.phase = .open
        attach(orEndWith: nil)
    }

    private func attach(orEndWith failure: SystemError?) {
        guard let number = unsafe state.descriptor?.number else { return }
        do throws(SystemError) {
            if let failure { throw failure }
            let interest = wantedInterest
            let id = try loop.confined.add(self, descriptor: number, interest: interest)
            unsafe state.id = id
            unsafe state.interest = interest
        } catch {
            // Never from within the owner's call: it does not have the stream yet.
            loop.confined.deferred.append { [weak self] in self?.end(error) }
        }
    }
}

// MARK: - Closing

extension TCPStream {
    /// Sends what is queued, then tells the peer that nothing more comes; reading goes on.
    public func finishSending() {
        loop.checkIsolated()
        guard unsafe state.sending == .open else { return }
        unsafe state.sending = .endsAfterFlush
        flush()
    }

    /// Sends what is queued, waits for the peer to finish (at most five seconds), and closes.
    ///
    /// What arrives meanwhile is dropped. The loop holds the stream until then.
    public func closeAfterFlush() {
        loop.checkIsolated()
        switch unsafe state.phase {
        case .closing, .closed: return
        case .waiting: return close()
        case .connecting, .open: break
        }
        guard let id = unsafe state.id else { return close() }
        unsafe state.isReadingPaused = false
        if unsafe state.phase == .open { unsafe state.phase = .closing }
        loop.confined.kept[id] = self
        let timer = LoopTimer(on: loop) { [weak self] in self?.end(nil) }
        timer.set(loop.now.advanced(by: lingeringLimit))
        unsafe state.lingering = timer
        finishSending()
        if unsafe state.sending == .ended && state.receivingHasEnded { endSoon() }
    }

    /// Closes at once, dropping what is queued; closing again does nothing.
    ///
    /// The owner is not told.
    public func close() {
        loop.checkIsolated()
        release()
    }

    /// Closes and tells the owner.
    func end(_ error: SystemError?) {
        guard unsafe state.phase != .closed else { return }
        let owner = unsafe state.owner
        release()
        owner?.closed(self, error: error)
    }

    /// Closes before the loop sleeps: not while a method of the owner may be calling.
    func endSoon(_ error: SystemError? = nil) {
        loop.confined.deferred.append { [self] in end(error) }
    }

    private func release() {
        unsafe state.phase = .closed
        unsafe state.outgoing = Outgoing()
        unsafe state.lingering = nil
        unsafe state.owner = nil
        guard let number = unsafe state.descriptor?.number else { return }
        // Closing first would let the kernel give the number away while it is still watched here.
        if let id = unsafe state.id { loop.confined.remove(id, descriptor: number) }
        unsafe state.id = nil
        unsafe state.descriptor = nil
    }
}

private let lingeringLimit = Duration.seconds(5)
