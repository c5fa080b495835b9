public import DTLS
import JitterBuffer
public import LinuxIO
import Peer
import Wire

/// A WebRTC connection to one peer.
///
/// ```swift
/// let peer = try PeerConnection()
/// let microphone = try await peer.addAudioTrack()
/// let offer = try await peer.createOffer()
/// try await peer.setLocalDescription(offer)
/// try await signaling.send(offer)
/// for await event in peer.events {
///     switch event {
///     case .candidate(let candidate): try await signaling.send(candidate)
///     case .track(let track): play(track)
///     case .closed: return
///     default: break
///     }
/// }
/// ```
public actor PeerConnection {
    /// What happens on the connection, in order.
    ///
    /// Iterate once; it ends when the connection is closed.
    public nonisolated let events: AsyncStream<Event>

    nonisolated let loop: EventLoop
    nonisolated let mailbox: Mailbox
    var configuration: Configuration
    var session: PeerSession
    var sockets = ConnectionSockets()
    var loopClient: LoopClientID?
    var chain = OperationsChain()
    private var letters: [Mailbox.Letter] = []
    private var waiters = ConnectionWaiters()
    var told = ToldFacts()
    private let eventSink: AsyncStream<Event>.Continuation

    /// Runs every method on the loop's own thread, so packets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    /// A connection that has not been asked for anything yet, with a certificate of its own.
    public init(
        configuration: Configuration = Configuration(),
        certificate: Certificate? = nil
    ) throws(PeerConnectionError) {
        let wallClock = WallClock(unixNanoseconds: EventLoop.wallClockUnixNanoseconds())
        let own = try Self.certificate(certificate, at: wallClock)
        loop = try Self.loop(of: configuration)
        mailbox = Mailbox(loop: loop)
        self.configuration = configuration
        session = PeerSession(
            certificate: own,
            configuration: configuration.session,
            wallClock: wallClock,
            at: EventLoop.monotonicNow()
        )
        // Control events must not be lost, and are few: unbounded.
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        Self.live.noteInit()
        if configuration.iceCandidatePoolSize > 0 { gatherAhead() }
    }

    /// A connection that was dropped without ``close()`` says nothing to its peer, but leaves
    /// nothing behind: its sockets close themselves, and who iterates its events goes on.
    deinit {
        mailbox.close()
        sockets.abandon()
        if let loopClient { loop.unregister(loopClient) }
        eventSink.finish()
        Self.live.noteDeinit()
    }

    /// For tests that look for connections left behind.
    package static let live = LiveObjects()

    private static func certificate(
        _ given: Certificate?,
        at wallClock: WallClock
    ) throws(PeerConnectionError) -> Certificate {
        if let given { return given }
        do throws(DTLSError) {
            // A day back, for peers whose clock is slow.
            let today = wallClock.unixNanoseconds / 1_000_000_000
            return try Certificate.selfSigned(validFrom: today - 86_400)
        } catch {
            throw .certificate(error)
        }
    }

    private static func loop(
        of configuration: Configuration
    ) throws(PeerConnectionError) -> EventLoop {
        do throws(SystemError) {
            if let port = configuration.sharedPort { return port.loop }
            if let loops = configuration.loops { return loops.next() }
            return try EventLoopGroup.shared.next()
        } catch {
            throw .system(error)
        }
    }

    // MARK: The one way in

    /// One input, then every output, then the next deadline.
    func drive<Success, Failure: Error>(
        _ input: (inout PeerSession, Instant) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        defer { drain() }
        return try input(&session, loop.now)
    }

    private func drain() {
        flush()
        while let output = session.popOutput() {
            switch output {
            case .gather(let stream): gather(stream)
            case .network(let request): carryOut(request)
            case .event(let event): publish(event)
            }
        }
        flush()
        guard let loopClient else { return }
        if session.isClosed {
            release(loopClient)
        } else {
            loop.setDeadline(session.deadline, for: loopClient)
        }
    }

    private func flush() {
        session.takeOutgoing { batch in
            sockets.send(batch)
        }
    }

    private func publish(_ event: PeerEvent) {
        switch event {
        case .candidate(let candidate): eventSink.yield(.candidate(candidate))
        case .candidateError(let error): eventSink.yield(.candidateError(error))
        case .gatheringStateChanged(let state): eventSink.yield(.gatheringStateChanged(state))
        case .signalingStateChanged(let state): eventSink.yield(.signalingStateChanged(state))
        case .iceConnectionStateChanged(let state):
            eventSink.yield(.iceConnectionStateChanged(state))
        case .connectionStateChanged(let state):
            eventSink.yield(.connectionStateChanged(state))
            if state == .connected { waiters.resumeAll(with: .success(())) }
            if state == .failed { waiters.resumeAll(with: .failure(.failed)) }
        case .pathChanged(let path): eventSink.yield(.pathChanged(path))
        case .trackAdded, .trackStreamsChanged, .trackStarted, .trackEnded:
            if let event = trackEvent(event) { eventSink.yield(event) }
        case .negotiationNeeded: publishNegotiationNeeded()
        case .warning(let warning): eventSink.yield(.warning(warning))
        case .closed(let reason):
            told.closeReason = reason
            waiters.resumeAll(with: .failure(.closed(reason)))
            eventSink.yield(.closed(reason))
        }
    }

    /// Behind the last operation of the chain (W3C WebRTC §4.7.3).
    func publishNegotiationNeeded() {
        if chain.isBusy {
            chain.owesNegotiationNeeded = true
        } else {
            eventSink.yield(.negotiationNeeded)
        }
    }

    /// Tells the program that an address of this machine gives no candidate.
    func publish(gatheringError error: SystemError, at address: IPAddress?) {
        eventSink.yield(.gatheringFailed(address, error))
    }

    /// Leaves no socket, timer or task behind.
    private func release(_ client: LoopClientID) {
        sockets.closeAll()
        mailbox.close()
        loop.unregister(client)
        loopClient = nil
        eventSink.finish()
    }
}

