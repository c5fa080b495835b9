import Glibc
import Swiftlet
import Testing

@Suite("Audio over loopback")
struct AudioTests {
    @Test(.timeLimit(.minutes(1)))
    func aToneComesOutAsItWentIn() async throws {
        let call = try await Call()
        let heard = await call.hear(frames: 75, of: tone(hertz: 440))
        await call.end()

        // The first half second belongs to the jitter buffer and the codec's start.
        let steady = heard[24_000...]
        let total = steady.reduce(0.0) { $0 + Double($1) * Double($1) }
        let wanted = power(of: 440, in: steady)
        #expect(wanted / total > 0.9, "nearly all of what is heard is the tone")
        #expect(power(of: 880, in: steady) / total < 0.01)
        #expect(power(of: 300, in: steady) / total < 0.01)
        // As loud as it was said, within 3 dB.
        let loudness = total / Double(steady.count) / (amplitude * amplitude / 2)
        #expect((0.5...2).contains(loudness))
    }

    @Test(.timeLimit(.minutes(1)))
    func beforeAnythingIsSaidThereIsSilence() async throws {
        let call = try await Call()
        let frame = try #require(await call.remote.nextFrame())
        #expect(frame == .silence(samples: 960))
        #expect(frame.duration == .milliseconds(20))
        await call.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func stereoAndOddlySizedFramesAreTaken() async throws {
        let call = try await Call()
        let source = tone(hertz: 440)
        // 10 ms of stereo at a time: every second call fills a packet.
        let stereo = { (index: Int) -> [AudioFrame] in
            [0, 1].map { half in
                let samples = source(index).samples[(half * 480)..<(half * 480 + 480)]
                return AudioFrame(samples: samples.flatMap { [$0, $0] }, channels: 2)
            }
        }
        var heard: [Int16] = []
        var index = 0
        for await frame in call.remote.frames() {
            for half in stereo(index) { try await call.local.send(half) }
            heard += frame.samples
            index += 1
            if index == 60 { break }
        }
        await call.end()
        let steady = heard[24_000...]
        let total = steady.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(power(of: 440, in: steady) / total > 0.9)
    }
}

/// A connected pair, with the track of one side and what the other side hears.
private struct Call {
    let left: PeerConnection
    let right: PeerConnection
    let local: LocalAudioTrack
    let remote: RemoteAudioTrack

    init() async throws {
        left = try PeerConnection(configuration: .loopback)
        right = try PeerConnection(configuration: .loopback)
        local = try await left.addAudioTrack()
        try await negotiate(left, right)
        try await left.connected()
        try await right.connected()
        remote = try #require(await firstTrack(of: right))
    }

    /// Sends a frame for each that is heard: the listener's clock is the speaker's.
    func hear(frames: Int, of source: (Int) -> AudioFrame) async -> [Int16] {
        var heard: [Int16] = []
        var index = 0
        for await frame in remote.frames() {
            do {
                try await local.send(source(index))
            } catch {
                Issue.record("\(error)")
            }
            heard += frame.samples
            index += 1
            if index == frames { break }
        }
        return heard
    }

    func end() async {
        await left.close()
        #expect(await reasonOfEnd(of: right) == .peer)
    }
}

private let amplitude = 8_000.0

/// 20 ms frames of a steady sine, by their number.
private func tone(hertz: Double) -> (Int) -> AudioFrame {
    { index in
        AudioFrame(
            samples: (0..<960).map { offset in
                let time = Double(index * 960 + offset) / 48_000
                return Int16(amplitude * sin(2 * .pi * hertz * time))
            }
        )
    }
}

/// The energy of `samples` at one frequency, as large as theirs if there is no other.
///
/// Of 40 ms at a time: a busy machine may play a frame late, and where the jitter buffer fills such a
/// gap the tone goes on in another phase. Over the whole that would look like another sound.
private func power(of hertz: Double, in samples: ArraySlice<Int16>) -> Double {
    let window = 1_920
    return stride(from: samples.startIndex, to: samples.endIndex, by: window).reduce(0.0) {
        $0 + energy(of: hertz, in: samples[$1..<min($1 + window, samples.endIndex)])
    }
}

/// Goertzel's algorithm.
private func energy(of hertz: Double, in samples: ArraySlice<Int16>) -> Double {
    let step = 2 * cos(2 * .pi * hertz / 48_000)
    var (last, beforeLast) = (0.0, 0.0)
    for sample in samples {
        (last, beforeLast) = (Double(sample) + step * last - beforeLast, last)
    }
    let energy = last * last + beforeLast * beforeLast - step * last * beforeLast
    return energy * 2 / Double(samples.count)
}
