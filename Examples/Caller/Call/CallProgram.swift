import AudioIO
import LinuxIO
import Signaling
import Swiftlet

/// What `swiftlet call` and `swiftlet answer` have in common: signaling, sound, Ctrl-C, errors.
struct CallProgram: Sendable {
    let options: CallOptions
    let console: Console

    typealias Conversation =
        @Sendable (_ program: CallProgram, _ client: SignalingClient) async throws -> ExitCode

    /// Joins the signaling server, lets `converse` make the call, and cleans up.
    func run(_ converse: @escaping Conversation) async -> ExitCode {
        do {
            let loop = try EventLoop(name: "signaling")
            let signals = try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop)
            let code = try await run(on: loop, until: signals, converse)
            await loop.stop()
            return code
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
    }

    private func run(
        on loop: EventLoop,
        until signals: AsyncStream<ProcessSignal>,
        _ converse: @escaping Conversation
    ) async throws -> ExitCode {
        let client: SignalingClient
        do throws(SignalingClientError) {
            client = try await SignalingClient.connect(
                to: options.server,
                as: options.id,
                on: loop
            )
        } catch {
            console.fail("\(error)")
            return .noSignaling
        }
        console.report(
            "registered as \(options.id) at \(options.server)",
            ["event": "registered", "id": .string(options.id)]
        )
        let conversation = Task { try await converse(self, client) }
        let interruption = Task {
            for await _ in signals { break }
            // Cancelling ends the call properly: the other side learns at once.
            conversation.cancel()
        }
        defer { interruption.cancel() }
        let code = await outcome(of: conversation)
        await client.close()
        return code
    }

    private func outcome(of conversation: Task<ExitCode, any Error>) async -> ExitCode {
        do {
            return try await conversation.value
        } catch let error as AudioError {
            console.fail("\(error)")
            return .noAudio
        } catch is CancellationError {
            return .success
        } catch {
            console.fail("\(error)")
            return .callFailed
        }
    }

    // MARK: The two parts

    /// Calls `target`.
    func place(callTo target: String, over client: SignalingClient) async throws -> ExitCode {
        let source = try AudioSource(options.source)
        let listening = try Listening(recording: options.recording, speaker: options.speaker)
        let call = try VoiceCall(with: target, over: client, hearing: listening, console: console)
        let track = try await call.peer.addAudioTrack()
        console.report(
            "calling \(target)",
            ["event": "calling", "targetId": .string(target)]
        )
        try await call.offer()
        return try await talk(call, saying: source, on: track, over: client, with: target)
    }

    /// Waits for an offer and takes it.
    func answer(over client: SignalingClient) async throws -> ExitCode {
        let source = try AudioSource(options.source)
        let listening = try Listening(recording: options.recording, speaker: options.speaker)
        console.report("waiting for a call; Ctrl-C ends it", ["event": "waiting"])
        for await message in client.messages {
            guard case .offer = message.content, let caller = message.sender else { continue }
            console.report(
                "\(caller) calls",
                ["event": "incoming", "id": .string(caller)]
            )
            let call = try VoiceCall(
                with: caller,
                over: client,
                hearing: listening,
                console: console
            )
            let track = try await call.peer.addAudioTrack()
            try await call.receive(message.content)
            return try await talk(call, saying: source, on: track, over: client, with: caller)
        }
        try Task.checkCancellation()
        console.fail("the signaling server has closed the connection")
        return .noSignaling
    }

    private func talk(
        _ call: VoiceCall,
        saying source: AudioSource,
        on track: LocalAudioTrack,
        over client: SignalingClient,
        with other: String
    ) async throws -> ExitCode {
        let signaling = Task { await follow(client, for: call, with: other) }
        defer { signaling.cancel() }
        let wasConnected = await withTaskCancellationHandler {
            await call.run { await Speaking.run(source, over: track) }
        } onCancel: {
            Task { await call.hangUp() }
        }
        try call.listening.close()
        return wasConnected || Task.isCancelled ? .success : .callFailed
    }

    /// Passes what the other side signals to the call; messages of others are not for it.
    private func follow(
        _ client: SignalingClient,
        for call: VoiceCall,
        with other: String
    ) async {
        for await message in client.messages {
            if case .error(let code, let text) = message.content {
                console.fail("the signaling server says: \(text)")
                if code == .unknownTarget { await call.peer.close() }
                continue
            }
            guard message.sender == other else { continue }
            do {
                try await call.receive(message.content)
            } catch {
                console.fail("\(other) sent something unusable: \(error)")
            }
        }
    }
}
