import AudioIO
import LinuxIO
import Signaling
import Swiftlet
import Synchronization
import Wire

/// One voice call: the connection, what is said and what is heard, until one side ends it.
final class VoiceCall: Sendable {
    /// How a call went.
    enum Outcome: Hashable, Sendable {
        /// There was a connection, until one side ended it.
        case ended
        /// There never was a connection.
        case notConnected
        /// There was a connection, until nothing came through any more.
        case lost
    }

    let peer: PeerConnection
    let listening: Listening
    let other: String
    let console: Console
    let began = ContinuousClock.now
    private let signaling: SignalingClient
    private let negotiation: PerfectNegotiation
    /// Set before the connection is closed because of it, or when that told us.
    let otherHasHungUp = Atomic(false)
    /// Whether there was a connection at any time.
    private let hasConnected = Atomic(false)

    /// A call with `other`, which nothing has been sent for yet.
    ///
    /// Should both sides want to change something at once, the one that was called gives way.
    init(
        with other: String,
        weCall: Bool,
        over signaling: SignalingClient,
        hearing listening: Listening,
        console: Console,
        configuration: Configuration = Configuration()
    ) throws(PeerConnectionError) {
        peer = try PeerConnection(configuration: configuration)
        negotiation = PerfectNegotiation(of: peer, isPolite: !weCall) { signal in
            switch signal {
            case .description(let description) where description.kind == .offer:
                try await signaling.send(.offer(description.sdp), to: other)
            case .description(let description):
                try await signaling.send(.answer(description.sdp), to: other)
            case .candidate(let candidate):
                let line = candidate.candidate
                try await signaling.send(.candidate(line, mid: candidate.sdpMid), to: other)
            }
        }
        self.other = other
        self.signaling = signaling
        self.listening = listening
        self.console = console
    }

    // MARK: Offer and answer

    /// Sends our offer.
    func offer() async throws {
        try await negotiation.offer()
    }

    /// Takes over what the other side signals; false, and a message, if it cannot be used.
    @discardableResult
    func take(_ content: SignalingMessage.Content) async -> Bool {
        do {
            try await receive(content)
            return true
        } catch {
            // What comes after the end is not worth a word.
            guard await !peer.isClosed else { return true }
            console.fail("\(other) sent something unusable: \(error)")
            return false
        }
    }

    private func receive(_ content: SignalingMessage.Content) async throws {
        switch content {
        case .offer(let sdp):
            // Nothing would ever be heard, nor the end of the call be seen.
            guard sdp.contains("m=audio ") else { throw OfferError.noAudio }
            try await negotiation.receive(.description(SessionDescription(.offer, sdp: sdp)))
        case .answer(let sdp):
            try await negotiation.receive(.description(SessionDescription(.answer, sdp: sdp)))
        case .candidate(let line, let mid):
            try await negotiation.receive(.candidate(ICECandidate(candidate: line, sdpMid: mid)))
        case .disconnect:
            otherHasHungUp.store(true, ordering: .relaxed)
            await peer.close()
        case .register, .error: break  // for the signaling client and our caller
        }
    }

    // MARK: While it runs

    /// Runs the call until it is over.
    ///
    /// `speak` begins once there is a connection, so that nothing is said into the void.
    func run(speak: @escaping @Sendable () async -> Void) async -> Outcome {
        var outcome = Outcome.notConnected
        var tasks = [Task { await showStatus() }]
        var heard: Set<TransceiverID> = []
        for await event in peer.events {
            switch event {
            case .candidate(let candidate):
                report(candidate)
                await send(candidate)
            case .candidateError(let error): report(error)
            case .pathChanged(let path): report(path)
            // Made up for once there is a connection; the first offer is not for us to make.
            case .negotiationNeeded where outcome == .notConnected: break
            case .negotiationNeeded: await negotiateAgain()
            case .track(let track):
                // It comes again when the other side speaks again after a pause.
                guard heard.insert(track.transceiver).inserted else { break }
                tasks.append(Task { await listening.listen(to: track) })
            case .connectionStateChanged(.connected):
                guard outcome == .notConnected else { break }
                outcome = .ended
                hasConnected.store(true, ordering: .relaxed)
                await reportConnected()
                tasks.append(Task { await speak() })
                await negotiateAgain()
            case .connectionStateChanged(.failed):
                await reportFailure(wasConnected: outcome == .ended)
                if outcome == .ended { outcome = .lost }
                await peer.close()
            case .warning(let warning): report(warning)
            case .gatheringFailed(let address, let error): report(error, at: address)
            case .closed(let reason):
                if reason == .peer { otherHasHungUp.store(true, ordering: .relaxed) }
                reportEnd(outcome)
            case .connectionStateChanged, .gatheringStateChanged, .signalingStateChanged,
                .iceConnectionStateChanged:
                break  // the status line shows them
            // A voice call has one track, and it is silent while it pauses.
            case .videoTrack, .trackStreamsChanged, .trackEnded: break
            }
        }
        if !otherHasHungUp.load(ordering: .relaxed) { await sendGoodbye() }
        for task in tasks { task.cancel() }
        // Devices and files are given back when all have ended.
        for task in tasks { await task.value }
        return outcome
    }

