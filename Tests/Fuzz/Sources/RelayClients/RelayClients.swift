import STUN
import TURN
import Wire

/// Any answers and data to a TURN client: nothing traps, the client stays bounded and keeps the laws.
///
/// Each message begins with two bytes that say how long it is. The lowest bits choose what is done to
/// it first: nothing, the identifier of the request under way, or that and the right signature.
@c(LLVMFuzzerTestOneInput)
public func fuzzRelayClients(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    let server = SocketAddress(.loopback4, port: 3_478)
    let peer = SocketAddress(IPAddress(v4: 0xCB00_7107), port: 9)
    var now = Instant.zero
    var configuration = TURNClientConfiguration(
        server: server,
        credentials: STUNCredentials(username: "alice", password: "secret")
    )
    configuration.families = .both
    var client = TURNClient(configuration, entropy: .seed(1))
    client.start(at: now)
    var request: [UInt8] = []
    var reader = ByteReader(input)
    var outputs = 0
    while let length = try? reader.read(UInt16.self),
        let message = try? reader.read(count: min(Int(length >> 2), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(Int(length)))
        var packet = [UInt8](copying: message)
        if length & 3 != 0, packet.count >= 20, request.count >= 20 {
            packet.replaceSubrange(4..<20, with: request[4..<20])
        }
        if length & 3 >= 2, let plain = try? STUNMessage(parsing: packet.span) {
            let key = STUNKey(username: "alice", realm: "r", password: "secret")
            packet = (try? plain.write(signedWith: key)) ?? packet
        }
        if let data = client.receive(packet.span, from: client.server, at: now) {
            precondition(data.payload.upperBound <= packet.count, "the payload lies in the message")
        }
        client.permit(peer, at: now)
        client.bindChannel(peer, at: now)
        client.advance(to: now)
        while let output = client.popOutput() {
            outputs += 1
            if case .transmit(let bytes) = output { request = bytes }
            if case .needsNewPath = output { client.start(at: now) }
        }
        precondition(client.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        precondition(client.relayedAddresses.count <= 2, "two families, two addresses")
    }
    precondition(outputs < 50 + 20 * count, "outputs are bounded by inputs")
    return 0
}
