import LinuxIO
import Support
import Swiftlet
import Testing
import Wire

/// Real interfaces, in a network that this machine's own never hears of.
@Suite(
    "Addresses that are chosen no more, but still there",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct InterfaceNewsTests {
    @Test func aCallKeepsItsAddressWhenTheDefaultRouteMoves() async {
        await #expect(processExitsWith: .success) {
            let home = try TwoInterfaces()
            // What asks for the default route asks for the way to this address.
            await home.remove(home.addresses[0])
            await home.run("route add default dev v1")
            var configuration = home.configuration
            configuration.sockets = SocketConfiguration()
            configuration.sockets.mode = .defaultRoute
            let (left, right) = try await connect(configuration, home)
            let before = await hosts(of: left)
            precondition(before == [home.addresses[1]], "\(before)")

            await home.run("route replace default dev v2")
            await home.add("10.9.9.9", to: 2)
            while await !hosts(of: left).contains(home.server) {
                try await Task.sleep(for: .milliseconds(1))
            }
            let now = await hosts(of: left)
            precondition(now == [home.addresses[1], home.server], "\(now)")
            try await end(left, right, home)
        }
    }

    @Test func aCallKeepsItsAddressWhenABetterOneComesAndThereIsNoRoom() async {
        await #expect(processExitsWith: .success) {
            let home = try TwoInterfaces()
            var configuration = home.configuration
            configuration.sockets.maximumAddresses = 1
            let (left, right) = try await connect(configuration, home)
            let before = await hosts(of: left)
            // Told of everything behind the other, as they are on one loop.
            let witness = try PeerConnection(configuration: home.configuration)
            _ = try await witness.addAudioTrack()
            try await witness.setLocalDescription()

            await home.add("2001:db8::1", to: 0)
            while await !hosts(of: witness).contains(where: { $0.family == .v6 }) {
                try await Task.sleep(for: .milliseconds(1))
            }
            let now = await hosts(of: left)
            precondition(now == before && now.count == 1, "\(now)")
            await witness.close()
            try await end(left, right, home)
        }
    }
}

/// A call from what `configuration` chooses to the server's address.
private func connect(
    _ configuration: Configuration,
    _ home: TwoInterfaces
) async throws -> (PeerConnection, PeerConnection) {
    let left = try PeerConnection(configuration: configuration)
    var other = home.configuration
    other.interfaces = .addresses([home.server])
    let right = try PeerConnection(configuration: other)
    _ = try await left.addAudioTrack()
    try await negotiate(left, right)
    try await left.connected()
    try await right.connected()
    return (left, right)
}

/// Ends the call, which has been up all the time.
private func end(
    _ left: PeerConnection,
    _ right: PeerConnection,
    _ home: TwoInterfaces
) async throws {
    let path = try #require(await left.statistics().path)
    precondition(home.addresses.contains(path.local.address.address), "\(path)")
    await left.close()
    let reason = await reasonOfEnd(of: right)
    precondition(reason == .peer)
    await home.stop()
}

private func hosts(of peer: PeerConnection) async -> Set<IPAddress> {
    let candidates = await peer.statistics().transports.flatMap(\.localCandidates)
    return Set(candidates.map(\.address.address))
}
