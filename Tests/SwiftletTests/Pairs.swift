import Swiftlet
import Testing

extension Configuration {
    static var loopback: Configuration {
        var configuration = Configuration()
        configuration.interfaces = .loopbackOnly
        return configuration
    }
}

/// Two connections with audio both ways, connected.
func connectedPair() async throws -> (PeerConnection, PeerConnection) {
    let left = try PeerConnection(configuration: .loopback)
    let right = try PeerConnection(configuration: .loopback)
    _ = try await left.addAudioTrack()
    _ = try await right.addAudioTrack()
    try await negotiate(left, right)
    try await left.connected()
    try await right.connected()
    return (left, right)
}

/// Offer and answer, which hold all candidates: sockets are open when setLocalDescription returns.
func negotiate(_ left: PeerConnection, _ right: PeerConnection) async throws {
    try await right.setRemoteDescription(try await left.setLocalDescription())
    try await left.setRemoteDescription(try await right.setLocalDescription())
}

/// Takes the events of `peer` until they end; why they did.
func reasonOfEnd(of peer: PeerConnection) async -> CloseReason? {
    var reason: CloseReason?
    for await event in peer.events {
        if case .closed(let why) = event { reason = why }
    }
    return reason
}

/// The first track that `peer` is told of.
func firstTrack(of peer: PeerConnection) async -> RemoteAudioTrack? {
    for await event in peer.events {
        if case .track(let track) = event { return track }
    }
    return nil
}

/// Expects that `body` throws `.closed(reason)`.
func expectClosed(
    _ reason: CloseReason,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch PeerConnectionError.closed(let why) {
        #expect(why == reason, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) was thrown", sourceLocation: sourceLocation)
    }
}

/// The description with no candidates but those of TCP of this kind.
func only(_ kind: String, _ description: SessionDescription) -> SessionDescription {
    var kept = description
    kept.sdp =
        description.sdp.split(separator: "\r\n")
        .filter { !$0.hasPrefix("a=candidate") || $0.contains(" tcptype \(kind)") }
        .joined(separator: "\r\n") + "\r\n"
    return kept
}
