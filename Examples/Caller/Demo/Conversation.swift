import Swiftlet

/// The demo's call once both sides are known: waits for the connection, speaks, hangs up.
struct Conversation: Sendable {
    /// What only the call itself can tell.
    struct Facts: Sendable {
        var connected: ContinuousClock.Instant
        /// When the first sample was said.
        var began: ContinuousClock.Instant
        var packetsLost: Int
    }

    let call: VoiceCall
    let answerer: VoiceCall
    let speech: [Int16]

    func run(over track: LocalAudioTrack) async throws -> Facts {
        async let running = call.run(speak: {})
        try await call.peer.connected()
        try await answerer.peer.connected()
        let connected = ContinuousClock.now
        // What is handed over as one frame was said in the 20 ms before.
        let began = ContinuousClock.now - .milliseconds(20)
        await Speaking.run(.file(speech, position: 0), over: track, endsWithFile: true)
        // What is still in the jitter buffer wants to be heard.
        try await Task.sleep(for: .milliseconds(500))
        let lost = await answerer.peer.statistics().received.first?.packetsLost ?? 0
        await call.hangUp()
        _ = await running
        return Facts(connected: connected, began: began, packetsLost: lost)
    }
}
