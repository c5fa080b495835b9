import LinuxIO
import STUN
import TLS
import TURN
import TURNSockets
import Testing
import Wire

/// Real sockets on loopback, and certificates made here.
@Suite("TURN over UDP, TCP and TLS on loopback", .serialized, .timeLimit(.minutes(1)))
struct RelayTests {
    enum Way: CaseIterable { case udp, tcp, tls }

    private struct Bench {
        let loop: EventLoop
        let service: TURNService
        let trust: TLSTrust

        init(
            _ configure: (inout TURNServerConfiguration) -> Void = {
                $0.peers.allowsLoopback = true
            }
        ) async throws {
            let day: Int64 = 86_400
            let today = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
            let authority = try TLSAuthority(named: "Lab", validFrom: today - day)
            let issued = try authority.issue(
                for: [TLSServerName("127.0.0.1")],
                validFrom: today - day,
                days: 3
            )
            let identity = try TLSIdentity(
                certificatePEM: issued.certificatePEM,
                privateKeyPEM: issued.privateKeyPEM
            )
            trust = try TLSTrust.certificates(pem: authority.certificatePEM)
            loop = try EventLoop(name: "turn")
            var configuration = TURNServerConfiguration(
                realm: "example.org",
                relays: [.init(.loopback4)]
            )
            configuration.users = ["alice": "secret"]
            configure(&configuration)
            service = try await TURNService.start(
                configuration,
                on: SocketAddress(.loopback4, port: 0),
                identity: identity,
                securePort: 0,
                loop: loop
            )
        }

        func connection(_ way: Way, password: String = "secret") async throws -> TURNConnection {
            let address = await service.address
            let secure = await service.secureAddress ?? address
            let configuration = TURNClientConfiguration(
                server: way == .tls ? secure : address,
                credentials: STUNCredentials(username: "alice", password: password)
            )
            let carrier: TURNConnection.Carrier =
                switch way {
                case .udp: .udp
                case .tcp: .tcp
                case .tls: .tls(TLSServerName(.loopback4), trust)
                }
            let connection = TURNConnection(configuration, over: carrier, loop: loop)
            await connection.start()
            return connection
        }

        func end() async {
            await service.stop()
            await loop.stop()
        }
    }

    /// Reads events until one is found.
    private func first<Value: Sendable>(
        _ connection: TURNConnection,
        _ pick: (TURNConnection.Event) -> Value?
    ) async -> Value? {
        for await event in connection.events {
            if let value = pick(event) { return value }
            if case .disconnected = event { return nil }
            if case .client(.failed) = event { return nil }
        }
        return nil
    }

    private func relayed(_ connection: TURNConnection) async -> SocketAddress? {
        await first(connection) { event in
            if case .client(.allocated(let relayed, _)) = event { relayed.first } else { nil }
        }
    }

    @Test(
        "Two clients talk through their relays, with indications and with channels",
        arguments: Way.allCases
    )
    func talk(_ way: Way) async throws {
        let bench = try await Bench()
        let (left, right) = (try await bench.connection(way), try await bench.connection(.udp))
        let leftAddress = try #require(await relayed(left))
        let rightAddress = try #require(await relayed(right))
        await left.with { $0.permit(rightAddress, at: $1) }
        await right.with { $0.permit(leftAddress, at: $1) }
        _ = await first(left) { if case .client(.permitted) = $0 { true } else { nil } }
        _ = await first(right) { if case .client(.permitted) = $0 { true } else { nil } }
        for round in 0..<2 {
            let payload = [UInt8](repeating: UInt8(round), count: 1_001)
            _ = await left.send(payload, to: rightAddress)
            let there = await first(right) {
                if case .received(let bytes, from: leftAddress) = $0 { bytes } else { nil }
            }
            #expect(there == payload)
            _ = await right.send(payload + [9], to: leftAddress)
            let back = await first(left) {
                if case .received(let bytes, from: rightAddress) = $0 { bytes } else { nil }
            }
            #expect(back == payload + [9])
            guard round == 0 else { break }
            await left.with { $0.bindChannel(rightAddress, at: $1) }
            await right.with { $0.bindChannel(leftAddress, at: $1) }
            _ = await first(left) { if case .client(.channelBound) = $0 { true } else { nil } }
            _ = await first(right) { if case .client(.channelBound) = $0 { true } else { nil } }
        }
        await left.with { $0.close(at: $1) }
        _ = await first(left) { if case .client(.closed) = $0 { true } else { nil } }
        let allocations = await bench.service.statistics.allocations
        #expect(allocations == 1)
        await bench.end()
    }

