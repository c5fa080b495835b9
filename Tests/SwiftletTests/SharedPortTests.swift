import LinuxIO
import Swiftlet
import TURN
import TURNSockets
import Testing
import Wire

@Suite("One port for many connections")
struct SharedPortTests {
    /// Connects `count` clients with sockets of their own to connections on one port.
    private func connect(
        _ count: Int,
        to port: SharedPort
    ) async throws -> [(PeerConnection, PeerConnection)] {
        var shared = Configuration.loopback
        shared.sharedPort = port
        var pairs: [(PeerConnection, PeerConnection)] = []
        for _ in 0..<count {
            let client = try PeerConnection(configuration: .loopback)
            let server = try PeerConnection(configuration: shared)
            _ = try await client.addAudioTrack()
            _ = try await server.addAudioTrack()
            try await negotiate(client, server)
            pairs.append((client, server))
        }
        for (client, server) in pairs {
            try await client.connected()
            try await server.connected()
        }
        return pairs
    }

    @Test(.timeLimit(.minutes(1)))
    func carriesSeveralCallsAndKeepsThemApart() async throws {
        let port = try await SharedPort.open(interfaces: .loopbackOnly)
        let address = try #require(await port.localAddresses.first)
        let pairs = try await connect(8, to: port)
        for (_, server) in pairs {
            #expect(await server.statistics().path?.local.address == address)
        }
        let statistics = await port.statistics
        #expect(statistics.connections == 8)
        #expect(statistics.addresses == 8)

        // One that goes takes nothing of the others with it.
        await pairs[0].0.close()
        #expect(await reasonOfEnd(of: pairs[0].1) == .peer)
        #expect(await port.statistics.connections == 7)
        for (client, server) in pairs.dropFirst() {
            #expect(await server.connectionState == .connected)
            await server.close()
            #expect(await reasonOfEnd(of: client) == .peer)
        }
        let rest = await port.statistics
        #expect(rest.connections == 0)
        #expect(rest.addresses == 0)
        await port.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func carriesAudioOfTheRightCall() async throws {
        let port = try await SharedPort.open(interfaces: .loopbackOnly)
        let pairs = try await connect(3, to: port)
        let speaker = try await pairs[1].0.addAudioTrack()
        _ = speaker
        for (client, server) in pairs {
            await client.close()
            #expect(await reasonOfEnd(of: server) == .peer)
        }
        await port.close()
    }
}

@Suite("A shared port and servers", .timeLimit(.minutes(1)))
struct SharedPortServerTests {
    @Test func isAskedForOnceAndRelaysHaveSocketsOfTheirOwn() async throws {
        let loop = try EventLoop(name: "turn")
        var settings = TURNServerConfiguration(realm: "example.org", relays: [.init(.loopback4)])
        settings.users = ["alice": "secret"]
        settings.peers.allowsLoopback = true
        let service = try await TURNService.start(
            settings,
            on: SocketAddress(.loopback4, port: 0),
            loop: loop
        )
        let server = await service.address
        let port = try await SharedPort.open(
            interfaces: .loopbackOnly,
            iceServers: [try ICEServer(urls: ["stun:\(server)"])]
        )
        while await port.mappedAddresses.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await port.mappedAddresses == port.localAddresses)

        var configuration = Configuration.loopback
        configuration.sharedPort = port
        configuration.iceServers = [
            try ICEServer(urls: ["turn:\(server)"], username: "alice", credential: "secret")
        ]
        configuration.gathering.transportPolicy = .relay
        // Each has a relay, though all have the same port.
        var peers: [PeerConnection] = []
        for _ in 0..<3 {
            let peer = try PeerConnection(configuration: configuration)
            _ = try await peer.addAudioTrack()
            try await peer.setLocalDescription()
            peers.append(peer)
        }
        while await service.statistics.allocations < 3 {
            try await Task.sleep(for: .milliseconds(1))
        }
        for peer in peers {
            await peer.close()
            #expect(await reasonOfEnd(of: peer) == .local)
        }
        await port.close()
        await service.stop()
        await loop.stop()
    }
}

