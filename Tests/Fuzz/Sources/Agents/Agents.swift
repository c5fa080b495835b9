import ICE
import STUN
import Wire

/// Any datagrams to an agent that checks a path: nothing traps, state stays bounded.
///
/// Each begins with a byte that says how long it is and another that chooses source and time.
@c(LLVMFuzzerTestOneInput)
public func fuzzAgents(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    let local = SocketAddress(.loopback4, port: 5_000)
    let ours = ICECredentials(usernameFragment: "ours", password: "0123456789012345678901")
    let theirs = ICECredentials(usernameFragment: "them", password: "9876543210987654321098")
    var now = Instant.zero
    var agent = ICEAgent(role: .controlling, entropy: .seed(1))
    agent.addStream(0, credentials: ours)
    agent.add(local: .host(local), to: 0, at: now)
    var reader = ByteReader(input)
    while let length = try? reader.read(UInt8.self), let choice = try? reader.read(UInt8.self),
        let datagram = try? reader.read(count: min(Int(length), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(Int(choice)))
        let source = SocketAddress(.loopback4, port: 6_000 + UInt16(choice & 7))
        if choice & 0x80 != 0 { agent.setRemote(theirs, of: 0, at: now) }
        agent.receive(datagram, from: source, on: local, at: now)
        agent.advance(to: now)
        while agent.popOutput() != nil {}
        precondition(agent.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
    }
    precondition(agent.statistics.pairs.count <= 200, "pairs are bounded")
    return 0
}
