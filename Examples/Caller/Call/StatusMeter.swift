import Swiftlet
import Wire

/// Turns a connection's counters into what the status line shows.
struct StatusMeter {
    private let began: ContinuousClock.Instant
    private var last: (at: Instant, received: Int, sent: Int)?
    private var rates = (received: 0.0, sent: 0.0)

    init(began: ContinuousClock.Instant) { self.began = began }

    mutating func status(from statistics: PeerStatistics, level: Double) -> CallStatus {
        measureRates(statistics)
        var status = CallStatus(
            elapsed: began.duration(to: .now),
            state: statistics.connectionState.rawValue
        )
        status.path = statistics.path.map {
            CallStatus.Path(local: "\($0.local.address)", remote: "\($0.remote.address)")
        }
        status.received = rates.received
        status.sent = rates.sent
        status.roundTripTime = statistics.roundTripTime
        status.level = level
        if let audio = statistics.received.first {
            status.packetsLost = audio.packetsLost
            let expected = audio.packetsReceived + audio.packetsLost
            status.loss = expected > 0 ? Double(audio.packetsLost) / Double(expected) : 0
            status.jitter = audio.jitter
        }
        return status
    }

    /// Bits a second since the last time, smoothed.
    private mutating func measureRates(_ statistics: PeerStatistics) {
        let counters = statistics.counters
        defer { last = (statistics.at, counters.bytesReceived, counters.bytesSent) }
        guard let last, statistics.at > last.at else { return }
        let seconds = last.at.duration(to: statistics.at).inSeconds
        let received = Double(counters.bytesReceived - last.received) * 8 / seconds
        let sent = Double(counters.bytesSent - last.sent) * 8 / seconds
        rates.received += (received - rates.received) / 4
        rates.sent += (sent - rates.sent) / 4
    }
}
