public import Wire

/// Consent to send on one pair (RFC 7675): asked for again and again, gone when nobody answers.
///
/// ```swift
/// var consent = Consent(at: now, entropy: entropy.split())
/// consent.renew(at: now)      // an authenticated answer came
/// ```
public struct Consent: Machine, Sendable {
    /// One thing the owner must do or know.
    public enum Output: Hashable, Sendable {
        /// Send a Binding request with a new transaction identifier, once.
        case sendCheck
        /// A check has been unanswered for a while.
        case fellSilent
        /// Sending must stop at once.
        case expired
    }

    // Declared in the order they fire: whoever has lost consent asks no more.
    private enum Timer: Int, CaseIterable { case expiry, silence, check }

    /// How consent is come by.
    public enum Manner: Hashable, Sendable {
        /// By asking often: data takes this path.
        case asking
        /// By asking now and then: the path is kept for bad times.
        case standingBy
        /// By being asked, as a lite agent is (RFC 8445 §2.5).
        case listening
    }

    /// Whether checks are unanswered for longer than they should be.
    public private(set) var isSilent = false
    /// How consent is come by.
    public private(set) var manner: Manner

    private let configuration: Times
    private var timers = Timers<Timer>()
    private var outputs = Queue<Output>()
    private var entropy: Entropy

    private struct Times: Sendable {
        var interval: Duration
        var backupInterval: Duration
        var timeout: Duration
        var silence: Duration
    }

    /// Consent that was given now, by the answer to a connectivity check.
    public init(
        configuration: ICEConfiguration = .init(),
        manner: Manner = .asking,
        at now: Instant,
        entropy: Entropy
    ) {
        self.configuration = Times(
            interval: max(configuration.consentInterval, .milliseconds(1)),
            backupInterval: max(configuration.backupInterval, .milliseconds(1)),
            timeout: configuration.consentTimeout,
            silence: configuration.disconnectedTimeout
        )
        self.manner = manner
        self.entropy = entropy
        renew(at: now)
        scheduleCheck(at: now)
    }

    public var deadline: Instant? { timers.next }

    /// Whether a check waits for its answer, or has waited too long.
    public var isUnanswered: Bool { isSilent || timers.deadline(of: .silence) != nil }

    /// An authenticated answer arrived, or for a lite agent a check: the peer wants our packets.
    public mutating func renew(at now: Instant) {
        timers.set(.expiry, to: now.advanced(by: configuration.timeout))
        isSilent = false
        switch manner {
        case .asking: timers.cancel(.silence)
        case .standingBy:
            timers.cancel(.silence)
            scheduleCheck(at: now)
        case .listening: listen(at: now)
        }
    }

    /// The peer was heard, but has not answered: no consent, yet no silence either.
    public mutating func heard(at now: Instant) {
        guard isUnanswered else { return }
        isSilent = false
        switch manner {
        case .asking, .standingBy: timers.set(.silence, to: now.advanced(by: configuration.silence))
        case .listening: listen(at: now)
        }
    }

    /// Asks more or less often from now on; says whether that has changed.
    public mutating func change(to manner: Manner, at now: Instant) -> Bool {
        guard manner != self.manner else { return false }
        self.manner = manner
        scheduleCheck(at: now)
        return true
    }

    public mutating func advance(to now: Instant) {
        while let timer = timers.popDue(at: now) {
            switch timer {
            case .expiry:
                timers.cancelAll()
                outputs.append(.expired)
            case .silence:
                isSilent = true
                outputs.append(.fellSilent)
            case .check:
                if !isSilent, timers.deadline(of: .silence) == nil {
                    timers.set(.silence, to: now.advanced(by: configuration.silence))
                }
                outputs.append(.sendCheck)
                scheduleCheck(at: now)
            }
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    private mutating func scheduleCheck(at now: Instant) {
        let mean =
            switch manner {
            case .asking: configuration.interval
            // Three checks of the slow kind are all lost too easily.
            case .standingBy: isUnanswered ? configuration.interval : configuration.backupInterval
            case .listening: Duration?.none
            }
        guard let mean else { return timers.cancel(.check) }
        let factor = Double.random(in: checkJitter, using: &entropy)
        timers.set(.check, to: now.advanced(by: mean * factor))
    }

    /// The peer asks each interval at the latest, and may be late as an answer may be.
    private mutating func listen(at now: Instant) {
        let patience = configuration.interval * checkJitter.upperBound + configuration.silence
        timers.set(.silence, to: now.advanced(by: patience))
    }
}

/// RFC 7675 §5.1: each interval is randomized by ± 20 %.
private let checkJitter = 0.8...1.2
