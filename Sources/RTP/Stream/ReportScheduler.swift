public import Wire

/// How often reports are sent.
///
/// The defaults suit a call between two.
public struct ReportSchedulerConfiguration: Sendable {
    /// The least time between reports before it is randomised.
    ///
    /// RFC 3550 §6.2 has 5 s; RFC 4585 §3.4 lets a point-to-point session go lower.
    public var minimumInterval = Duration.seconds(1)
    /// The bandwidth of the session in bits a second, of which RTCP gets a twentieth.
    public var sessionBandwidth = 64_000

    public init() {}
}

/// Says when the next RTCP report is due (RFC 3550 §6.2, §6.3).
///
/// ```swift
/// var scheduler = ReportScheduler(entropy: .system, at: now)
/// scheduler.drain { _ in send(reports) }
/// scheduler.noteSent(size: datagram.count)
/// ```
public struct ReportScheduler: Machine, Sendable {
    public enum Output: Hashable, Sendable {
        case sendReport
    }

    /// Everybody in the session, ourselves included.
    public private(set) var members = 2
    /// How many of the members have sent media lately.
    public private(set) var senders = 0
    /// Whether we are one of the senders.
    public private(set) var isSender = false
    public private(set) var deadline: Instant?

    private let configuration: ReportSchedulerConfiguration
    private var entropy: Entropy
    private var outputs = Queue<Output>()
    private var phase: Phase
    private var averageSize = initialPacketSize
    private var membersAtLastSchedule = 2

    private enum Phase: Sendable {
        /// No report was sent yet: the first interval is half as long.
        case initial
        case regular
        case ended
    }

    public init(
        configuration: ReportSchedulerConfiguration = .init(),
        entropy: Entropy,
        at now: Instant
    ) {
        self.configuration = configuration
        self.entropy = entropy
        phase = .initial
        previousReport = now
        deadline = now.advanced(by: randomisedInterval())
    }

    /// tp of RFC 3550 §6.3: when the last report was sent.
    private var previousReport: Instant

    public mutating func advance(to now: Instant) {
        guard let due = deadline, due <= now else { return }
        // RFC 3550 §6.3.6, timer reconsideration: the group may have grown since the timer was set.
        let reconsidered = previousReport.advanced(by: randomisedInterval())
        membersAtLastSchedule = members
        guard reconsidered <= now else {
            deadline = reconsidered
            return
        }
        outputs.append(.sendReport)
        previousReport = now
        phase = .regular
        deadline = now.advanced(by: randomisedInterval())
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Notes the size of a compound packet that was sent, without IP and UDP headers.
    public mutating func noteSent(size: Int) { note(size) }

    /// Notes the size of a compound packet that came.
    public mutating func noteReceived(size: Int) { note(size) }

    /// Notes who takes part.
    ///
    /// Members who leave bring the next report nearer.
    public mutating func setParticipants(
        members newMembers: Int,
        senders newSenders: Int,
        isSender newIsSender: Bool,
        at now: Instant
    ) {
        senders = max(0, newSenders)
        isSender = newIsSender
        let before = members
        members = max(1, newMembers)
        guard members < before else { return }
        reconsiderBackwards(at: now)
    }

    /// Notes that one member said goodbye.
    public mutating func noteGoodbye(at now: Instant) {
        setParticipants(
            members: members - 1,
            senders: min(senders, members - 1),
            isSender: isSender,
            at: now
        )
    }

    /// Ends the schedule: nothing is due any more.
    public mutating func stop() {
        phase = .ended
        deadline = nil
    }

    /// RFC 3550 §6.3.3: avg_rtcp_size = (1/16) * packet_size + (15/16) * avg_rtcp_size.
    private mutating func note(_ size: Int) {
        averageSize += (Double(size + lowerLayerOverhead) - averageSize) / 16
    }

    /// RFC 3550 §6.3.4, reverse reconsideration.
    private mutating func reconsiderBackwards(at now: Instant) {
        guard members < membersAtLastSchedule, let due = deadline, due > now else { return }
        let share = Double(members) / Double(membersAtLastSchedule)
        let left = now.duration(to: due).inSeconds * share
        let passed = previousReport.duration(to: now).inSeconds * share
        deadline = now.advanced(by: max(.nanoseconds(1), .seconds(left)))
        previousReport = now.advanced(by: .zero - .seconds(passed))
        membersAtLastSchedule = members
    }

    /// RFC 3550 §6.3.1 and A.7.
    private mutating func randomisedInterval() -> Duration {
        let interval = deterministicInterval
        let factor = Double.random(in: 0.5..<1.5, using: &entropy)
        return .seconds(interval * factor / reconsiderationCompensation)
    }

    private var deterministicInterval: Double {
        var bandwidth = Double(max(1, configuration.sessionBandwidth)) / 8 * reportShare
        var participants = Double(members)
        // RFC 3550 §6.3.1: while senders are a quarter or less, they share a quarter of it.
        if senders > 0, Double(senders) <= participants / 4 {
            bandwidth *= isSender ? 0.25 : 0.75
            participants = Double(isSender ? senders : members - senders)
        }
        var minimum = configuration.minimumInterval.inSeconds
        switch phase {
        case .initial: minimum /= 2
        case .regular, .ended: break
        }
        return max(minimum, averageSize * participants / bandwidth)
    }
}

/// RFC 3550 §6.2: a twentieth of the session's bandwidth.
private let reportShare = 0.05
/// RFC 3550 §6.3.1: e - 3/2, because reconsideration makes intervals longer.
private let reconsiderationCompensation = 1.218_28
/// RFC 3550 §6.3.2 asks for the probable size of the first packet.
private let initialPacketSize = 128.0
/// RFC 3550 §6.2: IPv4 and UDP headers count.
private let lowerLayerOverhead = 28