// MARK: - What the loop calls

extension PeerConnection: LoopClient, DatagramOwner {
    public nonisolated func deadlinePassed() {
        assumeIsolated { connection in
            connection.drive { session, now in session.advance(to: now) }
        }
    }

    public nonisolated func signalled() {
        assumeIsolated { $0.sendLetters() }
    }

    public nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.receive(from: socket) }
    }

    private func receive(from socket: UDPSocket) {
        drive { session, now in
            let local = socket.localAddress
            socket.receive { datagram, source in
                session.receive(&datagram, from: source, on: local, at: now)
            }
        }
    }

    /// Takes datagrams of a shared port: one input for all of a run.
    func receive(_ batch: inout ReceivedDatagrams, _ run: Range<Int>, on local: SocketAddress) {
        drive { session, now in
            for index in run {
                batch.withDatagram(at: index) { datagram, source in
                    session.receive(&datagram, from: source, on: local, at: now)
                }
            }
        }
    }

    private func sendLetters() {
        mailbox.collect(into: &letters)
        drive { session, now in
            for letter in letters {
                session.sendAudio(letter.payload.span, letter.frame, on: letter.id, at: now)
            }
        }
        letters.removeAll(keepingCapacity: true)
    }
}

// MARK: - Waiting, and the end

extension PeerConnection {
    /// Returns once the connection is up; throws if it fails or is closed first, or if the task
    /// that waits is cancelled.
    public func connected() async throws(PeerConnectionError) {
        switch session.connectionState {
        case .connected: return
        case .failed: throw .failed
        case .closed: throw .closed(told.closeReason)
        case .new, .connecting, .disconnected: break
        }
        let number = waiters.nextNumber()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<ConnectionWaiters.Outcome, Never>) in
                guard !Task.isCancelled else {
                    return continuation.resume(returning: .failure(.cancelled))
                }
                waiters.add(continuation, number: number)
            }
        } onCancel: {
            // After the waiter was added: that happens on the loop, too, and has begun.
            loop.execute { [self] in
                assumeIsolated { $0.waiters.resume(number, with: .failure(.cancelled)) }
            }
        }
        try outcome.get()
    }

    /// Says goodbye to the peer and ends the connection; nothing of it is left afterwards.
    ///
    /// Calling it again does nothing.
    public func close() {
        activate()
        drive { session, now in session.close(at: now) }
    }

    /// Whether the connection was closed by either side.
    public var isClosed: Bool { session.isClosed }
}
