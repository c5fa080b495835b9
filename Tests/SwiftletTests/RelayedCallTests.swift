import Swiftlet
import TLS
import TURN
import TURNSockets
import Testing

/// Calls through a TURN server on loopback, over real sockets.
@Suite("A call through a relay", .serialized, .timeLimit(.minutes(1)))
struct RelayedCallTests {
    @Test(arguments: LocalRelay.Way.allCases)
    func connectsOver(way: LocalRelay.Way) async throws {
        let relay = try await LocalRelay()
        let configuration = try await relay.configuration(way)
        let left = try PeerConnection(configuration: configuration)
        let right = try PeerConnection(configuration: configuration)
        _ = try await left.addAudioTrack()
        _ = try await right.addAudioTrack()
        try await right.setRemoteDescription(try await left.setLocalDescription())
        try await left.setRemoteDescription(try await right.setLocalDescription())
        let toRight = Task { try await passCandidates(of: left, to: right) }
        let toLeft = Task { try await passCandidates(of: right, to: left) }
        try await left.connected()
        try await right.connected()
        #expect(await left.statistics().path?.local.kind == .relayed)
        #expect(await right.statistics().path?.local.kind == .relayed)
        #expect(await relay.service.statistics.allocations == 2)

        await left.close()
        #expect(try await toLeft.value == .peer)
        _ = try await toRight.value
        await right.close()
        await relay.stop()
    }

    /// The first server names another one (300), which is then connected to.
    @Test(arguments: LocalRelay.Way.allCases)
    func goesToTheServerThatIsNamedInstead(way: LocalRelay.Way) async throws {
        let target = try await LocalRelay()
        let named = way == .tls ? await target.service.secureAddress : await target.service.address
        let first = try await LocalRelay(alternate: named, authority: target.authority)
        var configuration = try await first.configuration(way)
        configuration.serverTrust = target.trust
        let peer = try PeerConnection(configuration: configuration)
        _ = try await peer.addAudioTrack()
        try await peer.setLocalDescription()
        while await target.service.statistics.allocations == 0 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(await first.service.statistics.allocations == 0)
        await peer.close()
        #expect(await reasonOfEnd(of: peer) == .local)
        await first.stop()
        await target.stop()
    }

    @Test func theServersReasonIsAnEvent() async throws {
        let relay = try await LocalRelay()
        let peer = try PeerConnection(
            configuration: try await relay.configuration(.tls, password: "guessed")
        )
        _ = try await peer.addAudioTrack()
        try await peer.setLocalDescription()
        for await event in peer.events {
            guard case .candidateError(let error) = event else { continue }
            #expect(error.errorCode == 401)
            #expect(error.url.hasPrefix("turns:"))
            break
        }
        await peer.close()
        await relay.stop()
    }

    @Test func aServerThatNobodyTrustsGivesNothing() async throws {
        let relay = try await LocalRelay()
        var configuration = try await relay.configuration(.tls)
        configuration.serverTrust = .system
        let peer = try PeerConnection(configuration: configuration)
        _ = try await peer.addAudioTrack()
        try await peer.setLocalDescription()
        for await event in peer.events {
            guard case .candidateError(let error) = event else { continue }
            #expect(error.errorCode == 701)
            break
        }
        #expect(await relay.service.statistics.allocations == 0)
        await peer.close()
        await relay.stop()
    }

    @Test func connectsOverTCPAlone() async throws {
        var configuration = Configuration.loopback
        configuration.sockets.usesTCP = true
        let left = try PeerConnection(configuration: configuration)
        let right = try PeerConnection(configuration: configuration)
        _ = try await left.addAudioTrack()
        _ = try await right.addAudioTrack()
        // What goes over UDP is taken out on the way, as a firewall would.
        try await right.setRemoteDescription(onlyTCP(try await left.setLocalDescription()))
        try await left.setRemoteDescription(onlyTCP(try await right.setLocalDescription()))
        try await left.connected()
        try await right.connected()
        let path = try #require(await left.statistics().path)
        #expect(path.local.transport != .udp)
        await left.close()
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    private func onlyTCP(_ description: SessionDescription) -> SessionDescription {
        var kept = description
        kept.sdp =
            description.sdp.split(separator: "\r\n")
            .filter { !$0.hasPrefix("a=candidate") || $0.lowercased().contains(" tcp ") }
            .joined(separator: "\r\n") + "\r\n"
        return kept
    }

    /// Passes candidates on until the events end; why they did.
    private func passCandidates(
        of one: PeerConnection,
        to other: PeerConnection
    ) async throws -> CloseReason? {
        var reason: CloseReason?
        for await event in one.events {
            switch event {
            case .candidate(let candidate): try? await other.addICECandidate(candidate)
            case .closed(let why): reason = why
            default: break
            }
        }
        return reason
    }
}
