import STUN
import TURN
import Wire

/// Any messages to a TURN server, from strangers and from a user: nothing traps, and nobody without a
/// password leaves anything behind.
///
/// Each message begins with two bytes that say how long it is. The lowest bits choose where it comes
/// from, and whether it is signed as the server wants it.
@c(LLVMFuzzerTestOneInput)
public func fuzzRelayServers(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    let address = SocketAddress(.loopback4, port: 3_478)
    let peer = SocketAddress(IPAddress(v4: 0xCB00_7107), port: 9)
    var configuration = TURNServerConfiguration(realm: "r", relays: [.init(.loopback4)])
    configuration.users = ["alice": "secret"]
    configuration.limits.strangerAnswersPerSecond = 1_000_000
    var now = Instant.zero
    var server = TURNServer(configuration, unixTime: 1_800_000_000, at: now, entropy: .seed(1))
    guard
        var user = try? LongTermAuthenticator(
            STUNCredentials(username: "alice", password: "secret")
        )
    else { return 0 }
    var relays: [TURNRelayID] = []
    var reader = ByteReader(input)
    var isSignedIn = false
    while let length = try? reader.read(UInt16.self),
        let message = try? reader.read(count: min(Int(length >> 3), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(Int(length)))
        let client = SocketAddress(.loopback4, port: 5_000 + (length & 1))
        let path = TURNPath(from: client, to: address, over: length & 2 == 0 ? .datagram : .stream)
        var packet = [UInt8](copying: message)
        let wasSigned = length & 4 != 0 && user.isChallenged
        if length & 4 != 0 { packet = signed(packet, user) ?? packet }
        if let forward = server.receive(packet.span, on: path, at: now) {
            precondition(forward.payload.upperBound <= packet.count, "the payload lies in it")
            precondition(configuration.peers.allows(forward.peer.address), "by the rules")
        }
        server.advance(to: now)
        while let output = server.popOutput() {
            switch output {
            case .transmit(let answer, _):
                guard let parsed = try? STUNPacket(parsing: answer.span) else { fatalError("own") }
                _ = user.receive(parsed, in: answer.span, wasSigned: wasSigned)
            case .openRelay(let relay, _):
                precondition(wasSigned, "no state for strangers")
                isSignedIn = true
                relays.append(relay)
                server.relayOpened(relay, at: now)
            case .closeRelay(let relay): relays.removeAll { $0 == relay }
            case .event: break
            }
        }
        for relay in relays { _ = server.receive(count: 10, from: peer, at: relay, at: now) }
        precondition(server.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        precondition(isSignedIn || server.statistics.allocations == 0, "nothing without a password")
    }
    return 0
}

/// The message with everything the server wants behind its attributes.
private func signed(_ bytes: [UInt8], _ user: LongTermAuthenticator) -> [UInt8]? {
    guard let message = try? STUNMessage(parsing: bytes.span) else { return nil }
    var packet = [UInt8](repeating: 0, count: 70_000)
    var writer = SpanWriter(packet.mutableSpan)
    do {
        try STUNWriter.begin(
            message.messageClass,
            message.method,
            id: message.transactionID,
            to: &writer
        )
        for attribute in message.attributes {
            try STUNWriter.append(attribute, id: message.transactionID, to: &writer)
        }
        try user.finish(to: &writer)
    } catch {
        return nil
    }
    let length = writer.offset
    return [UInt8](packet.prefix(length))
}
