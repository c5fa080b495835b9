public import Wire

/// Where the player is in the source's time.
struct Playout: Sendable {
    /// The timestamp of the sample to be played next.
    var position: Int64
    /// The number of the last packet played.
    var sequence: Int64
    /// Samples made up at ``position`` while nothing came; a later packet may show that they stood
    /// for lost ones.
    var stretched = 0
    /// Samples made up since the last packet.
    var madeUp = 0
    /// Whether the source said with its last packet that it pauses.
    var isPaused = false
    /// Whether the last decision changed the delay: the next does not, so that it is not heard.
    var hasJustAdjusted = false
    /// When a packet was last cut from audible sound.
    var lastCut: Int64?
}

extension AudioJitterBuffer {
    /// What to play next.
    ///
    /// Call whenever the player needs more, as late as it can wait.
    public mutating func next(at now: Instant) -> PlayoutDecision {
        let time = now.nanoseconds
        guard var playout = playout ?? begin(at: time) else {
            return .silence(samples: frame)
        }
        let decision = decide(&playout, at: time)
        self.playout = playout
        delay = delays.lateness(of: playout.position, at: time) ?? 0
        statistics.totalSamplesReceived += decision.samples
        return decision
    }

    /// Starts with the newest packet whose time has come: nothing is heard yet, so nothing is lost
    /// by leaving out what came in a heap.
    private mutating func begin(at now: Int64) -> Playout? {
        guard let head = queue.first, isDue(head.timestamp, at: now) else { return nil }
        while let second = queue.second, isDue(second.timestamp, at: now) {
            queue.removeFirst()
            statistics.cutPackets += 1
        }
        let first = queue.first ?? head
        return Playout(position: first.timestamp, sequence: first.sequence &- 1)
    }

    private mutating func decide(_ playout: inout Playout, at now: Int64) -> PlayoutDecision {
        while let head = queue.first, head.end <= playout.position {
            queue.removeFirst()
            statistics.latePackets += 1
        }
        guard let head = queue.first else { return waitForPackets(&playout) }
        guard head.timestamp > playout.position else { return play(head, &playout, at: now) }
        let missing = head.sequence &- playout.sequence &- 1
        guard missing > 0 else { return pause(before: head, &playout, at: now) }
        return bridge(to: head, &playout, at: now)
    }

    /// Nothing is there.
    private mutating func waitForPackets(_ playout: inout Playout) -> PlayoutDecision {
        if !playout.isPaused { playout.stretched = min(playout.stretched + frame, Int(Int32.max)) }
        return makeUp(frame, &playout, isLoss: !playout.isPaused)
    }

    /// The next packet in turn is there, and is played unless the delay is too long.
    private mutating func play(
        _ head: AudioPacket,
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        let excess = excess(of: playout, at: now)
        if shouldCut(head, excess, playout, at: now) {
            return cut(head, excess, &playout, at: now)
        }
        return decodeFirst(&playout, at: now)
    }

    /// A quiet packet can go as soon as that brings the delay nearer to the aim; others only when
    /// the delay is a burden, one a second.
    private func shouldCut(
        _ head: AudioPacket,
        _ excess: Int64,
        _ playout: Playout,
        at now: Int64
    ) -> Bool {
        // The packet after the one that is cut must be there, or the cut would be a gap.
        guard queue.count > 1 else { return false }
        if excess >= limits.intolerableExcess { return true }
        if head.isQuiet { return !playout.hasJustAdjusted && excess > duration(of: head.samples) }
        guard excess >= limits.toleratedExcess else { return false }
        return playout.lastCut.map { now &- $0 >= 1_000_000_000 } ?? true
    }

    private mutating func cut(
        _ head: AudioPacket,
        _ excess: Int64,
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        // One long cut is better than many short ones.
        let isUrgent = excess >= limits.intolerableExcess
        repeat {
            guard let packet = queue.removeFirst() else { break }
            statistics.cutPackets += 1
            statistics.removedSamplesForAcceleration += packet.samples
            playout.position = packet.end
            playout.sequence = packet.sequence
        } while isUrgent && queue.count > 1 && self.excess(of: playout, at: now) > 0
        playout.hasJustAdjusted = true
        if !head.isQuiet { playout.lastCut = now }
        guard let next = queue.first else { return waitForPackets(&playout) }
        playout.position = max(playout.position, next.timestamp)
        return decodeFirst(&playout, at: now)
    }

    /// No packet is missing, but the source has skipped time: it paused.
    ///
    /// The packet is played when it is due, which brings the delay to the aim without anybody
    /// hearing it.
    private mutating func pause(
        before head: AudioPacket,
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        let left = samplesUntilDue(head.timestamp, at: now)
        playout.stretched = 0
        guard left > clockRate / 400 else {
            playout.position = head.timestamp
            return decodeFirst(&playout, at: now)
        }
        return makeUp(min(frame, left), &playout, isLoss: false)
    }