    @Test("Clients that take turns each have their packets, in order, from relay to relay")
    func takeTurns() async throws {
        let bench = try await Bench { $0.peers.allowed = [.loopback4] }
        var clients: [TURNConnection] = []
        var addresses: [SocketAddress] = []
        for _ in 0..<3 {
            let client = try await bench.connection(.udp)
            addresses.append(try #require(await relayed(client)))
            clients.append(client)
        }
        let target = addresses[2]
        for index in 0..<2 {
            await clients[index].with { $0.permit(target, at: $1) }
            _ = await first(clients[index]) {
                if case .client(.permitted) = $0 { true } else { nil }
            }
        }
        await clients[2].with { $0.permit(target, at: $1) }
        _ = await first(clients[2]) { if case .client(.permitted) = $0 { true } else { nil } }
        for number in 0..<100 {
            for index in 0..<2 { _ = await clients[index].send([UInt8(number)], to: target) }
        }
        var received: [SocketAddress: [UInt8]] = [:]
        for await event in clients[2].events {
            guard case .received(let bytes, let peer) = event else { continue }
            received[peer, default: []] += bytes
            if received.values.reduce(0, { $0 + $1.count }) == 200 { break }
        }
        #expect(received == [addresses[0]: Array(0..<100), addresses[1]: Array(0..<100)])
        await bench.end()
    }

    @Test("A service of the server's machine is nobody's peer, though its address is allowed")
    func ownServices() async throws {
        let bench = try await Bench { $0.peers.allowed = [.loopback4] }
        let client = try await bench.connection(.udp)
        _ = try #require(await relayed(client))
        let service = SocketAddress(.loopback4, port: 53)
        await client.with { $0.bindChannel(service, at: $1) }
        let refusal = await first(client) {
            if case .client(.channelRefused(service, let error)) = $0 { error } else { nil }
        }
        #expect(refusal == .forbidden)
        await bench.end()
    }

    @Test("The service knows the addresses of its machine")
    func machineAddresses() async throws {
        let bench = try await Bench()
        #expect(await bench.service.machineAddresses.contains(.loopback4))
        await bench.end()
    }

    @Test("A wrong password fails over every transport", arguments: Way.allCases)
    func wrongPassword(_ way: Way) async throws {
        let bench = try await Bench()
        let connection = try await bench.connection(way, password: "wrong")
        let error = await first(connection) {
            if case .client(.failed(let error)) = $0 { error } else { nil }
        }
        #expect(error == .unauthorized)
        await bench.end()
    }

    @Test("A stream that is cut takes its allocation with it")
    func cutStream() async throws {
        let bench = try await Bench()
        let connection = try await bench.connection(.tcp)
        _ = try #require(await relayed(connection))
        await connection.abandon()
        var released = false
        for await event in bench.service.events {
            guard case .released(_, _, let reason) = event else { continue }
            released = reason == .disconnected
            break
        }
        #expect(released)
        await bench.end()
    }

    @Test("A server whose certificate nobody vouches for is not talked to")
    func untrusted() async throws {
        let bench = try await Bench()
        let address = try #require(await bench.service.secureAddress)
        let configuration = TURNClientConfiguration(
            server: address,
            credentials: STUNCredentials(username: "alice", password: "secret")
        )
        let connection = TURNConnection(
            configuration,
            over: .tls(TLSServerName(.loopback4), .system),
            loop: bench.loop
        )
        await connection.start()
        var isRefused = false
        for await event in connection.events {
            if case .disconnected(.stream) = event { isRefused = true }
            break
        }
        #expect(isRefused)
        await bench.end()
    }
}
