import CLinux
public import Wire

extension UDPSocket {
    /// Sends all datagrams of `batch` and empties it.
    ///
    /// On the loop only.
    ///
    /// Neighbours of one size and destination leave as one segmented send. What the kernel has no
    /// room for, or cannot deliver, is dropped and counted in ``statistics``: on a network that
    /// loses packets there is nobody to tell. `batch` keeps at most `memory` bytes of capacity.
    public func send(_ batch: inout DatagramBatch, keeping memory: Int = 4_096) {
        transmit(batch, from: nil)
        batch.removeAll(keeping: memory)
    }

    /// Sends those datagrams of `batch` whose source is this socket's address.
    ///
    /// On the loop only.
    public func send(from batch: borrowing DatagramBatch) {
        transmit(batch, from: localAddress)
    }

    /// Sends one datagram.
    ///
    /// On the loop only.
    public func send(_ payload: Span<UInt8>, to destination: SocketAddress) {
        guard let number = openDescriptor else { return }
        var name = swiftlet_address(destination)
        for attempt in 0..<attempts {
            // The call copies what it sends before it returns.
            let result = unsafe payload.withUnsafeBufferPointer { bytes in
                unsafe swiftlet_send_datagram(number, bytes.baseAddress, bytes.count, &name)
            }
            guard result < 0 else { return unsafe state.statistics.sent &+= 1 }
            note(-result)
            switch verdict(on: -result, isRun: false, segment: 0, attempt: attempt) {
            case .again: continue
            case .cut, .skip: return unsafe state.statistics.undeliverable &+= 1
            case .stop: return unsafe state.statistics.dropped &+= 1
            }
        }
    }

    private var openDescriptor: CInt? {
        loop.checkIsolated()
        return unsafe state.descriptor?.number
    }

    private func transmit(_ batch: borrowing DatagramBatch, from source: SocketAddress?) {
        guard let number = openDescriptor, !batch.isEmpty else { return }
        let memory = loop.confined.datagrams
        var plan = memory.takePlan()
        defer { memory.giveBack(plan) }
        unsafe plan.arrange(batch.entries, from: source, within: state.limits)
        let bytes = batch.bytes
        var next = 0
        var attempt = 0
        while next < plan.messages.count {
            let result = send(plan, from: next, bytes, through: number)
            guard result < 0 else {
                unsafe state.statistics.count(plan, next..<next + Int(result))
                next += Int(result)
                attempt = 0
                continue
            }
            note(-result)
            let segment = Int(plan.messages[next].segment)
            switch verdict(on: -result, isRun: segment != 0, segment: segment, attempt: attempt) {
            case .again: attempt += 1
            case .cut:
                unsafe state.statistics.segmentationRefused &+= 1
                plan.cut(at: next)
            case .skip:
                unsafe state.statistics.undeliverable &+= UInt64(plan.counts[next])
                next += 1
                attempt = 0
            case .stop:
                let lost = plan.counts[next...].reduce(0, +)
                unsafe state.statistics.dropped &+= UInt64(lost)
                return
            }
        }
    }

    @inline(__always)
    private func send(
        _ plan: SendPlan,
        from next: Int,
        _ bytes: [UInt8],
        through number: CInt
    ) -> CInt {
        // Offsets of the plan are ranges of the batch whose bytes these are; the kernel copies them
        // before the call returns.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe plan.messages.withUnsafeBufferPointer { messages in
                unsafe swiftlet_send_datagrams(
                    number,
                    bytes.baseAddress,
                    messages.baseAddress.map { unsafe $0 + next },
                    CInt(min(messages.count - next, Int(SWIFTLET_SEND_LIMIT)))
                )
            }
        }
    }

    private func note(_ code: CInt) {
        unsafe state.statistics.lastError = SystemError(code: code, operation: "sendmmsg")
    }
}

extension UDPSocketStatistics {
    fileprivate mutating func count(_ plan: SendPlan, _ messages: Range<Int>) {
        for index in messages {
            sent &+= UInt64(plan.counts[index])
            largestSegmentedRun = max(largestSegmentedRun, plan.counts[index])
        }
    }
}

// MARK: - Errors

extension UDPSocket {
    /// What to do about a message that did not leave.
    private enum Verdict { case again, cut, skip, stop }

    private func verdict(on code: CInt, isRun: Bool, segment: Int, attempt: Int) -> Verdict {
        switch code {
        // There is no room, and by the time there is the next datagrams are fresher.
        case ErrorNumber.again, ErrorNumber.noBufferSpace: return .stop
        // The device cannot do checksums, so it cannot cut either.
        case ErrorNumber.inputOutput where isRun:
            unsafe state.limits.isEnabled = false
            return .cut
        // The segments are larger than the path takes.
        case ErrorNumber.invalid where isRun:
            unsafe state.limits.refusedSegment = min(state.limits.refusedSegment, segment)
            return .cut
        case ErrorNumber.messageTooLong where isRun: return .cut
        // An error of an earlier datagram may be reported, and cleared, by a later call.
        default: return attempt + 1 < attempts ? .again : .skip
        }
    }
}

private let attempts = 2
