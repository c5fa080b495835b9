import CLinux
import Wire

extension TCPStream {
    /// Bytes that the kernel has not taken yet.
    ///
    /// Stop sending while there are too many, until ``TCPStreamOwner/drained(_:)``.
    public var queuedBytes: Int {
        loop.checkIsolated()
        return unsafe state.outgoing.count
    }

    /// Sends `bytes` behind what is queued.
    ///
    /// After the end of sending it does nothing.
    public func send(_ bytes: [UInt8]) {
        loop.checkIsolated()
        guard unsafe state.sending == .open, unsafe state.phase != .closed, !bytes.isEmpty
        else { return }
        let wasEmpty = unsafe state.outgoing.count == 0
        unsafe state.outgoing.append(bytes)
        if wasEmpty { flush() }
    }

    /// Takes nothing more from the kernel, so that the peer has to slow down.
    public func pauseReading() {
        loop.checkIsolated()
        unsafe state.isReadingPaused = true
        updateInterest()
    }

    /// Reads again after ``pauseReading()``.
    public func resumeReading() {
        loop.checkIsolated()
        unsafe state.isReadingPaused = false
        updateInterest()
    }
}

extension TCPStream: EventSource {
    func ready(_ readiness: Readiness) {
        switch unsafe state.phase {
        case .connecting: finishConnecting()
        case .open, .closing:
            if readiness.contains(.writable) { write(toldWhenEmpty: true) }
            if mayRead {
                readAvailable()
            } else if !readiness.isDisjoint(with: [.error, .hangUp]) {
                notice(readiness)
            }
            updateInterest()
        case .waiting, .closed: break
        }
    }

    func loopStopped() { end(.stopped("TCP stream")) }

    private func finishConnecting() {
        guard let number = unsafe state.descriptor?.number else { return }
        let error = swiftlet_pending_error(number)
        guard error == 0 else { return end(SystemError(code: -error, operation: "connect")) }
        // Closing may have been asked for while the connection was being made.
        unsafe state.phase = state.lingering == nil ? .open : .closing
        unsafe state.owner?.connected(self)
        flush()
    }
}

// MARK: - Reading

extension TCPStream {
    private var mayRead: Bool {
        switch unsafe state.phase {
        case .open, .closing: unsafe !state.isReadingPaused && !state.receivingHasEnded
        case .connecting, .waiting, .closed: false
        }
    }

    private func readAvailable() {
        for _ in 0..<maximumReads {
            guard mayRead, let number = unsafe state.descriptor?.number else { return }
            let (result, bytes) = loop.confined.datagrams.readStream(number)
            switch result {
            case 1...: deliver(bytes)
            case 0: return endReceiving()
            case -Int64(ErrorNumber.again): return
            default: return end(SystemError(code: CInt(-result), operation: "read"))
            }
            // Less than there was room for: nothing waits any more.
            guard result == DatagramMemory.streamCapacity else { return }
        }
    }

    private func deliver(_ bytes: [UInt8]) {
        guard unsafe state.phase == .open else { return }
        // Without an owner nobody can want the bytes, or close the stream.
        guard let owner = unsafe state.owner else { return end(nil) }
        owner.received(bytes, on: self)
    }

    private func endReceiving() {
        unsafe state.receivingHasEnded = true
        guard unsafe state.sending != .ended else { return end(nil) }
        guard unsafe state.phase == .open else { return }
        guard let owner = unsafe state.owner else { return end(nil) }
        owner.receivedEnd(on: self)
    }

    /// The connection is gone while nothing is read: an error is told now, the end of a connection
    /// with unread bytes only when reading goes on.
    private func notice(_ readiness: Readiness) {
        guard let number = unsafe state.descriptor?.number else { return }
        let error = swiftlet_pending_error(number)
        if error != 0 { return end(SystemError(code: -error, operation: "read")) }
        guard readiness.contains(.hangUp) else { return }
        guard unsafe !state.receivingHasEnded else { return end(nil) }
        // The kernel reports a hang-up whether it is wanted or not: out of the poller meanwhile.
        loop.confined.suspend(descriptor: number)
        unsafe state.interest = nil
    }
}

// MARK: - Writing

extension TCPStream {
    /// Writes what the kernel takes at once, and waits for room if it does not take all.
    func flush() {
        write(toldWhenEmpty: false)
        updateInterest()
    }

    private func write(toldWhenEmpty isTold: Bool) {
        switch unsafe state.phase {
        case .open, .closing: break
        case .connecting, .waiting, .closed: return
        }
        guard let number = unsafe state.descriptor?.number else { return }
        let hadBytes = unsafe state.outgoing.count > 0
        let result = unsafe state.outgoing.write(to: number)
        guard result >= 0 || result == -Int64(ErrorNumber.again) else {
            return endSoon(SystemError(code: CInt(-result), operation: "send"))
        }
        guard unsafe state.outgoing.count == 0 else { return }
        if unsafe state.sending == .endsAfterFlush {
            unsafe state.sending = .ended
            _ = swiftlet_finish_sending(number)
            if unsafe state.receivingHasEnded { endSoon() }
        }
        if isTold && hadBytes { unsafe state.owner?.drained(self) }
    }

    var wantedInterest: Readiness {
        var interest: Readiness = []
        if mayRead { interest.insert(.readable) }
        if unsafe state.phase == .connecting || state.outgoing.count > 0 {
            interest.insert(.writable)
        }
        return interest
    }

    func updateInterest() {
        guard let id = unsafe state.id, let number = unsafe state.descriptor?.number else { return }
        let wanted = wantedInterest
        guard unsafe state.interest != wanted else { return }
        if unsafe state.interest != nil {
            loop.confined.change(id, descriptor: number, to: wanted)
        } else {
            guard !wanted.isEmpty else { return }
            loop.confined.resume(id, descriptor: number, for: wanted)
        }
        unsafe state.interest = wanted
    }
}

/// Bytes that wait for room in the kernel's buffer.
struct Outgoing {
    private var chunks = Queue<[UInt8]>()
    /// How much of the first chunk has been written.
    private var offset = 0
    /// How many bytes wait.
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        count += bytes.count
        chunks.append(bytes)
    }

    /// Writes until nothing is left or the kernel takes no more.
    ///
    /// Returns the negative errno then.
    mutating func write(to descriptor: CInt) -> Int64 {
        while let chunk = chunks.first {
            let offset = offset
            // The kernel copies what it takes before the call returns.
            let result = unsafe chunk.withUnsafeBufferPointer { bytes in
                unsafe swiftlet_write(
                    descriptor,
                    bytes.baseAddress.map { unsafe $0 + offset },
                    bytes.count - offset
                )
            }
            guard result > 0 else { return result }
            count -= Int(result)
            self.offset += Int(result)
            guard self.offset == chunk.count else { continue }
            self.offset = 0
            _ = chunks.popFirst()
        }
        return 0
    }
}

/// Fairness between the streams of a loop: 256 KiB a turn.
private let maximumReads = 4
