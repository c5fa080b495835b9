import Swiftlet

/// Sends a source over a track, a frame every 20 ms of real time.
enum Speaking {
    /// Runs until the task is cancelled, or a file has been said and `endsWithFile` is set.
    static func run(
        _ source: AudioSource,
        over track: LocalAudioTrack,
        endsWithFile: Bool = false
    ) async {
        var source = source
        defer { source.close() }
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            if let samples = source.next() {
                // A frame that cannot be encoded is lost, like one that is lost on the way.
                try? await track.send(AudioFrame(samples: samples))
            } else {
                if endsWithFile, source.isAtEnd { return }
                await track.skip(samples: samplesPerFrame)
            }
            next += .milliseconds(20)
            // After a sleep of the machine the call goes on from here.
            if next.duration(to: clock.now) > longestDelay { next = clock.now }
            // The schedule is kept: a late wake-up does not make the audio slow.
            guard (try? await clock.sleep(until: next)) != nil else { return }
        }
    }
}

/// Later than this nothing is caught up with any more.
private let longestDelay = Duration.seconds(1)