    /// Packets before `head` are lost, or so late that it makes no difference.
    private mutating func bridge(
        to head: AudioPacket,
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        let excess = excess(of: playout, at: now)
        // The missing packet may still come: it has time until the delay aimed for has passed.
        if excess < 0 { return waitForPackets(&playout) }
        // What was made up while nothing came stood for the lost packets, as far as the delay is
        // longer than it should be.
        let credit = min(Int64(playout.stretched), head.timestamp &- playout.position)
        let spare = samples(in: excess)
        if spare > 0 {
            playout.position &+= min(credit, spare)
            playout.stretched -= Int(min(credit, spare))
        }
        let gap = head.timestamp &- playout.position
        guard gap > 0 else { return play(head, &playout, at: now) }
        guard gap <= longestBridge else { return leap(to: head, &playout, at: now) }
        // A hole is the best place to shorten the delay: only its last packet is made up.
        if gap > Int64(frame), self.excess(of: playout, at: now) >= duration(of: Int(gap)) {
            statistics.removedSamplesForAcceleration += Int(gap) - frame
            playout.position = head.timestamp &- Int64(frame)
        }
        return fill(before: head, &playout)
    }

    /// Fills the gap before `head` packet by packet; the last one may be recovered.
    private mutating func fill(
        before head: AudioPacket,
        _ playout: inout Playout
    ) -> PlayoutDecision {
        let gap = Int(head.timestamp &- playout.position)
        guard gap <= frame else {
            let samples = min(frame, gap - frame)
            playout.position &+= Int64(samples)
            return makeUp(samples, &playout, isLoss: true)
        }
        playout.position = head.timestamp
        playout.sequence = head.sequence &- 1
        noteConcealment(gap, playout)
        statistics.recoveredSamples += gap
        playout.madeUp += gap
        return .recover(head, samples: gap)
    }

    /// The hole is too long to be filled for its own sake: go on when the packet is due.
    private mutating func leap(
        to head: AudioPacket,
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        let left = samplesUntilDue(head.timestamp, at: now)
        playout.stretched = 0
        guard left > clockRate / 400 else {
            playout.position = head.timestamp
            return decodeFirst(&playout, at: now)
        }
        return makeUp(min(frame, left), &playout, isLoss: true)
    }
}

// MARK: - Playing and making up

extension AudioJitterBuffer {
    private mutating func decodeFirst(
        _ playout: inout Playout,
        at now: Int64
    ) -> PlayoutDecision {
        guard let packet = queue.removeFirst() else { return waitForPackets(&playout) }
        if playout.madeUp > 0 || !packet.isQuiet { playout.hasJustAdjusted = false }
        playout.position = packet.end
        playout.sequence = packet.sequence
        statistics.insertedSamplesForDeceleration += playout.stretched
        playout.stretched = 0
        playout.madeUp = 0
        playout.isPaused = packet.isDiscontinuous
        let samples = Double(packet.samples)
        let held = now &- packet.arrival.nanoseconds
        statistics.decodedSamples += packet.samples
        statistics.jitterBufferEmittedCount += packet.samples
        statistics.jitterBufferDelay += Double(held) * 1e-9 * samples
        statistics.jitterBufferTargetDelay += Double(target) * 1e-9 * samples
        statistics.jitterBufferMinimumDelay += Double(delays.needed) * 1e-9 * samples
        return .decode(packet)
    }

    private mutating func makeUp(
        _ samples: Int,
        _ playout: inout Playout,
        isLoss: Bool
    ) -> PlayoutDecision {
        let isSilent = duration(of: playout.madeUp) >= limits.maximumConcealment
        if isLoss {
            noteConcealment(samples, playout)
            if isSilent { statistics.silentConcealedSamples += samples }
        } else {
            statistics.comfortNoiseSamples += samples
        }
        playout.madeUp = min(playout.madeUp + samples, Int(Int32.max))
        return isSilent ? .silence(samples: samples) : .conceal(samples: samples)
    }

    private mutating func noteConcealment(_ samples: Int, _ playout: Playout) {
        statistics.concealedSamples += samples
        if playout.madeUp == 0 { statistics.concealmentEvents += 1 }
    }
}

// MARK: - Time, in nanoseconds

extension AudioJitterBuffer {
    private func due(_ timestamp: Int64) -> Int64? {
        delays.undisturbedArrival(of: timestamp).map { $0 &+ target }
    }

    private func isDue(_ timestamp: Int64, at now: Int64) -> Bool {
        due(timestamp).map { $0 <= now } ?? true
    }

    private func samplesUntilDue(_ timestamp: Int64, at now: Int64) -> Int {
        guard let due = due(timestamp), due > now else { return 0 }
        return Int(samples(in: due &- now))
    }

    /// How much more than the aim the delay is; negative if it is less.
    private func excess(of playout: Playout, at now: Int64) -> Int64 {
        (delays.lateness(of: playout.position, at: now) ?? 0) &- target
    }

    private func duration(of samples: Int) -> Int64 {
        Int64(samples) &* 1_000_000_000 / Int64(clockRate)
    }

    /// Of at most ten seconds.
    private func samples(in nanoseconds: Int64) -> Int64 {
        max(0, min(nanoseconds, 10_000_000_000)) * Int64(clockRate) / 1_000_000_000
    }

    /// Longer holes are not filled packet by packet.
    private var longestBridge: Int64 { Int64(clockRate) * 2 / 5 }
}
