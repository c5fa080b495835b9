import STUN
import TURN
import Testing
import Wire

@Suite("RFC 8656 §21: what a server does not do")
struct ServerDefenceTests {
    @Test(
        "By default nothing is relayed to addresses that are not public",
        arguments: [
            "127.0.0.1", "127.255.0.1", "::1", "0.0.0.0", "::", "0.1.2.3", "10.1.2.3",
            "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "169.254.169.254",
            "fe80::1", "fec0::1", "fc00::1", "fd12::1", "224.0.0.1", "239.255.255.255", "ff02::1",
            "255.255.255.255", "240.0.0.1", "192.0.0.1", "198.18.0.1", "198.19.255.255",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
            "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::1",
            "2002:a00:1::1", "2001:0:1:2:3:4:80ff:fffe", "2001:db8::5efe:127.0.0.1", "100::1",
        ]
    )
    func forbids(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!PeerAddressPolicy().allows(address))
    }

    @Test(
        "Public addresses are allowed",
        arguments: [
            "8.8.8.8", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "100.63.0.1",
            "100.128.0.1", "223.255.255.255", "192.0.1.1", "198.20.0.1", "2001:4860::8888",
            "2606:4700::1111", "2003::1", "64:ff9c::1",
        ]
    )
    func allows(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(PeerAddressPolicy().allows(address))
    }

    @Test("What is allowed in part is allowed in that part only")
    func allowsInPart() throws {
        var policy = PeerAddressPolicy()
        policy.allowsTranslated = true
        #expect(policy.allows(ip("64:ff9b::808:808")))
        #expect(!policy.allows(ip("64:ff9b::7f00:1")))
        #expect(!policy.allows(ip("::ffff:10.0.0.1")))
        policy.allowsPrivate = true
        #expect(policy.allows(ip("::ffff:10.0.0.1")))
        #expect(policy.allows(ip("10.0.0.1")))
        #expect(!policy.allows(ip("127.0.0.1")))
        policy.allowsLoopback = true
        #expect(policy.allows(ip("::ffff:127.0.0.1")))
        policy.forbidden = [ip("127.0.0.1")]
        #expect(!policy.allows(ip("127.0.0.1")))
        #expect(!policy.allows(ip("::ffff:127.0.0.1")))
        policy.allowed = [ip("169.254.1.1")]
        #expect(policy.allows(ip("169.254.1.1")))
        #expect(!policy.allows(ip("169.254.1.2")))
    }

    @Test("A permission for ::ffff:127.0.0.1 is refused whatever relay there is")
    func mappedLoopback() {
        let server = RawServer()
        _ = server.request(.allocate) { writer, id throws(WriteError) in
            try STUNWriter.append(.requestedTransport(17), id: id, to: &writer)
            try STUNWriter.append(.additionalAddressFamily(.v6), id: id, to: &writer)
        }
        #expect(server.permit(endpoint("[::ffff:127.0.0.1]:22")) == 403)
        #expect(server.permit(endpoint("[64:ff9b::7f00:1]:22")) == 403)
        #expect(server.bind(0x4000, to: endpoint("[::ffff:127.0.0.1]:22")) == 403)
    }

    @Test("A server never relays to itself")
    func itself() throws {
        let server = RawServer { $0.peers.allowed = [Scene.serverAddress.address] }
        _ = server.allocate()
        #expect(server.permit(Scene.serverAddress) == 0)
        #expect(server.bind(0x4000, to: Scene.serverAddress) == 403)
        let message = try STUNMessage(
            .indication,
            .send,
            id: STUNTransactionID(high: 1, low: 1),
            attributes: [.xorPeerAddress(Scene.serverAddress), .data([1])]
        ).write()
        #expect(server.server.receive(message.span, on: RawServer.path, at: .zero) == nil)
    }

    @Test("Junk is not answered")
    func junk() throws {
        let server = RawServer()
        let id = STUNTransactionID(high: 1, low: 2)
        var broken = try STUNMessage(.request, id: id).write(signedWith: Forgery.key("x"))
        broken[broken.count - 1] ^= 1
        let unknownMethod = try STUNMessage(.request, STUNMethod(rawValue: 0x99), id: id).write()
        let response = try STUNMessage(.success, id: id).write()
        let indication = try STUNMessage(.indication, .allocate, id: id).write()
        var random = SplitMix64(seed: 1)
        let noise = (0..<100).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let packets = [
            broken, unknownMethod, response, indication, noise, [], [0x40], [0x40, 0, 0, 9],
        ]
        for packet in packets { #expect(server.exchange(packet) == nil) }
    }

    @Test(
        "A stranger gets at most a few bytes more than a request needs, and leaves nothing behind"
    )
    func noAmplification() throws {
        let server = RawServer()
        let request = try STUNMessage(
            .request,
            .allocate,
            id: STUNTransactionID(high: 1, low: 2),
            attributes: [.requestedTransport(17)]
        ).write()
        let answer = try #require(server.exchange(request))
        #expect(answer.count <= 128)
        #expect(server.server.deadline == nil)
    }

    @Test("Who asks too often without a password is not answered, and others are")
    func limitsStrangers() throws {
        let server = RawServer()
        let request = try STUNMessage(.request, id: STUNTransactionID(high: 1, low: 2)).write()
        var answered = 0
        for _ in 0..<10_000 where server.exchange(request) != nil { answered += 1 }
        #expect(answered == server.server.configuration.limits.strangerAnswersPerSecond)
        #expect(server.server.statistics.unanswered == UInt64(10_000 - answered))
        let other = TURNPath(from: endpoint("198.51.100.77:1"), to: Scene.serverAddress)
        #expect(server.exchange(request, on: other) != nil)
        server.now = server.now.advanced(by: .seconds(1))
        #expect(server.exchange(request) != nil)
    }

    @Test("A user has so many allocations and no more; another user has as many")
    func quota() {
        let server = RawServer { $0.limits.allocationsPerUser = 3 }
        let paths = (1...8).map { port in
            let client = SocketAddress(Scene.clientAddress.address, port: UInt16(port))
            return TURNPath(from: client, to: Scene.serverAddress)
        }
        for path in paths.prefix(4) { _ = server.allocate(on: path) }
        #expect(server.relays.count == 3)
        for path in paths.suffix(4) {
            server.signIn("bob", "word", on: path)
            _ = server.allocate(on: path)
        }
        #expect(server.relays.count == 6)
        #expect(server.refresh(0, on: paths[0])?.lifetime == 0)
        #expect(server.allocate(on: paths[3]) != nil, "one is free again")
    }

    @Test("Permissions and channels of an allocation are bounded, and those that ran out make room")
    func boundsState() {
        let server = RawServer {
            $0.limits.permissions = 4
            $0.limits.channels = 2
        }
        _ = server.allocate()
        _ = server.refresh(3_600)
        let peers = (0..<10).map { SocketAddress(IPAddress(v4: 0xCB00_7100 + $0), port: 1) }
        let codes = peers.map { server.permit($0) }
        #expect(codes == [0, 0, 0, 0, 508, 508, 508, 508, 508, 508])
        #expect(server.bind(0x4000, to: peers[0]) == 0)
        #expect(server.bind(0x4001, to: peers[1]) == 0)
        #expect(server.bind(0x4002, to: peers[2]) == 508)
        server.now = server.now.advanced(by: .seconds(700))
        _ = server.refresh(3_600)
        #expect(server.permit(peers[9]) == 0)
        #expect(server.bind(0x4002, to: peers[2]) == 0)
    }

    @Test("An allocation relays no more than its share, and the next second as much again")
    func bandwidth() {
        let server = RawServer { $0.limits.bytesPerSecond = 100_000 }
        guard let relay = server.allocate() else {
            Issue.record("no relay")
            return
        }
        _ = server.bind(0x4000, to: Scene.peerAddress)
        let message: [UInt8] = [0x40, 0, 0x03, 0xE8] + [UInt8](repeating: 1, count: 1_000)
        func passed() -> (Int, Int) {
            var out = 0
            var into = 0
            for _ in 0..<1_000 {
                if server.server.receive(message.span, on: RawServer.path, at: server.now) != nil {
                    out += 1
                }
                let delivery = server.server.receive(
                    count: 1_000,
                    from: Scene.peerAddress,
                    at: relay,
                    at: server.now
                )
                if delivery != nil { into += 1 }
            }
            return (out, into)
        }
        let first = passed()
        server.now = server.now.advanced(by: .milliseconds(100))
        let second = passed()
        #expect(first == (20, 20))
        #expect(second == (10, 10))
        #expect(server.server.statistics.overLimit == 2 * (980 + 990))
    }

    @Test("A stream that closes takes its allocation with it")
    func disconnect() {
        let server = RawServer()
        let path = TURNPath(from: Scene.clientAddress, to: Scene.serverAddress, over: .stream)
        _ = server.allocate(on: path)
        server.server.disconnected(path, at: .zero)
        server.drain()
        #expect(server.relays.isEmpty)
        #expect(server.events.last == .released(path, user: "alice", .disconnected))
    }

    @Test("A relay that is gone delivers nothing, though another client has its place")
    func staleRelay() throws {
        let server = RawServer()
        let old = try #require(server.allocate())
        _ = server.permit(Scene.peerAddress)
        _ = server.refresh(0)
        let path = TURNPath(from: endpoint("198.51.100.2:1"), to: Scene.serverAddress)
        _ = server.allocate(on: path)
        _ = server.permit(Scene.peerAddress, on: path)
        let delivery = server.server.receive(
            count: 10,
            from: Scene.peerAddress,
            at: old,
            at: .zero
        )
        #expect(delivery == nil)
    }

    @Test("A million refreshes cost no memory and no time later")
    func manyRefreshes() {
        let server = RawServer()
        _ = server.allocate()
        for _ in 0..<2_000 { _ = server.refresh(600) }
        server.server.advance(to: Instant.zero.advanced(by: .seconds(600)))
        #expect(server.server.deadline == nil)
    }
}
