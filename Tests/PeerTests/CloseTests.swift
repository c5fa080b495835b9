import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("A call ends at once, in every state, and nothing follows")
struct CloseTests {
    private static let delay = Duration.milliseconds(60)

    /// How far a call has come when it is closed, from the moment of the answer.
    @Test(
        "closing in every state says only that it is over",
        arguments: [0, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360, 500]
    )
    func closesAnywhere(milliseconds: Int) throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 1)
        try call.negotiate()
        call.network.run(for: .milliseconds(milliseconds))
        for host in [call.caller, call.answerer] {
            call.network.with(host) { node, now in
                node.events = []
                node.session.close(at: now)
                node.collect(at: now)
                // The other side may have closed before.
                let isQuiet = node.events.isEmpty
                #expect(isQuiet || node.isOverInOrder)
                node.events = []
                node.session.close(at: now)
                node.collect(at: now)
                let (deadline, told) = (node.session.deadline, node.events.count)
                #expect(deadline == nil && told == 0)
            }
        }
        expectSilence(call)
    }

    @Test func aSessionThatWasNeverUsedCloses() throws {
        for step in 0..<4 {
            var session = try makeSession()
            if step > 0 { _ = try session.addTrack(.audio, at: .zero) }
            if step > 1 { _ = try session.offer() }
            if step > 2 {
                session.addLocalAddress(SocketAddress(.loopback4, port: 4_000), to: 0, at: .zero)
            }
            _ = session.events()
            session.close(at: .zero)
            let told = session.events().map(\.name)
            #expect(told == PeerNode.ending)
            let (deadline, state) = (session.deadline, session.connectionState)
            #expect(deadline == nil && state == .closed)
            session.takeOutgoing { batch in #expect(batch.isEmpty) }
        }
    }

    /// What a program still does with a closed session is of no effect.
    private func expectSilence(_ call: CallScene) {
        call.run(1)
        call.network.capture.removeAll()
        call.network.capture.points = .sent
        for host in [call.caller, call.answerer] {
            call.network.with(host) { node, now in
                node.events = []
                for first in UInt8.min...UInt8.max {
                    let bytes = [first] + [UInt8](repeating: 7, count: 60)
                    let other = SocketAddress(address("192.0.2.1"), port: 9)
                    node.receive(
                        Datagram(from: other, to: node.localAddress, payload: bytes),
                        at: now
                    )
                }
                let payload: [UInt8] = [0xF8]
                if let audio = node.audio {
                    let frame = EncodedAudio(timestamp: 0)
                    node.session.sendAudio(payload.span, frame, on: audio, at: now)
                }
                node.session.addLocalAddress(node.localAddress, to: 0, at: now)
                node.session.restartICE(at: now)
                node.session.advance(to: now.advanced(by: .seconds(3_600)))
                node.collect(at: now)
                let (deadline, told) = (node.session.deadline, node.events.count)
                #expect(deadline == nil && told == 0)
            }
        }
        call.run(60)
        #expect(call.network.capture.packets.isEmpty)
    }

    @Test func theOtherSideKnowsOneDelayLater() throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 2)
        try call.negotiate()
        #expect(call.connect() == .done)
        call.talk(frames: 50)
        call.network.with(call.answerer) { node, _ in node.events = [] }
        call.hangUp(call.caller)
        call.network.run(for: Self.delay - .milliseconds(1))
        #expect(!call.network.read(call.answerer) { $0.hasEnded })
        call.network.run(for: .milliseconds(1))
        call.network.read(call.answerer) { node in
            let names = node.events.map(\.name)
            // BYE first, then close_notify.
            #expect(names == ["trackEnded"] + PeerNode.ending)
            let last = node.events.last
            guard case .closed(.peer)? = last else {
                Issue.record("closed for another reason")
                return
            }
        }
    }

    @Test func aPeerThatVanishesIsGivenUpWithinHalfAMinute() throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 3)
        try call.negotiate()
        #expect(call.connect() == .done)
        call.network.schedule(.outage(of: call.caller, from: .seconds(10)))
        call.run(10 - Instant.zero.duration(to: call.network.now).milliseconds / 1_000)
        for host in [call.caller, call.answerer] {
            call.network.with(host) { node, now in
                node.events = []
                node.microphone.start(frames: 5_000, at: now)
            }
        }
        // Consent was renewed at the latest when the peer went; it lasts for 30 s (RFC 7675 §5.1).
        call.run(11)
        #expect(call.states(of: call.answerer) == [.disconnected])
        call.run(19.5)
        for host in [call.caller, call.answerer] {
            #expect(call.states(of: host) == [.disconnected, .failed])
        }
        // From then on nothing is sent, whatever the program says.
        call.network.capture.removeAll()
        call.network.capture.points = .sent
        call.run(20)
        #expect(call.network.capture.packets.isEmpty)
    }
}

extension PeerNode {
    /// What a program hears at the end, and nothing behind it.
    static let ending = ["signaling", "ice", "connection", "closed"]

    fileprivate var isOverInOrder: Bool { events.map(\.name) == Self.ending }
}

extension PeerEvent {
    var name: String {
        switch self {
        case .candidate: "candidate"
        case .candidateError: "candidateError"
        case .gatheringStateChanged: "gathering"
        case .signalingStateChanged: "signaling"
        case .iceConnectionStateChanged: "ice"
        case .connectionStateChanged: "connection"
        case .pathChanged: "path"
        case .trackAdded: "trackAdded"
        case .trackStreamsChanged: "trackStreamsChanged"
        case .trackStarted: "trackStarted"
        case .trackEnded: "trackEnded"
        case .negotiationNeeded: "negotiationNeeded"
        case .warning: "warning"
        case .closed: "closed"
        }
    }
}
