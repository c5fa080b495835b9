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

    /// Whether checks are unanswered for longer than they should be.
    public private(set) var isSilent = false

    private let interval: Duration
    private let timeout: Duration
    private let silence: Duration
    private var timers = Timers<Timer>()
    private var outputs = Queue<Output>()
    private var entropy: Entropy

    /// Consent that was given now, by the answer to a connectivity check.
    public init(
        configuration: ICEConfiguration = .init(),
        at now: Instant,
        entropy: Entropy
    ) {
        interval = max(configuration.consentInterval, .milliseconds(1))
        timeout = configuration.consentTimeout
        silence = configuration.disconnectedTimeout
        self.entropy = entropy
        renew(at: now)
        scheduleCheck(at: now)
    }

    public var deadline: Instant? { timers.next }

    /// An authenticated answer arrived: the peer still wants our packets.
    public mutating func renew(at now: Instant) {
        timers.set(.expiry, to: now.advanced(by: timeout))
        timers.cancel(.silence)
        isSilent = false
    }

    /// The peer was heard, but has not answered: no consent, yet no silence either.
    public mutating func heard(at now: Instant) {
        guard isSilent || timers.deadline(of: .silence) != nil else { return }
        isSilent = false
        timers.set(.silence, to: now.advanced(by: silence))
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
                    timers.set(.silence, to: now.advanced(by: silence))
                }
                outputs.append(.sendCheck)
                scheduleCheck(at: now)
            }
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    private mutating func scheduleCheck(at now: Instant) {
        let factor = Double.random(in: checkJitter, using: &entropy)
        timers.set(.check, to: now.advanced(by: interval * factor))
    }
}

/// RFC 7675 §5.1: each interval is randomized by ± 20 %.
private let checkJitter = 0.8...1.2
