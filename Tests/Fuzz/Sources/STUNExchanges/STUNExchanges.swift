import STUN
import Wire

/// Any datagrams to everything that answers and asks: a server, the check of long-term credentials,
/// a client that has to show them, the discovery of a NAT's behaviour.
///
/// Each begins with a byte that says how long it is and another that chooses source and time. Where
/// that says so, the transaction identifier is that of the request under way, so that the answer is
/// looked at.
@c(LLVMFuzzerTestOneInput)
public func fuzzSTUNExchanges(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    var scene = Scene()
    var reader = ByteReader(input)
    while let length = try? reader.read(UInt8.self), let choice = try? reader.read(UInt8.self),
        let datagram = try? reader.readArray(count: min(Int(length), reader.remaining))
    {
        scene.receive(datagram, choice)
    }
    return 0
}

private let primary = SocketAddress(IPAddress(v4: 0xC000_0201), port: 3_478)
private let alternate = SocketAddress(IPAddress(v4: 0xC000_0202), port: 3_479)
private let user = STUNCredentials(username: "u", password: "p")

private struct Scene {
    var now = Instant.zero
    var server: STUNServer
    var verifier: LongTermVerifier
    var client: BindingClient
    var discovery: NATDiscovery
    /// The identifiers of the requests under way.
    var ids: [[UInt8]] = []

    init() {
        var configuration = STUNServer.Configuration()
        configuration.endpoints = STUNServerEndpoints(primary: primary, alternate: alternate)
        configuration.software = "fuzz"
        server = STUNServer(configuration: configuration, entropy: .seed(1))
        var entropy = Entropy.seed(2)
        verifier = LongTermVerifier(realm: "r", entropy: &entropy)
        client = BindingClient(entropy: .seed(3))
        client.query(
            primary,
            authenticator: try? LongTermAuthenticator(user),
            at: .zero
        )
        discovery = NATDiscovery(
            server: primary,
            locals: [],
            asksAboutHairpin: true,
            entropy: .seed(4),
            at: .zero
        )
        drain()
    }

    mutating func receive(_ bytes: [UInt8], _ choice: UInt8) {
        now = now.advanced(by: .milliseconds(Int(choice)))
        var datagram = bytes
        if choice & 0x40 != 0, datagram.count >= 20, let id = ids[checked: Int(choice & 7)] {
            datagram.replaceSubrange(8..<20, with: id)
        }
        let source = choice & 0x20 == 0 ? primary : alternate
        client.receive(datagram.span, from: source, at: now)
        discovery.receive(
            datagram.span,
            from: source,
            on: choice & 0x10 == 0 ? .main : .second,
            at: now
        )
        client.advance(to: now)
        discovery.advance(to: now)
        drain()
        precondition(client.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        precondition(discovery.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        ask(datagram, from: source)
    }

    private mutating func ask(_ datagram: [UInt8], from source: SocketAddress) {
        var room = [UInt8](repeating: 0, count: 2_000)
        var writer = SpanWriter(room.mutableSpan)
        let route = server.answer(datagram.span, from: source, on: primary, at: now, into: &writer)
        if route != nil {
            let limit = STUNServer.maximumAmplification * Double(datagram.count)
            precondition(Double(writer.offset) <= limit, "answers do not amplify")
            precondition((try? STUNMessage(parsing: writer.written)) != nil, "answers are STUN")
        }
        guard let packet = try? STUNPacket(parsing: datagram.span) else { return }
        let verdict = verifier.verify(packet, in: datagram.span, from: source, at: now) { _ in user
        }
        switch verdict {
        case .authentic: preconditionFailure("nobody knows the nonce")
        case .refused(let code):
            var answer = [UInt8](repeating: 0, count: 2_000)
            var writer = SpanWriter(answer.mutableSpan)
            try? verifier.writeRefusal(code, of: packet, to: source, at: now, into: &writer)
        }
    }

    private mutating func drain() {
        while let output = client.popOutput() {
            if case .transmit(let bytes, _) = output { note(bytes) }
        }
        while let output = discovery.popOutput() {
            if case .transmit(let bytes, _, _) = output { note(bytes) }
        }
    }

    private mutating func note(_ request: [UInt8]) {
        ids.insert([UInt8](request[8..<20]), at: 0)
        if ids.count > 8 { ids.removeLast() }
    }
}

extension Array {
    fileprivate subscript(checked index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
