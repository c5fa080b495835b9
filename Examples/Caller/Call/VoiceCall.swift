import AudioIO
import LinuxIO
import Signaling
import Swiftlet
import Wire

/// One voice call: the connection, what is said and what is heard, until one side ends it.
final class VoiceCall: Sendable {
    let peer: PeerConnection
    private let signaling: SignalingClient
    private let other: String
    let listening: Listening
    private let console: Console
    private let began = ContinuousClock.now

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

    /// Takes over what the other side signals.
    func receive(_ content: SignalingMessage.Content) async throws {
        switch content {
        case .offer(let sdp):
            try await peer.setRemoteDescription(SessionDescription(.offer, sdp: sdp))
            let answer = try await peer.createAnswer()
            try await peer.setLocalDescription(answer)
            try await signaling.send(.answer(answer.sdp), to: other)
        case .answer(let sdp):
            try await peer.setRemoteDescription(SessionDescription(.answer, sdp: sdp))
        case .candidate(let line, let mid):
            try await peer.addICECandidate(ICECandidate(candidate: line, sdpMid: mid))
        case .disconnect: await peer.close()
        case .register, .error: break  // for the signaling client and our caller
        }
    }

    // MARK: While it runs

    /// Runs the call until it is over; true if it was connected.
    ///
    /// `speak` begins once there is a connection, so that nothing is said into the void.
    func run(speak: @escaping @Sendable () async -> Void) async -> Bool {
        var speaking: Task<Void, Never>?
        let showing = Task { await showStatus() }
        var wasConnected = false
        for await event in peer.events {
            switch event {
            case .candidate(let candidate):
                let content = SignalingMessage.Content.candidate(
                    candidate.candidate,
                    mid: candidate.sdpMid
                )
                try? await signaling.send(content, to: other)
            case .track(let track): Task { await listening.listen(to: track) }
            case .connectionStateChanged(.connected):
                guard !wasConnected else { break }
                wasConnected = true
                await reportConnected()
                speaking = Task { await speak() }
            case .connectionStateChanged(.failed):
                console.fail(
                    "no connection: no path to \(other) works. Is a firewall in the way of UDP?"
                )
                await peer.close()
            case .warning(let warning): report(warning)
            case .closed(let reason): report(reason)
            case .connectionStateChanged, .gatheringStateChanged, .signalingStateChanged,
                .iceConnectionStateChanged, .pathChanged, .negotiationNeeded:
                break  // the status line shows them
            }
        }
        speaking?.cancel()
        showing.cancel()
        return wasConnected
    }

    /// Ends the call on both sides.
    func hangUp() async {
        await peer.close()
        try? await signaling.send(.disconnect, to: other)
    }

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

    private func report(_ reason: CloseReason) {
        let text = reason == .peer ? "\(other) has hung up" : "the call has ended"
        console.report(text, ["event": "ended", "by": .string(reason.rawValue)])
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