@Suite("Which sockets a connection opens")
struct SocketConfigurationTests {
    @Test func portsAreTakenFromTheRange() async throws {
        var configuration = Configuration.loopback
        configuration.sockets.ports = 21_310...21_329
        var ports: Set<UInt16> = []
        var peers: [PeerConnection] = []
        for _ in 0..<5 {
            let peer = try PeerConnection(configuration: configuration)
            _ = try await peer.addAudioTrack()
            let sdp = try await peer.setLocalDescription().sdp
            let port = try #require(candidates(in: sdp).first?.port)
            #expect(21_310...21_329 ~= port)
            ports.insert(port)
            peers.append(peer)
        }
        #expect(ports.count == 5)
        for peer in peers { await peer.close() }
    }

    @Test func aFullRangeIsTold() async throws {
        var configuration = Configuration.loopback
        configuration.sockets.ports = 21_330...21_330
        let first = try PeerConnection(configuration: configuration)
        _ = try await first.addAudioTrack()
        try await first.setLocalDescription()
        let second = try PeerConnection(configuration: configuration)
        _ = try await second.addAudioTrack()
        try await second.setLocalDescription()
        await second.close()
        var failures: [String] = []
        for await event in second.events {
            if case .gatheringFailed(_, let error) = event { failures.append(error.name) }
        }
        #expect(failures == ["EADDRINUSE"])
        await first.close()
    }

    @Test func aRewrittenAddressIsTold() async throws {
        var configuration = Configuration.loopback
        configuration.gathering.rewrites = [
            AddressRewrite(from: .loopback4, to: try #require(IPAddress("203.0.113.9")))
        ]
        let peer = try PeerConnection(configuration: configuration)
        _ = try await peer.addAudioTrack()
        let sdp = try await peer.setLocalDescription().sdp
        #expect(candidates(in: sdp).map(\.address) == ["203.0.113.9"])
        await peer.close()
    }

    @Test func rangesAndFamiliesAreKept() async throws {
        var configuration = Configuration()
        let six = try #require(IPAddress("::1"))
        configuration.interfaces = .addresses([.loopback4, six])
        configuration.sockets.families = [.v6]
        #expect(try await addresses(configuration) == ["::1"])
        configuration.sockets.families = [.v4, .v6]
        #expect(try await addresses(configuration) == ["::1", "127.0.0.1"])
        configuration.sockets.excludedRanges = [try #require(AddressRange("::/64"))]
        #expect(try await addresses(configuration) == ["127.0.0.1"])
        configuration.sockets.includedRanges = [try #require(AddressRange("10.0.0.0/8"))]
        #expect(try await addresses(configuration) == [])
    }

    @Test func withRelayOnlyNoAddressIsTold() async throws {
        var configuration = Configuration.loopback
        configuration.gathering.transportPolicy = .relay
        #expect(try await addresses(configuration) == [])
        configuration.gathering.transportPolicy = .all
        configuration.gathering.kinds = [.relayed, .serverReflexive]
        #expect(try await addresses(configuration) == [])
    }

    @Test(
        "ranges are read as they are written",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("0.0.0.0/0", "203.0.113.1", true), ("0.0.0.0/0", "::1", false),
        ]
    )
    func ranges(text: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(text))
        #expect(range.contains(try #require(IPAddress(address))) == isInside)
        #expect(AddressRange(range.description) == range)
        #expect(AddressRange("\(text)x") == nil)
    }

    private func addresses(_ configuration: Configuration) async throws -> [String] {
        let peer = try PeerConnection(configuration: configuration)
        _ = try await peer.addAudioTrack()
        let sdp = try await peer.setLocalDescription().sdp
        await peer.close()
        return candidates(in: sdp).map(\.address)
    }

    private func candidates(in sdp: String) -> [(address: String, port: UInt16)] {
        sdp.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("a=candidate:") }.map {
            let words = $0.split(separator: " ")
            return (String(words[4]), UInt16(words[5]) ?? 0)
        }
    }
}
