import ICE
import STUN
import Wire

/// Any datagrams and any events to two agents, a full one and a lite one: nothing traps, state stays
/// bounded, and every deadline lies ahead.
///
/// Each step begins with a byte that says how long its datagram is and another that chooses source,
/// transport, time and what else happens.
@c(LLVMFuzzerTestOneInput)
public func fuzzAgents(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    var isLite = false
    repeat {
        fuzz(input, isLite: isLite)
        isLite.toggle()
    } while isLite
    return 0
}

private let local = SocketAddress(.loopback4, port: 5_000)
private let discard = SocketAddress(.loopback4, port: 9)
private let ours = ICECredentials(usernameFragment: "ours", password: "0123456789012345678901")
private let theirs = ICECredentials(usernameFragment: "them", password: "9876543210987654321098")

private func fuzz(_ input: Span<UInt8>, isLite: Bool) {
    var configuration = ICEConfiguration()
    configuration.isLite = isLite
    var now = Instant.zero
    var agent = ICEAgent(role: .controlling, configuration: configuration, entropy: .seed(1))
    agent.addStream(0, credentials: ours)
    for candidate in locals { agent.add(local: candidate, to: 0, at: now) }
    var reader = ByteReader(input)
    while let length = try? reader.read(UInt8.self), let choice = try? reader.read(UInt8.self),
        let datagram = try? reader.read(count: min(Int(length), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(Int(choice) * 16))
        let source = SocketAddress(.loopback4, port: 6_000 + UInt16(choice & 7))
        act(on: &agent, choice, source, at: now)
        let transport: TransportProtocol = choice & 8 == 0 ? .udp : .tcp
        agent.receive(datagram, from: source, on: local, over: transport, at: now)
        agent.advance(to: now)
        while agent.popOutput() != nil {}
        precondition(agent.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
    }
    let statistics = agent.statistics
    precondition(statistics.pairs.count <= 200, "pairs are bounded")
    precondition(statistics.events.count <= configuration.maximumEvents, "the story is bounded")
}

private let locals: [Candidate] = [
    .host(local), .host(local, transport: .tcp(.passive)), .host(discard, transport: .tcp(.active)),
]

private func act(
    on agent: inout ICEAgent,
    _ choice: UInt8,
    _ source: SocketAddress,
    at now: Instant
) {
    switch choice >> 4 {
    case 0...3: break
    case 4: agent.restart(stream: 0, credentials: ours, at: now)
    case 5: agent.remove(localAddress: local, at: now)
    case 6: for candidate in locals { agent.add(local: candidate, to: 0, at: now) }
    case 7: agent.add(remote: .host(source, transport: .tcp(.passive)), to: 0, at: now)
    case 8: agent.tcpConnected(from: discard, to: source, at: now)
    case 9: agent.tcpFailed(from: discard, to: source, at: now)
    case 10: agent.noteReceived(from: source, on: local, at: now)
    case 11: agent.add(remote: .host(source), to: 0, at: now)
    default: agent.setRemote(theirs, renominates: choice & 16 != 0, of: 0, at: now)
    }
}
