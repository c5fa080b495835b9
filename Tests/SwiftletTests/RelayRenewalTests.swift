import Glibc
import Swiftlet
import TURN
import TURNSockets
import Testing

/// Relays that need other credentials or another path, over real sockets and streams.
@Suite("A relay is renewed in mid-call", .serialized, .timeLimit(.minutes(1)))
struct RelayRenewalTests {
    private struct Call {
        let left: PeerConnection
        let right: PeerConnection
        let leftEvents: Task<[ICECandidateError], Never>
        let tasks: [Task<Void, Never>]

        init(_ configuration: Configuration) async throws {
            let (left, right) = (
                try PeerConnection(configuration: configuration),
                try PeerConnection(configuration: configuration)
            )
            (self.left, self.right) = (left, right)
            _ = try await left.addAudioTrack()
            _ = try await right.addAudioTrack()
            try await negotiate(left, right)
            leftEvents = Task { await Self.pass(from: left, to: right) }
            tasks = [Task { _ = await Self.pass(from: right, to: left) }]
            try await left.connected()
            try await right.connected()
        }

        /// Passes candidates on until the events end; what servers have refused.
        private static func pass(
            from one: PeerConnection,
            to other: PeerConnection
        ) async -> [ICECandidateError] {
            var errors: [ICECandidateError] = []
            for await event in one.events {
                switch event {
                case .candidate(let candidate): try? await other.addICECandidate(candidate)
                case .candidateError(let error): errors.append(error)
                default: break
                }
            }
            return errors
        }

        /// Ends the call; what servers have refused the left side.
        func end() async -> [ICECandidateError] {
            await left.close()
            await right.close()
            for task in tasks { await task.value }
            return await leftEvents.value
        }
    }

    /// The server insists on the first user for the old relay (441), so that another one is needed, on
    /// a socket or a stream of its own.
    @Test(arguments: LocalRelay.Way.allCases)
    func anotherUserGetsAnotherPath(way: LocalRelay.Way) async throws {
        let relay = try await LocalRelay(users: ["alice": "secret", "bob": "hidden"])
        var configuration = try await relay.configuration(way)
        let call = try await Call(configuration)
        let before = await call.left.statistics().path
        #expect(await relay.service.statistics.allocations == 2)
        configuration.iceServers = [try await relay.server(way, user: "bob", password: "hidden")]
        try await call.left.setConfiguration(configuration)
        while await relay.service.statistics.allocations < 3 {
            try await Task.sleep(for: .milliseconds(1))
        }
        // The call has not noticed.
        #expect(await call.left.statistics().path?.remote == before?.remote)
        #expect(await call.left.connectionState == .connected)
        let errors = await call.end()
        #expect(errors.map(\.errorCode) == [441])
        await relay.stop()
    }

    @Test(arguments: LocalRelay.Way.allCases)
    func wrongOnesAreSaidAndTheOldOnesServeOn(way: LocalRelay.Way) async throws {
        let relay = try await LocalRelay()
        var configuration = try await relay.configuration(way)
        let call = try await Call(configuration)
        configuration.iceServers = [try await relay.server(way, password: "guessed")]
        try await call.left.setConfiguration(configuration)
        // Once for the old relay, and once for a new one under them, as after a changed password.
        while await call.left.statistics().gatheringErrors.count < 2 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(await call.left.connectionState == .connected)
        // And right ones are taken over once more.
        configuration.iceServers = [try await relay.server(way)]
        try await call.left.setConfiguration(configuration)
        #expect(await relay.service.statistics.allocations == 2)
        let errors = await call.end()
        #expect(errors.map(\.errorCode) == [401, 401])
        await relay.stop()
    }

    /// RFC 8656 §7.4: a program crashes and begins again on its port, which the server still knows
    /// (437): another one is bound, and the relay is reached from there.
    @Test func aPortThatTheServerKnowsIsLeftForAnother() async throws {
        let relay = try await LocalRelay()
        let ports = 21_390...21_391 as ClosedRange<UInt16>
        let blocked = try #require(block(ports.upperBound))
        var configuration = try await relay.configuration(.udp)
        configuration.sockets.ports = ports
        do {
            let crashed = try PeerConnection(configuration: configuration)
            _ = try await crashed.addAudioTrack()
            try await crashed.setLocalDescription()
            while await relay.service.statistics.allocations == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        let peer = try await bound(plain(configuration))
        close(blocked)
        let right = try PeerConnection(configuration: .loopback)
        _ = try await right.addAudioTrack()
        try await right.setRemoteDescription(try #require(await peer.localDescription))
        try await peer.setRemoteDescription(try await right.setLocalDescription())
        try await peer.connected()

        var asking = plain(configuration)
        asking.iceServers = configuration.iceServers
        try await peer.setConfiguration(asking)
        await peer.restartICE()
        try await negotiate(peer, right)
        while await relay.service.statistics.allocations < 2 {
            try await Task.sleep(for: .milliseconds(1))
        }
        while await !peer.statistics().transports.flatMap(\.localCandidates)
            .contains(where: { $0.kind == .relayed })
        { try await Task.sleep(for: .milliseconds(1)) }
        let mapped = await peer.statistics().transports.flatMap(\.localCandidates)
            .first { $0.kind == .relayed }?.relatedAddress
        #expect(mapped?.port == ports.upperBound)
        #expect(await peer.statistics().gatheringErrors.isEmpty)
        #expect(await peer.connectionState == .connected)
        await peer.close()
        await right.close()
        await relay.stop()
    }

    /// A connection that has got its socket: that of the one before goes with the last reference to
    /// it, on its loop.
    private func bound(_ configuration: Configuration) async throws -> PeerConnection {
        while true {
            let peer = try PeerConnection(configuration: configuration)
            _ = try await peer.addAudioTrack()
            try await peer.setLocalDescription()
            let sockets = await peer.statistics().transports.flatMap(\.localCandidates)
            guard sockets.isEmpty else { return peer }
            await peer.close()
        }
    }

    /// The same sockets, and no servers.
    private func plain(_ configuration: Configuration) -> Configuration {
        var plain = configuration
        plain.iceServers = []
        plain.gathering.transportPolicy = .all
        return plain
    }

    /// Takes a port of loopback away from everybody else.
    private func block(_ port: UInt16) -> CInt? {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        // The call reads no more than the structure, which lives until it returns.
        let result = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? descriptor : nil
    }
}
