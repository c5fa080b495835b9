import STUN
import Wire

extension TURNClient {
    /// Sends the refreshes whose time has come, and ends an allocation that was not refreshed.
    mutating func refreshWhatIsDue() {
        guard case .allocated(var allocation) = phase else { return }
        guard allocation.expiresAt > clock else { return end(with: .lost(.unanswered)) }
        if let due = allocation.refreshAt, due <= clock {
            allocation.refreshAt = nil
            phase = .allocated(allocation)
            ask(.refresh)
        }
        while true {
            let due = permissions.takeDue(at: clock, limit: addressesPerRequest)
            guard !due.isEmpty else { break }
            ask(.permit(due))
        }
        while let number = channels.popDue(at: clock) { ask(.bind(number)) }
        keepAlive()
    }

    /// RFC 8445 §11: a Binding indication keeps the NATs' bindings when nothing else does.
    private mutating func keepAlive() {
        guard let due = traffic.keepaliveAt, due <= clock else { return }
        let isSilent = !traffic.hasSent
        traffic.hasSent = false
        traffic.keepaliveAt = clock.advanced(by: keepaliveInterval)
        guard isSilent else { return }
        let id = STUNTransactionID(high: UInt32.max, low: traffic.identifiers.next())
        var bytes = [UInt8](repeating: 0, count: 20)
        var writer = SpanWriter(bytes.mutableSpan)
        guard (try? STUNWriter.begin(.indication, id: id, to: &writer)) != nil else { return }
        outputs.append(.transmit(bytes))
    }

    /// Asks for the permissions that are wanted, several at a time.
    mutating func askForWhatIsWanted() {
        guard permissions.hasWanted, case .allocated = phase else { return }
        while true {
            let wanted = permissions.takeWanted(limit: addressesPerRequest)
            guard !wanted.isEmpty else { return }
            ask(.permit(wanted))
        }
    }

    /// Notes a grant of the server, and when it is to be renewed.
    mutating func grant(_ lifetime: Duration, to allocation: consuming Allocation) {
        // A server that grants less cannot be served: its clients would do nothing but ask.
        let lifetime = min(max(lifetime, shortestLifetime), longestLifetime)
        // A minute is enough for a request that is repeated to its end (39.5 s).
        let margin = lifetime >= .seconds(120) ? .seconds(60) : lifetime / 2
        allocation.refreshAt = clock.advanced(by: lifetime - margin)
        allocation.expiresAt = clock.advanced(by: lifetime)
        phase = .allocated(allocation)
    }

    mutating func startKeepalives() {
        guard configuration.transport == .datagram else { return }
        traffic.keepaliveAt = clock.advanced(by: keepaliveInterval)
    }

    private var keepaliveInterval: Duration {
        max(configuration.keepaliveInterval, .seconds(1))
    }
}

/// RFC 8656 §9.1 allows any number; sixteen of IPv6 fit into 600 bytes.
private let addressesPerRequest = 16
private let shortestLifetime = Duration.seconds(10)
private let longestLifetime = Duration.seconds(86_400)
