import AudioIO
import LinuxIO
import Signaling
import Opus
import Swiftlet

/// `swiftlet demo`: a call on this machine from end to end, and what it was like.
///
/// Signaling server, caller and answerer run in this process and meet over loopback. The caller
/// speaks, the answerer records, and what was heard is compared with what was said.
enum DemoCommand {
    static func run(_ options: DemoOptions, console: Console) async -> ExitCode {
        let loop: EventLoop
        do throws(SystemError) {
            loop = try EventLoop(name: "signaling")
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
        let code = await run(Demo(options: options, console: console), on: loop)
        await loop.stop()
        return code
    }

    private static func run(_ demo: Demo, on loop: EventLoop) async -> ExitCode {
        do {
            let result = try await demo.run(on: loop)
            result.show(on: demo.console)
            return result.isGood ? .success : .demoFailed
        } catch let error as AudioError {
            demo.console.fail("\(error)")
            return .noAudio
        } catch let error as SignalingServerError {
            demo.console.fail("\(error)")
            return .noSockets
        } catch {
            demo.console.fail("\(error)")
            return .callFailed
        }
    }
}

/// One run of the demo.
private struct Demo: Sendable {
    let options: DemoOptions
    let console: Console

    func run(on loop: EventLoop) async throws -> DemoResult {
        let speech = try WAVReader.load(path: options.speech ?? DemoSpeech.path)
        let recording = options.recording ?? "swiftlet-demo.wav"
        let server = try await SignalingServer.start(host: "127.0.0.1", port: 0, on: loop)
        let url = "ws://\(await server.address)"
        console.report("signaling server at \(url)", ["event": "listening", "url": .string(url)])
        do {
            let result = try await call(over: url, saying: speech, recording: recording, on: loop)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    private func call(
        over url: String,
        saying speech: [Int16],
        recording: String,
        on loop: EventLoop
    ) async throws -> DemoResult {
        let left = try await SignalingClient.connect(to: url, as: "left", on: loop)
        let right = try await SignalingClient.connect(to: url, as: "right", on: loop)
        let listening = try Listening(recording: recording, keepsAll: true)
        let caller = try demoCall("right", over: left, hearing: try Listening(), on: .silent)
        let answerer = try demoCall("left", over: right, hearing: listening, on: console)
        // Enough bits that the comparison shows the way, not the codec.
        var encoding = OpusEncoderConfiguration()
        encoding.bitrate = 64_000
        let track = try await caller.peer.addAudioTrack(encoding: encoding)
        _ = try await answerer.peer.addAudioTrack()
        let start = ContinuousClock.now
        try await caller.offer()

        async let answered = answer(answerer, over: right)
        async let followed: Void = follow(caller, over: left)
        let spoken = options.isMuted ? [Int16](repeating: 0, count: speech.count) : speech
        let conversation = Conversation(call: caller, answerer: answerer, speech: spoken)
        let facts = try await conversation.run(over: track)
        await left.close()
        await right.close()
        _ = await (answered, followed)
        try listening.close()
        return DemoResult(
            connected: start.duration(to: facts.connected),
            comparison: AudioComparison(original: speech, recording: listening.memory.samples),
            begin: (said: facts.began, heard: listening.memory.began ?? facts.began),
            packetsLost: facts.packetsLost,
            recording: recording
        )
    }

    private func demoCall(
        _ other: String,
        over client: SignalingClient,
        hearing listening: Listening,
        on console: Console
    ) throws -> VoiceCall {
        var configuration = Configuration()
        configuration.interfaces = .loopbackOnly
        return try VoiceCall(
            with: other,
            weCall: other == "right",
            over: client,
            hearing: listening,
            console: console,
            configuration: configuration
        )
    }

    private func follow(_ call: VoiceCall, over client: SignalingClient) async {
        for await message in client.messages {
            // Without a usable description there will be no call to wait for.
            guard await call.take(message.content) else { return await call.peer.close() }
        }
    }

    private func answer(_ call: VoiceCall, over client: SignalingClient) async {
        async let running = call.run(speak: {})
        await follow(call, over: client)
        _ = await running
    }
}
