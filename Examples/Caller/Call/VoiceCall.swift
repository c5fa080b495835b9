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
    private let signaling: SignalingClient
    private let began = ContinuousClock.now
    /// Set before the connection is closed because of it, or when that told us.
    private let otherHasHungUp = Atomic(false)

    /// A call with `other`, which nothing has been sent for yet.
    init(
        with other: String,
        over signaling: SignalingClient,
        hearing listening: Listening,
        console: Console,
        configuration: Configuration = Configuration()
    ) throws(PeerConnectionError) {
        peer = try PeerConnection(configuration: configuration)
        self.other = other
        self.signaling = signaling
        self.listening = listening
        self.console = console
    }

    // MARK: Offer and answer

    /// Sends our offer.
    func offer() async throws {
        let offer = try await peer.createOffer()
        try await peer.setLocalDescription(offer)
        try await signaling.send(.offer(offer.sdp), to: other)
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
            try await peer.setRemoteDescription(SessionDescription(.offer, sdp: sdp))
            let answer = try await peer.createAnswer()
            // Nothing would ever be heard, nor the end of the call be seen.
            guard answer.sdp.contains("m=audio ") else { throw OfferError.noAudio }
            try await peer.setLocalDescription(answer)
            try await signaling.send(.answer(answer.sdp), to: other)
        case .answer(let sdp):
            try await peer.setRemoteDescription(SessionDescription(.answer, sdp: sdp))
        case .candidate(let line, let mid):
            try await peer.addICECandidate(ICECandidate(candidate: line, sdpMid: mid))
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
            case .candidate(let candidate): await send(candidate)
            case .track(let track):
                // It comes again when the other side speaks again after a pause.
                guard heard.insert(track.transceiver).inserted else { break }
                tasks.append(Task { await listening.listen(to: track) })
            case .connectionStateChanged(.connected):
                guard outcome == .notConnected else { break }
                outcome = .ended
                await reportConnected()
                tasks.append(Task { await speak() })
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
                .iceConnectionStateChanged, .pathChanged, .negotiationNeeded, .candidateError:
                break  // the status line shows them
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
        do throws(SignalingSendError) {
            try await signaling.send(
                .candidate(candidate.candidate, mid: candidate.sdpMid),
                to: other
            )
        } catch {}  // without signaling there is no call to come; `follow` says so
    }

    private func showStatus() async {
        var meter = StatusMeter(began: began)
        while !Task.isCancelled {
            let statistics = await peer.statistics()
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
        guard !Task.isCancelled, await peer.isComing else { return }
        console.fail("the signaling server has closed the connection")
        await peer.close()
    }

    private func receiveError(_ code: SignalingErrorCode, _ text: String) async {
        guard await peer.isComing else { return }
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

extension PeerConnection {
    /// Whether it may still become connected for the first time.
    fileprivate var isComing: Bool {
        switch connectionState {
        case .new, .connecting: true
        case .connected, .disconnected, .failed, .closed: false
        }
    }
}

// MARK: - What the user is told

extension VoiceCall {
    private func reportConnected() async {
        let time = began.duration(to: .now)
        let path = await peer.statistics().path
        let ends = path.map { "\($0.local.address) <-> \($0.remote.address)" } ?? ""
        console.report(
            "connected with \(other) after \(Decimal.text(time.inMilliseconds)) ms  \(ends)",
            [
                "event": "connected", "with": .string(other),
                "milliseconds": .number(Decimal.text(time.inMilliseconds)),
            ]
        )
    }

    private func reportFailure(wasConnected: Bool) async {
        if wasConnected {
            console.fail("the connection to \(other) is lost: nothing comes through any more")
        } else if await peer.statistics().path == nil {
            console.fail(
                "no connection: no path to \(other) works. Is a firewall in the way of UDP?"
            )
        } else {
            console.fail("no connection: \(other) could not prove to be who signaling said")
        }
    }

    private func report(_ warning: PeerWarning) {
        let text =
            switch warning {
            case .descriptionDeviates(let deviations):
                "\(other)'s description has faults: \(deviations.joined(separator: "; "))"
            case .unexpectedPayloadType(let type):
                "\(other) sends payload type \(type), which was not agreed on"
            }
        console.report("warning: \(text)", ["event": "warning", "message": .string(text)])
    }

    private func report(_ error: SystemError, at address: IPAddress?) {
        let text = address.map { "cannot be called at \($0): \(error)" } ?? "\(error)"
        console.report("warning: \(text)", ["event": "warning", "message": .string(text)])
    }

    private func reportEnd(_ outcome: Outcome) {
        let isByOther = otherHasHungUp.load(ordering: .relaxed)
        let text =
            switch (isByOther, outcome) {
            case (true, .notConnected): "\(other) is busy or has hung up"
            case (true, .ended), (true, .lost): "\(other) has hung up"
            case (false, .notConnected): "no call came about"
            case (false, .ended), (false, .lost): "the call has ended"
            }
        let by = isByOther ? CloseReason.peer : .local
        console.report(text, ["event": "ended", "by": .string(by.rawValue)])
    }
}
