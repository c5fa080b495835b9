import RTP
import Support
import Testing
import Wire

@Suite("When reports are sent, RFC 3550 §6.2 and §6.3")
struct ReportSchedulerTests {
    static func reports(
        _ scheduler: inout ReportScheduler,
        for limit: Duration
    ) -> (times: [Double], broken: [String]) {
        let run = scheduler.run(for: limit)
        return (run.outputs.map { Instant.zero.duration(to: $0.at).inSeconds }, run.brokenLaws)
    }

    @Test(
        "the laws of machines hold, and intervals stay within half and one and a half",
        arguments: 0..<50 as Range<UInt64>
    )
    func intervals(seed: UInt64) {
        var scheduler = ReportScheduler(entropy: .seed(seed), at: .zero)
        let (times, broken) = Self.reports(&scheduler, for: .seconds(60))
        #expect(broken.isEmpty)
        let compensation = 1.218_28
        // Two members of 156 bytes share 400 bytes a second, which is more than the half minimum.
        #expect((0.25 / compensation...1.17 / compensation).contains(times[0]))
        for (earlier, later) in zip(times, times.dropFirst()) {
            // Reconsideration makes an interval as long as its longest draw, never shorter than
            // the shortest.
            #expect((0.5 / compensation...1.5 / compensation).contains(later - earlier))
        }
    }

    @Test func theMeanIntervalIsTheConfiguredOne() {
        var scheduler = ReportScheduler(entropy: .seed(1), at: .zero)
        let (times, _) = Self.reports(&scheduler, for: .seconds(2_000))
        #expect((1_800...2_200).contains(times.count))
    }

    @Test("§6.2: large packets of many members make reports rare")
    func bandwidth() {
        var configuration = ReportSchedulerConfiguration()
        configuration.sessionBandwidth = 8_000
        var scheduler = ReportScheduler(configuration: configuration, entropy: .seed(1), at: .zero)
        for _ in 0..<200 { scheduler.noteReceived(size: 472) }
        scheduler.setParticipants(members: 10, senders: 1, isSender: false, at: .zero)
        // 9 receivers of 500 bytes each share three quarters of a twentieth of 1,000 bytes a second.
        let (times, _) = Self.reports(&scheduler, for: .seconds(6_000))
        #expect((40...60).contains(times.count))
    }

    @Test("§6.3.4: when members leave, the next report comes sooner")
    func reverseReconsideration() throws {
        var configuration = ReportSchedulerConfiguration()
        configuration.sessionBandwidth = 800
        var scheduler = ReportScheduler(configuration: configuration, entropy: .seed(3), at: .zero)
        scheduler.setParticipants(members: 50, senders: 0, isSender: false, at: .zero)
        _ = Self.reports(&scheduler, for: .seconds(5_000))
        let before = try #require(scheduler.deadline)
        let now = Instant(nanoseconds: before.nanoseconds - 1_000_000_000)
        scheduler.setParticipants(members: 5, senders: 0, isSender: false, at: now)
        let after = try #require(scheduler.deadline)
        #expect(after > now && now.duration(to: after) == .milliseconds(100))
    }

    @Test func nothingIsDueOnceStopped() {
        var scheduler = ReportScheduler(entropy: .seed(1), at: .zero)
        scheduler.stop()
        #expect(scheduler.deadline == nil)
        scheduler.noteGoodbye(at: .zero)
        scheduler.advance(to: Instant(nanoseconds: .max))
        #expect(scheduler.popOutput() == nil)
    }
}