    /// Ends the call on both sides; `run` returns when the other side was told.
    func hangUp() async {
        await peer.close()
    }

    /// Ends a call that does not run.
    func refuse() async {
        await peer.close()
        await sendGoodbye()
    }

    /// Tells the other side over signaling, in case it has not learnt from the connection's end.
    private func sendGoodbye() async {
        do throws(SignalingSendError) {
            try await signaling.send(.disconnect, to: other)
        } catch {}  // without signaling the connection's own goodbye has to do
    }

    private func send(_ candidate: ICECandidate) async {
        do {
            try await negotiation.send(candidate)
        } catch {}  // without signaling there is no call to come; `follow` says so
    }

    /// New credentials for a path that was lost, as a rule.
    private func negotiateAgain() async {
        do {
            try await negotiation.offer()
        } catch {
            guard await !peer.isClosed else { return }
            console.report(
                "warning: \(other) cannot be asked for a new path: \(error)",
                ["event": "warning", "message": .string("\(error)")]
            )
        }
    }

    private func showStatus() async {
        var meter = StatusMeter(began: began)
        var story = PathStory()
        while !Task.isCancelled {
            let statistics = await peer.statistics()
            for restart in story.news(from: statistics.ice) { report(restart) }
            console.show(meter.status(from: statistics, level: listening.level))
            guard (try? await Task.sleep(for: .milliseconds(250))) != nil else { return }
        }
    }
}

// MARK: - Signaling while it runs

extension VoiceCall {
    /// Takes what the other side signals until the call or signaling ends.
    ///
    /// Others who call meanwhile are told that nobody takes their call.
    func follow(_ client: SignalingClient) async {
        for await message in client.messages {
            switch message.content {
            case .error(let code, let text): await receiveError(code, text)
            case .offer where message.sender != other:
                await refuse(message.sender, over: client)
            case .offer, .answer, .candidate, .disconnect:
                if message.sender == other { await take(message.content) }
            case .register: break
            }
        }
        // A call that has come about goes on without signaling; one to come never will.
        guard !Task.isCancelled, await isComing else { return }
        console.fail("the signaling server has closed the connection")
        await peer.close()
    }

    /// Whether there may be a connection for the first time.
    private var isComing: Bool {
        get async {
            guard !hasConnected.load(ordering: .relaxed) else { return false }
            switch await peer.connectionState {
            case .new, .connecting: return true
            case .connected, .disconnected, .failed, .closed: return false
            }
        }
    }

    private func receiveError(_ code: SignalingErrorCode, _ text: String) async {
        guard await isComing else { return }
        console.fail("the signaling server says: \(text)")
        if code == .unknownTarget { await peer.close() }
    }

    private func refuse(_ caller: String?, over client: SignalingClient) async {
        guard let caller else { return }
        console.report(
            "\(caller) calls, too, and is told that we are busy",
            ["event": "busy", "id": .string(caller)]
        )
        do throws(SignalingSendError) {
            try await client.send(.disconnect, to: caller)
        } catch {}  // then signaling has ended, and the caller learns that by itself
    }
}

/// What an offer lacks for a call.
private enum OfferError: Error, CustomStringConvertible {
    case noAudio

    var description: String { "the offer has no audio" }
}
