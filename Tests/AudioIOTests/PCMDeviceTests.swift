import AudioIO
import Synchronization
import Testing

/// Real threads and real time, on ALSA's 'null' device, which needs no sound card.
@Suite("Sound devices", .timeLimit(.minutes(1)))
struct PCMDeviceTests {
    @Test func recordingDeliversWholePeriodsAtTheSpeedOfSound() async throws {
        let counts = Mutex<[Int]>([])
        let (periods, sink) = AsyncStream<Void>.makeStream()
        let start = ContinuousClock.now
        let capture = try PCMCapture(device: "null") { samples in
            let count = samples.count
            counts.withLock { $0.append(count) }
            sink.yield()
        }
        for await _ in periods.prefix(20) {}
        capture.stop()
        let took = ContinuousClock.now - start
        let delivered = counts.withLock { $0 }
        #expect(delivered.count >= 20 && Set(delivered) == [480])
        // Not faster than sound: 20 periods are 200 ms.
        #expect(took > .milliseconds(180))
        #expect(capture.failure == nil)
        capture.stop()
        #expect(counts.withLock { $0.count } == delivered.count)
    }

    @Test func playingAsksForWholePeriods() async throws {
        let (periods, sink) = AsyncStream<Void>.makeStream()
        let ring = SampleRing(capacity: 48_000)
        var tone = Tone()
        let samples = tone.next(frames: 48_000)
        ring.write(samples.span)
        var configuration = PCMConfiguration()
        configuration.channels = 2
        let playback = try PCMPlayback(device: "null", configuration: configuration) { samples in
            _ = ring.read(into: &samples)
            sink.yield()
        }
        for await _ in periods.prefix(20) {}
        playback.stop()
        #expect(ring.count < 40_000 && ring.count % 960 == 0)
        #expect(playback.failure == nil)
    }

    @Test func aDeviceThatIsNotThereIsNamedWithAWayOut() {
        let error = #expect(throws: AudioError.self) {
            _ = try PCMCapture(device: "no-such-device") { _ in }
        }
        let text = error?.description ?? ""
        #expect(text.contains("'no-such-device'") && text.contains("arecord -L"))
    }

    @Test func devicesAreListed() throws {
        let devices = try PCMDevice.list()
        #expect(devices.contains { $0.name == "null" && $0.canCapture && $0.canPlay })
    }

    @Test("a hundred devices can be opened and closed, and let go without being stopped")
    func openAndClose() throws {
        for index in 0..<100 {
            let playback = try PCMPlayback(device: "null") { _ in }
            if index % 2 == 0 { playback.stop() }
        }
    }
}
