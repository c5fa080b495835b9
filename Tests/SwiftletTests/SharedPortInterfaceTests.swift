import LinuxIO
import Support
import Swiftlet
import Testing
import Wire

/// Real interfaces, in a network that this machine's own never hears of.
@Suite(
    "A shared port and interfaces that come and go",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct SharedPortInterfaceTests {
    @Test func callsMoveWithTheAddressesOfThePort() async {
        await #expect(processExitsWith: .success) {
            let home = try TwoInterfaces()
            var configuration = home.configuration
            let port = try await SharedPort.open(sockets: configuration.sockets, on: home.group)
            let number = try #require(await port.localAddresses.first?.port)
            configuration.sharedPort = port
            let left = try PeerConnection(configuration: configuration)
            configuration.sharedPort = nil
            configuration.interfaces = .addresses([home.server])
            let right = try PeerConnection(configuration: configuration)
            _ = try await left.addAudioTrack()
            try await negotiate(left, right)
            let passing = Task { await passCandidates(of: left, to: right) }
            try await left.connected()
            try await right.connected()
            let first = try #require(await left.statistics().path).local.address.address
            await home.remove(first)
            let other = try #require(home.addresses.first { $0 != first })
            while await right.statistics().path?.remote.address
                != SocketAddress(other, port: number)
            {
                try await Task.sleep(for: .milliseconds(1))
            }
            let kept = await port.localAddresses
            precondition(kept == [SocketAddress(other, port: number)], "\(kept)")

            // An address that comes later gets the same port, and the peer is told of it.
            let index = home.addresses.firstIndex(of: first) ?? 0
            let fresh = index == 0 ? "192.0.2.9" : "198.51.100.9"
            await home.add(fresh, to: index)
            let place = SocketAddress(try #require(IPAddress(fresh)), port: number)
            func isKnown() async -> Bool {
                await right.statistics().ice.pairs.contains { $0.pair.remote.address == place }
            }
            while await !isKnown() { try await Task.sleep(for: .milliseconds(1)) }
            await home.remove(other)
            while await right.statistics().path?.remote.address != place {
                try await Task.sleep(for: .milliseconds(1))
            }
            await left.close()
            let reason = await reasonOfEnd(of: right)
            precondition(reason == .peer)
            await passing.value
            await port.close()
            await home.stop()
        }
    }
}

/// Until the events end.
private func passCandidates(of one: PeerConnection, to other: PeerConnection) async {
    for await event in one.events {
        guard case .candidate(let candidate) = event else { continue }
        try? await other.addICECandidate(candidate)
    }
}
