import ICE
import NetworkSimulator
import Peer
import SDP
import STUN
import Testing
import Wire

/// What ``HostileTests`` of ICE show of the agent, seen from the whole host: what leaves it, and what
/// it keeps.
@Suite("Checks and answers that somebody invents, RFC 8445 §19")
struct HostileChecksTests {
    private static let stranger = address("192.0.2.66")
    private let id = STUNTransactionID(high: 7, low: 7)

    private func makeCall(seed: UInt64) throws -> RawScene {
        let scene = try RawScene(seed: seed)
        try scene.answerOffer()
        #expect(scene.connect() == .done)
        scene.network.run(for: .seconds(1))
        return scene
    }

    private struct Names {
        let ours: ICECredentials
        let theirs: String
    }

    /// The names in both descriptions.
    private func names(_ scene: RawScene) throws -> Names {
        let texts = scene.network.read(scene.peer) {
            [$0.session.localDescription?.sdp ?? "", $0.session.remoteDescription?.sdp ?? ""]
        }
        let media = try texts.map { try SDPDescription(parsing: $0).media[0] }
        return Names(
            ours: ICECredentials(
                usernameFragment: media[0].iceUfrag ?? "",
                password: media[0].icePwd ?? ""
            ),
            theirs: media[1].iceUfrag ?? ""
        )
    }

    private func check(
        _ names: Names,
        username: String? = nil,
        password: String? = nil
    )
        throws -> [UInt8]
    {
        try STUNMessage(
            .request,
            id: id,
            attributes: [
                .username(username ?? "\(names.ours.usernameFragment):\(names.theirs)"),
                .priority(1), .iceControlled(tieBreaker: 1),
            ]
        ).write(signedWith: STUNKey(password: password ?? names.ours.password))
    }

    private func inject(_ bytes: [UInt8], from source: SocketAddress, into scene: RawScene) {
        let local = scene.network.read(scene.peer) { $0.localAddress }
        let datagram = Datagram(from: source, to: local, payload: bytes)
        scene.network.with(scene.peer) { node, now in node.receive(datagram, at: now) }
    }

    /// What leaves for the stranger, caught on its way.
    private final class Catch {
        var datagrams: [Datagram] = []
        var checks: [Datagram] { datagrams.filter { $0.payload.starts(with: [0, 1]) } }
        var bytes: Int { datagrams.reduce(0) { $0 + $1.payload.count } }
    }

    private func watch(_ scene: RawScene) -> Catch {
        let record = Catch()
        scene.network.drop { datagram, _ in
            guard datagram.destination.address == Self.stranger else { return false }
            record.datagrams.append(datagram)
            return true
        }
        return record
    }

    private func isAlive(_ scene: RawScene) -> Bool {
        scene.send((0..<10).map { rtp(20_000 + $0) })
        scene.network.run(for: .seconds(1))
        return scene.statistics.connectionState == .connected
            && scene.statistics.received.first?.packetsReceived == 10
    }

    @Test("ten thousand sources that know the password fill a bounded state")
    func peerReflexiveFlood() throws {
        let scene = try makeCall(seed: 41)
        let (record, bytes) = (watch(scene), try check(names(scene)))
        for port in 1...10_000 as ClosedRange<UInt16> {
            inject(bytes, from: SocketAddress(Self.stranger, port: port), into: scene)
        }
        scene.network.run(for: .seconds(120))
        // Each is answered; checked are as many as there is room for, and seven times at most.
        #expect(record.datagrams.count - record.checks.count == 10_000)
        let checked = Set(record.checks.map(\.destination.port))
        #expect(checked.count > 10 && checked.count <= 100)
        #expect(record.checks.count <= 7 * checked.count)
        #expect(scene.statistics.ice.pairs.count <= 100)
        let count = record.datagrams.count
        scene.network.run(for: .seconds(3_600))
        #expect(record.datagrams.count == count)
        #expect(isAlive(scene))
    }

    @Test("who does not know the password causes no check, and gets no more than it sends")
    func forgedRequests() throws {
        let scene = try makeCall(seed: 42)
        let (record, names) = (watch(scene), try names(scene))
        let before = scene.statistics
        let forged = [
            try check(names, password: "wrong"), try check(names, username: "a:b"),
            try check(names, username: names.ours.usernameFragment),
        ]
        var sent = 0
        for port in 1...1_000 as ClosedRange<UInt16> {
            for bytes in forged {
                inject(bytes, from: SocketAddress(Self.stranger, port: port), into: scene)
                sent += bytes.count
            }
        }
        scene.network.run(for: .seconds(60))
        #expect(record.checks.isEmpty)
        #expect(record.bytes <= sent)
        #expect(scene.statistics.ice.unauthenticatedPackets >= 3_000)
        #expect(scene.statistics.ice.pairs.map(\.id) == before.ice.pairs.map(\.id))
        #expect(scene.statistics.path == before.path)
        #expect(isAlive(scene))
    }

    /// Both fail the same way: what is no fresh answer from where was asked is no consent.
    @Test(
        "answers that are repeated, or come from elsewhere, keep no call alive",
        arguments: [true, false]
    )
    func answersThatProveNothing(areRepeated: Bool) throws {
        let scene = try makeCall(seed: 43)
        let raw = scene.network.read(scene.raw) { $0.local }
        let peer = scene.network.read(scene.peer) { $0.localAddress }
        let old = scene.network.capture.packets.map(\.datagram).filter {
            $0.source == raw && $0.payload.starts(with: [1, 1])
        }
        #expect(!old.isEmpty)
        var caught: [Datagram] = []
        var media = 0
        scene.network.drop { datagram, _ in
            if datagram.source == peer, datagram.payload[0] & 0xC0 == 0x80 { media += 1 }
            guard datagram.source == raw else { return false }
            if datagram.payload.starts(with: [1, 1]) { caught.append(datagram) }
            return true
        }
        scene.network.with(scene.peer) { node, now in node.microphone.start(frames: 10_000, at: now)
        }
        for _ in 0..<31 {
            scene.network.run(for: .seconds(1))
            for datagram in areRepeated ? old : caught {
                let elsewhere = SocketAddress(Self.stranger, port: raw.port)
                inject(datagram.payload, from: areRepeated ? raw : elsewhere, into: scene)
            }
            caught = []
        }
        #expect(media > 1_000)
        media = 0
        scene.network.run(for: .seconds(60))
        // RFC 7675 §5.1: without consent nothing leaves.
        #expect(media == 0)
        #expect(scene.statistics.path == nil)
        #expect(scene.statistics.connectionState != .connected)
    }

    @Test("ten thousand candidates in a description are paced like few", arguments: [true, false])
    func manyCandidatesInADescription(victimHasManyPorts: Bool) throws {
        let scene = try RawScene(seed: 44)
        let record = watch(scene)
        var times: [Instant] = []
        scene.network.drop { datagram, now in
            if datagram.destination.address == Self.stranger { times.append(now) }
            return false
        }
        let lines = (1...10_000).map { number in
            let port = victimHasManyPorts ? number : 9
            return "a=candidate:\(number) 1 udp 2122260223 \(Self.stranger) \(port) typ host\r\n"
        }
        try scene.receiveOffer { $0 + lines.joined() }
        scene.network.run(for: .seconds(300))
        for (index, time) in times.enumerated() {
            let second = times[index...].prefix { time.duration(to: $0) < .seconds(1) }
            #expect(second.count <= 21)
        }
        #expect(record.datagrams.count <= 7 * 100)
        #expect(scene.statistics.ice.pairs.count <= 100)
        #expect(scene.statistics.connectionState == .connected)
    }
}
