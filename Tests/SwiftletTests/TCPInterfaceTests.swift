import LinuxIO
import Support
import Swiftlet
import TURNSockets
import Testing
import Wire

/// Real TCP between addresses of real interfaces, in a network that this machine's own never hears of.
@Suite(
    "TCP on several interfaces (RFC 6544 §5, RFC 8445 §5.1.1)",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct TCPInterfaceTests {
    @Test func connectionsLeaveFromTheirCandidateAndMoveWhenItGoes() async {
        await #expect(processExitsWith: .success) {
            let home = try TwoInterfaces()
            var configuration = home.configuration
            configuration.sockets.usesTCP = true
            let left = try PeerConnection(configuration: configuration)
            configuration.interfaces = .addresses([home.server])
            let right = try PeerConnection(configuration: configuration)
            _ = try await left.addAudioTrack()
            // Only the left side connects, so that only its addresses can be wrong.
            let offer = only("active", try await left.setLocalDescription())
            try await right.setRemoteDescription(offer)
            try await left.setRemoteDescription(
                only("passive", try await right.setLocalDescription())
            )
            try await left.connected()
            try await right.connected()
            let first = try #require(await left.statistics().path).local.address.address
            precondition(home.addresses.contains(first), "\(first)")
            let seen = try #require(await right.statistics().path).remote.address.address
            precondition(seen == first, "\(seen) is not \(first)")
            let before = await home.listeners()
            precondition(home.addresses.allSatisfy { before.contains("\($0):") }, before)

            await home.remove(first)
            let other = try #require(home.addresses.first { $0 != first })
            while await right.statistics().path?.remote.address.address != other {
                try await Task.sleep(for: .milliseconds(1))
            }
            let now = await left.statistics().path?.local.address.address
            precondition(now == other)
            let kept = await left.statistics().transports.flatMap(\.localCandidates)
            precondition(kept.count == 3 && kept.allSatisfy { $0.address.address == other })
            let after = await home.listeners()
            precondition(!after.contains("\(first):") && after.contains("\(other):"), after)
            await left.close()
            let reason = await reasonOfEnd(of: right)
            precondition(reason == .peer)
            await home.stop()
        }
    }

    @Test func relaysAreReachedFromEachInterfaceOverTCP() async {
        await #expect(processExitsWith: .success) { try await relays(over: .tcp) }
    }

    @Test func relaysAreReachedFromEachInterfaceOverTLS() async {
        await #expect(processExitsWith: .success) { try await relays(over: .tls) }
    }
}

/// One relay for each interface; it goes with that.
private func relays(over way: LocalRelay.Way) async throws {
    let home = try TwoInterfaces()
    let relay = try await LocalRelay(at: home.server, on: home.loop)
    var configuration = home.configuration
    configuration.iceServers = [try await relay.server(way)]
    configuration.serverTrust = relay.trust
    configuration.gathering.transportPolicy = .relay
    let peer = try PeerConnection(configuration: configuration)
    _ = try await peer.addAudioTrack()
    try await peer.setLocalDescription()
    func found() async -> Set<IPAddress> {
        let candidates = await peer.statistics().transports.flatMap(\.localCandidates)
        return Set(candidates.compactMap(\.relatedAddress).map(\.address))
    }
    while await found() != Set(home.addresses) { try await Task.sleep(for: .milliseconds(1)) }
    await home.remove(home.addresses[0])
    while await found() != [home.addresses[1]] { try await Task.sleep(for: .milliseconds(1)) }
    // The server has heard of it, or has seen the stream end.
    await peer.close()
    await relay.service.stop()
    await home.stop()
}

/// The description with no candidates but those of TCP of this kind.
private func only(_ kind: String, _ description: SessionDescription) -> SessionDescription {
    var kept = description
    kept.sdp =
        description.sdp.split(separator: "\r\n")
        .filter { !$0.hasPrefix("a=candidate") || $0.contains(" tcptype \(kind)") }
        .joined(separator: "\r\n") + "\r\n"
    return kept
}
