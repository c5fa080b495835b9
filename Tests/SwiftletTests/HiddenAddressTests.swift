import LinuxIO
import Support
import Swiftlet
import Testing
import Wire

/// Real multicast, in a network that this machine's own never hears of: it has no interface but those
/// that the test makes, and both their ends are in it.
@Suite(
    "Addresses hidden behind names (draft-ietf-mmusic-mdns-ice-candidates)",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct HiddenAddressTests {
    @Test func areFoundOverIPv4() async {
        await #expect(processExitsWith: .success) {
            try await call(between: ["192.0.2.1", "192.0.2.2"], prefixLength: 24)
        }
    }

    @Test func areFoundOverIPv6() async {
        await #expect(processExitsWith: .success) {
            try await call(between: ["2001:db8::1", "2001:db8::2"], prefixLength: 64)
        }
    }
}

/// Two connections that tell each other nothing but names become one call.
private func call(between addresses: [String], prefixLength: Int) async throws {
    let groups = try enterNamespace(addresses, prefixLength: prefixLength)
    let left = try await hiddenPeer(addresses[0], on: groups[0])
    let right = try await hiddenPeer(addresses[1], on: groups[1])
    let offer = try await left.setLocalDescription()
    try await right.setRemoteDescription(offer)
    let answer = try await right.setLocalDescription()
    for description in [offer, answer] {
        let lines = description.sdp.split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("a=candidate") }
        precondition(!lines.isEmpty && lines.allSatisfy { $0.contains(".local ") })
        precondition(!addresses.contains { description.sdp.contains($0) })
    }
    try await left.setRemoteDescription(answer)
    try await left.connected()
    try await right.connected()
    let path = try #require(await left.statistics().path)
    precondition("\(path.local.address.address)" == addresses[0])
    precondition("\(path.remote.address.address)" == addresses[1])
    await left.close()
    let reason = await reasonOfEnd(of: right)
    precondition(reason == .peer)
    for group in groups { await group.stop() }
}

/// Loops whose threads are in a network with one cable, which has `addresses` at one end.
private func enterNamespace(_ addresses: [String], prefixLength: Int) throws -> [EventLoopGroup] {
    Namespace.enter()
    Namespace.ip("link set lo up")
    Namespace.ip("link add v0 type veth peer name v1")
    for name in ["v0", "v1"] {
        Namespace.ip("link set \(name) addrgenmode none")
        Namespace.ip("link set \(name) up")
    }
    let isSix = addresses[0].contains(":")
    for address in addresses {
        Namespace.ip("address add \(address)/\(prefixLength) dev v0" + (isSix ? " nodad" : ""))
    }
    // Multicast of IPv6 leaves from an address of the link.
    if isSix { Namespace.ip("address add fe80::1/64 dev v0 nodad") }
    return [try EventLoopGroup(count: 1), try EventLoopGroup(count: 1)]
}

/// A connection on a loop of its own, so that nobody knows its names but by multicast.
private func hiddenPeer(_ address: String, on group: EventLoopGroup) async throws -> PeerConnection
{
    var configuration = Configuration()
    configuration.loops = group
    configuration.interfaces = .addresses([try #require(IPAddress(address))])
    configuration.gathering.hostPrivacy = .named
    let peer = try PeerConnection(configuration: configuration)
    _ = try await peer.addAudioTrack()
    return peer
}
