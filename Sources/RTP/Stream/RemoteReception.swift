public import Wire

/// What the receivers of our stream say about it, and the round trip that follows from it.
public struct RemoteReception: Sendable {
    /// The round trip as the last answer to one of our reports showed it.
    public private(set) var roundTripTime: Duration?
    /// All round trips together and how many they were: the average over the call.
    public private(set) var totalRoundTripTime = Duration.zero
    public private(set) var roundTripTimeMeasurements = 0
    /// The part of our packets lost between the last two reports, 0 to 1.
    public private(set) var fractionLost = 0.0
    /// Our packets lost since the beginning.
    public private(set) var packetsLost = 0
    /// The interarrival jitter of our packets.
    public private(set) var jitter = Duration.zero
    /// When the last block came; nil if none did.
    public private(set) var lastReport: Instant?

    private var sentReports: [SentReport] = []
    private var nextSlot = 0

    private struct SentReport: Sendable {
        var middle32: UInt32
        var sent: Instant
    }

    init() {}

    mutating func remember(reportSentAs middle32: UInt32, at now: Instant) {
        let report = SentReport(middle32: middle32, sent: now)
        guard sentReports.count == rememberedReports else {
            sentReports.append(report)
            return
        }
        sentReports[nextSlot] = report
        nextSlot = (nextSlot + 1) % rememberedReports
    }

    mutating func receive(_ block: ReportBlock, clockRate: UInt32, at now: Instant) {
        lastReport = now
        fractionLost = Double(block.fractionLost) / 256
        packetsLost = Int(block.packetsLost)
        jitter = .nanoseconds(Int64(block.jitter) * 1_000_000_000 / Int64(clockRate))
        guard let trip = roundTrip(of: block, at: now) else { return }
        roundTripTime = trip
        totalRoundTripTime += trip
        roundTripTimeMeasurements += 1
    }

    /// RFC 3550 §6.4.1: A - LSR - DLSR.
    ///
    /// A is taken from our monotonic clock, so that a step of the wall clock, or a block that names
    /// a report we never sent, cannot show a wrong trip.
    private func roundTrip(of block: ReportBlock, at now: Instant) -> Duration? {
        guard block.lastSenderReport != 0,
            let report = sentReports.first(where: { $0.middle32 == block.lastSenderReport })
        else { return nil }
        let held = Int64(block.delaySinceLastSenderReport) * 1_000_000_000 / 65_536
        let trip = report.sent.duration(to: now) - .nanoseconds(held)
        // The delay has a resolution of 15 µs: on a short path the difference may fall below zero.
        return trip > .zero ? trip : (trip > .zero - delayResolution ? .zero : nil)
    }
}

/// Reports older than this many are too old for a round trip.
private let rememberedReports = 8
/// Twice the unit of DLSR.
private let delayResolution = Duration.nanoseconds(30_518)
