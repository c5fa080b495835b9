import AudioIO
import Glibc
import LinuxIO
import Signaling
import Swiftlet
import TLS

/// What `swiftlet call` and `swiftlet answer` have in common: signaling, sound, Ctrl-C, errors.
struct CallProgram: Sendable {
    let options: CallOptions
    let console: Console
    /// Whom servers may be known by: read once, as a file may be.
    var trust = TLSTrust.system

    typealias Conversation =
        @Sendable (_ program: CallProgram, _ client: SignalingClient) async throws -> ExitCode

    /// Joins the signaling server, lets `converse` make the call, and cleans up.
    func run(_ converse: @escaping Conversation) async -> ExitCode {
        do throws(SystemError) {
            let loop = try EventLoop(name: "signaling")
            let code = try await run(on: loop, converse)
            await loop.stop()
            return code
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
    }

    private func run(
        on loop: EventLoop,
        _ converse: @escaping Conversation
    ) async throws(SystemError) -> ExitCode {
        let trust: TLSTrust
        do throws(CertificateFileError) {
            trust = try CertificateFiles.trust(options.trust)
        } catch {
            console.fail("\(error)")
            return .wrongUsage
        }
        let client: SignalingClient
        do throws(SignalingClientError) {
            client = try await SignalingClient.connect(
                to: options.server,
                as: options.id,
                trust: trust,
                on: loop
            )
        } catch {
            console.fail("\(error)")
            return .noSignaling
        }
        // Not before: while there is nothing to end in order, Ctrl-C ends the program at once.
        let signals = try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop)
        console.report(
            "registered as \(options.id) at \(options.server)",
            ["event": "registered", "id": .string(options.id)]
        )
        let program = CallProgram(options: options, console: console, trust: trust)
        let conversation = Task { try await converse(program, client) }
        let interruption = Task { await interrupt(conversation, at: signals) }
        defer { interruption.cancel() }
        let reporting = Task { await report(client.news) }
        defer { reporting.cancel() }
        let code = await outcome(of: conversation)
        await client.close()
        return code
    }

    /// Says when signaling is lost, and when it is back.
    private func report(_ news: AsyncStream<SignalingConnectionNews>) async {
        for await item in news {
            switch item {
            case .interrupted(let end):
                console.report(
                    "signaling is interrupted (\(end)); trying again",
                    ["event": "signalingInterrupted", "reason": .string("\(end)")]
                )
            case .resumed(let isComplete):
                console.report(
                    isComplete ? "signaling is back" : "signaling is back; messages may be missing",
                    ["event": "signalingResumed", "complete": .boolean(isComplete)]
                )
            }
        }
    }

    /// Ends the conversation in order at the first signal, and the program at the second.
    private func interrupt(
        _ conversation: Task<ExitCode, any Error>,
        at signals: AsyncStream<ProcessSignal>
    ) async {
        for await _ in signals {
            guard !conversation.isCancelled else { exit(ExitCode.callFailed.rawValue) }
            conversation.cancel()
        }
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
}

// MARK: - The two parts

extension CallProgram {
    /// Calls `target`.
    func place(callTo target: String, over client: SignalingClient) async throws -> ExitCode {
        let source = try AudioSource(options.source)
        let listening = try Listening(recording: options.recording, speaker: options.speaker)
        let call = try VoiceCall(
            with: target,
            weCall: true,
            over: client,
            hearing: listening,
            console: console,
            configuration: options.network.configuration(trust: trust)
        )
        let track = try await call.peer.addAudioTrack()
        console.report(
            "calling \(target); Ctrl-C hangs up",
            ["event": "calling", "targetId": .string(target)]
        )
        try await call.offer()
        return try await talk(call, saying: source, on: track, over: client)
    }

    /// Waits for an offer and takes it.
    func answer(over client: SignalingClient) async throws -> ExitCode {
        let source = try AudioSource(options.source)
        let listening = try Listening(recording: options.recording, speaker: options.speaker)
        console.report("waiting for a call; Ctrl-C ends it", ["event": "waiting"])
        for await message in client.messages {
            guard case .offer = message.content, let caller = message.sender else { continue }
            console.report("\(caller) calls", ["event": "incoming", "id": .string(caller)])
            let call = try VoiceCall(
                with: caller,
                weCall: false,
                over: client,
                hearing: listening,
                console: console,
                configuration: options.network.configuration(trust: trust)
            )
            let track = try await call.peer.addAudioTrack()
            guard await call.take(message.content) else {
                // Whoever calls with something unusable must not end the waiting for others.
                await call.refuse()
                continue
            }
            return try await talk(call, saying: source, on: track, over: client)
        }
        try Task.checkCancellation()
        console.fail("the signaling server has closed the connection")
        return .noSignaling
    }

    private func talk(
        _ call: VoiceCall,
        saying source: AudioSource,
        on track: LocalAudioTrack,
        over client: SignalingClient
    ) async throws -> ExitCode {
        let signaling = Task { await call.follow(client) }
        // Its own task, so that being cancelled it still sees the call through to its end.
        let running = Task { await call.run { await Speaking.run(source, over: track) } }
        let outcome = await withTaskCancellationHandler {
            await running.value
        } onCancel: {
            Task { await call.hangUp() }
        }
        signaling.cancel()
        await signaling.value
        try call.listening.close()
        switch outcome {
        case .ended: return .success
        case .notConnected, .lost: return Task.isCancelled ? .success : .callFailed
        }
    }
}
