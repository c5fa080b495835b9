import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Setting up a call takes no longer than the network makes it")
struct SetupTests {
    /// One way; a round trip takes twice that.
    static let delay = Duration.milliseconds(60)
    static let roundTrip = delay * 2

    @Test("connects at 10 to 30 % loss, every time", arguments: 0..<60 as Range<UInt64>)
    func survivesLoss(seed: UInt64) throws {
        let line = Link(
            delay: .milliseconds(30),
            jitter: .milliseconds(30),
            loss: .random(0.1 + 0.05 * Double(seed % 5)),
            duplication: 0.05
        )
        let call = try CallScene.direct(line: line, seed: seed)
        try call.negotiate()
        #expect(call.connect(within: .seconds(30)) == .done)
    }

    /// 25 ms to each line's end: 100 ms there and back.
    @Test func aPathIsUsableAfterOneRoundTripAndAgreedOnAfterTwo() throws {
        let call = try CallScene(seed: 4, link: Link(delay: .milliseconds(25)))
        try call.negotiate()
        let start = call.network.now
        // The answerer has known the caller's candidate for the 20 ms that the answer took.
        call.network.run(for: .milliseconds(100))
        let found = [call.answerer, call.caller].map { call.statistics(of: $0).timeline.pathFound }
        #expect(found == [120, 140].map { Instant.zero.advanced(by: .milliseconds($0)) })
        #expect(start == Instant.zero.advanced(by: .milliseconds(40)))
        let isAgreed = { (host: Host<PeerNode>) in
            call.network.read(host) { node in
                node.events.contains { event in
                    if case .iceConnectionStateChanged(.completed) = event { true } else { false }
                }
            }
        }
        #expect(!isAgreed(call.caller))
        call.network.run(for: .milliseconds(100))
        #expect(isAgreed(call.caller) && isAgreed(call.answerer))
    }

    /// Offer ½, check 1, its answer 1½, ClientHello 2, ServerHello 2½, the client's flight 3, the
    /// server's 3½: what RFC 9429, RFC 8445 and RFC 6347 need, and nothing waits for a timer.
    @Test func takesThreeAndAHalfRoundTripsWithoutLoss() throws {
        var call = try CallScene.direct(line: Link(delay: Self.delay), seed: 3)
        call.signalingDelay = Self.delay
        try call.negotiate()
        #expect(call.connect() == .done)
        #expect(call.connected(call.caller) == Self.roundTrip * 3)
        #expect(call.connected(call.answerer) == Self.roundTrip * 3.5)
    }

    @Test(
        "connects however late candidates come, as long as one side knows the other's",
        arguments: [0.0, 0.07, 0.9, 4.0, nil],
        [0.0, 0.07, 0.9, 4.0, nil]
    )
    func trickle(toAnswerer: Double?, toCaller: Double?) throws {
        guard toAnswerer != nil || toCaller != nil else { return }
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 4)
        let offer = try call.offer(from: call.caller)
        let answer = try call.answer(offer, at: call.answerer)
        try call.accept(answer, at: call.caller)
        for (delay, from, to) in [
            (toAnswerer, call.caller, call.answerer), (toCaller, call.answerer, call.caller),
        ] {
            guard let delay else { continue }
            call.network.at(.seconds(delay)) { try? call.passCandidates(from: from, to: to) }
        }
        let first = min(toAnswerer ?? .infinity, toCaller ?? .infinity)
        #expect(call.connect(within: .seconds(first) + Self.roundTrip * 4) == .done)
    }

    @Test func candidatesMayComeBeforeTheAnswerIsMade() throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 5)
        let offer = try call.offer(from: call.caller)
        try call.accept(offer, at: call.answerer)
        try call.passCandidates(from: call.caller, to: call.answerer)
        let answer = try call.network.with(call.answerer) { node, now in
            let answer = try node.session.createAnswer(at: now)
            try node.session.setLocalDescription(answer, at: now)
            node.collect(at: now)
            return answer
        }
        call.network.run(for: Self.delay)
        try call.accept(answer, at: call.caller)
        #expect(call.connect(within: Self.roundTrip * 3) == .done)
    }

    /// The answerer's checks and its ClientHello are with us long before the answer: both wait,
    /// and nothing has to be sent again.
    @Test("an answer that comes late costs nothing but its delay", arguments: [0.3, 0.8, 2.0, 6.0])
    func lateAnswer(seconds: Double) throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 6)
        let offer = try call.offer(from: call.caller)
        let answer = try call.answer(offer, at: call.answerer)
        try call.passCandidates(from: call.caller, to: call.answerer)
        call.network.run(for: .seconds(seconds))
        try call.accept(answer, at: call.caller)
        #expect(call.connect() == .done)
        // Our check leaves with the answer; when it is answered the handshake goes on at once.
        #expect(call.connected(call.caller) == .seconds(seconds) + Self.roundTrip * 2)
        #expect(call.connected(call.answerer) == .seconds(seconds) + Self.roundTrip * 2.5)
    }

    /// The response to our check is lost, so that the path is proven half a second later than the
    /// peer's ClientHello arrives: it is used at that moment.
    @Test func aClientHelloThatOvertakesTheCheckIsKept() throws {
        var call = try CallScene.direct(line: Link(delay: Self.delay), seed: 7)
        call.signalingDelay = Self.delay
        var hasDropped = false
        let caller = call.network.addresses(of: call.caller)[0]
        call.network.drop { datagram, _ in
            // RFC 8489 §5: a success response.
            guard !hasDropped, datagram.payload.starts(with: [0x01, 0x01]),
                datagram.destination.address == caller
            else { return false }
            hasDropped = true
            return true
        }
        try call.negotiate()
        #expect(call.connect() == .done)
        let found = call.network.read(call.caller) { $0.pathFound }
        #expect(found != nil)
        // One round trip for the rest of the handshake.
        #expect(call.connected(call.caller) == found.map { $0 + Self.roundTrip })
    }

    @Test func strangersCannotFillTheStoreOfEarlyDatagrams() throws {
        let call = try CallScene.direct(line: Link(delay: Self.delay), seed: 8)
        let offer = try call.offer(from: call.caller)
        // Far more than fits, before the peer's first word.
        call.network.with(call.caller) { node, now in
            for index in 0..<1_000 {
                let garbage = [22, 254, 253] + [UInt8](repeating: UInt8(index & 255), count: 1_200)
                let source = SocketAddress(address("192.0.2.66"), port: UInt16(1_000 + index))
                node.receive(
                    Datagram(from: source, to: node.localAddress, payload: garbage),
                    at: now
                )
            }
        }
        #expect(call.statistics(of: call.caller).counters.droppedEarlyPackets == 996)
        let answer = try call.answer(offer, at: call.answerer)
        try call.passCandidates(from: call.caller, to: call.answerer)
        call.run(2)
        try call.accept(answer, at: call.caller)
        #expect(call.connect() == .done)
        #expect(call.connected(call.caller) == .seconds(2) + Self.roundTrip * 2)
    }
}

extension CallScene {
    /// When `host` was connected, from the start of the simulation.
    func connected(_ host: Host<PeerNode>) -> Duration? {
        statistics(of: host).timeline.connected.map { Instant.zero.duration(to: $0) }
    }
}

extension PeerNode {
    var pathFound: Duration? {
        session.statistics(at: .zero).timeline.pathFound.map { Instant.zero.duration(to: $0) }
    }
}
