import Swiftlet
import Testing
import Wire

@testable import Caller

@Suite("Status meter")
struct StatusMeterTests {
    @Test func smoothsTheBitRateAndIgnoresTimeThatStandsStill() async throws {
        var statistics = try await emptyStatistics()
        var meter = StatusMeter(began: .now)
        #expect(meter.status(from: statistics, level: -20).received == 0)

        // 10,000 bytes in one second: 80 kbit/s, of which a quarter counts each time.
        statistics.at = statistics.at.advanced(by: .seconds(1))
        statistics.counters.bytesReceived += 10_000
        statistics.counters.bytesSent += 5_000
        let status = meter.status(from: statistics, level: -20)
        #expect(status.received == 20_000)
        #expect(status.sent == 10_000)
        #expect(meter.status(from: statistics, level: -20).received == 20_000)

        for _ in 0..<40 {
            statistics.at = statistics.at.advanced(by: .seconds(1))
            statistics.counters.bytesReceived += 10_000
            _ = meter.status(from: statistics, level: -20)
        }
        #expect(abs(meter.status(from: statistics, level: -20).received - 80_000) < 10)
    }

    @Test func showsWhatAConnectionKnows() async throws {
        let statistics = try await emptyStatistics()
        var meter = StatusMeter(began: .now)
        let status = meter.status(from: statistics, level: -7)
        #expect(status.state == "new")
        #expect(status.level == -7)
        #expect(status.path == nil)
        #expect(status.loss == 0)
        #expect(status.elapsed >= .zero)
    }

    private func emptyStatistics() async throws -> PeerStatistics {
        let peer = try PeerConnection()
        let statistics = await peer.statistics()
        await peer.close()
        return statistics
    }
}
