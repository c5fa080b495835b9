import STUN
import TURN
import Wire

/// A video packet of 1,200 bytes on its way through a relay, without the sockets.
let turnBenchmarks = [
    Benchmark("turn/client-wrap-channel", goal: .atMost(40, mallocs: 0)) {
        var client = try relayClient(hasChannel: true)
        return { iterations in
            var packet = [UInt8](repeating: 0, count: 1_300)
            for _ in 0..<iterations {
                use(try wrap(&packet, &client))
            }
        }
    },
    Benchmark("turn/client-wrap-indication", goal: .atMost(80, mallocs: 0)) {
        var client = try relayClient(hasChannel: false)
        return { iterations in
            var packet = [UInt8](repeating: 0, count: 1_300)
            for _ in 0..<iterations {
                use(try wrap(&packet, &client))
            }
        }
    },
    Benchmark("turn/client-unwrap-channel", goal: .atMost(40, mallocs: 0)) {
        var client = try relayClient(hasChannel: true)
        let message: [UInt8] = [0x40, 0, 4, 0xB0] + [UInt8](repeating: 1, count: 1_200)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(message)
                guard let data = client.receive(bytes.span, from: client.server, at: .zero) else {
                    throw UnexpectedResult("a bound channel must deliver")
                }
                use(data.payload.count)
            }
        }
    },
    Benchmark("turn/client-unwrap-indication", goal: .atMost(150, mallocs: 0)) {
        var client = try relayClient(hasChannel: false)
        let message = try STUNMessage(
            .indication,
            .data,
            id: STUNTransactionID(high: 1, low: 2),
            attributes: [
                .xorPeerAddress(relayPeer), .data([UInt8](repeating: 1, count: 1_200)),
            ]
        ).write()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(message)
                guard let data = client.receive(bytes.span, from: client.server, at: .zero) else {
                    throw UnexpectedResult("a permitted peer must be heard")
                }
                use(data.payload.count)
            }
        }
    },
    Benchmark("turn/server-forward-channel", goal: .atMost(200, mallocs: 0)) {
        var (server, _, path) = try relayServer()
        let message: [UInt8] = [0x40, 0, 4, 0xB0] + [UInt8](repeating: 1, count: 1_200)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(message)
                guard let forward = server.receive(bytes.span, on: path, at: .zero) else {
                    throw UnexpectedResult("a bound channel must forward")
                }
                use(forward.payload.count)
            }
        }
    },
    Benchmark("turn/server-deliver-channel", goal: .atMost(250, mallocs: 0)) {
        var (server, relay, _) = try relayServer()
        return { iterations in
            var packet = [UInt8](repeating: 0, count: 1_300)
            for _ in 0..<iterations {
                let delivery = server.receive(
                    count: hide(1_200),
                    from: relayPeer,
                    at: relay,
                    at: .zero
                )
                var span = packet.mutableSpan
                guard let length = delivery?.framing.finish(&span, payloadCount: 1_200) else {
                    throw UnexpectedResult("a permitted peer must be delivered")
                }
                use(length)
            }
        }
    },
]

private let relayPeer = SocketAddress(IPAddress(v4: 0xCB00_7107), port: 6_000)

private func wrap(_ packet: inout [UInt8], _ client: inout TURNClient) throws -> Int {
    var span = packet.mutableSpan
    guard let framing = client.framing(to: relayPeer),
        let length = framing.finish(&span, payloadCount: hide(1_200))
    else { throw UnexpectedResult("a permitted peer must be reached") }
    return length
}

/// A client with a relay on a server of its own, its peer permitted.
private func relayClient(hasChannel: Bool) throws -> TURNClient {
    try relay(hasChannel: hasChannel).client
}

private func relayServer() throws -> (TURNServer, TURNRelayID, TURNPath) {
    let (_, server, relay, path) = try relay(hasChannel: true)
    guard let relay else { throw UnexpectedResult("the server must open a relay") }
    return (server, relay, path)
}

/// Lets a client and a server talk until both are silent.
private func relay(
    hasChannel: Bool
) throws -> (client: TURNClient, server: TURNServer, relay: TURNRelayID?, path: TURNPath) {
    let address = SocketAddress(IPAddress(v4: 0xC000_020A), port: 3_478)
    let path = TURNPath(from: SocketAddress(IPAddress(v4: 0xC633_6401), port: 5_000), to: address)
    var configuration = TURNServerConfiguration(realm: "r", relays: [.init(address.address)])
    configuration.users = ["alice": "secret"]
    var server = TURNServer(configuration, unixTime: 0, at: .zero, entropy: .seed(1))
    var client = TURNClient(
        TURNClientConfiguration(
            server: address,
            credentials: STUNCredentials(username: "alice", password: "secret")
        ),
        entropy: .seed(2)
    )
    var relay: TURNRelayID?
    client.start(at: .zero)
    while let output = client.popOutput() {
        switch output {
        case .transmit(let bytes): _ = server.receive(bytes.span, on: path, at: .zero)
        case .allocated: client.permit(relayPeer, at: .zero)
        case .permitted: if hasChannel { client.bindChannel(relayPeer, at: .zero) }
        case .channelBound, .denied, .channelRefused, .redirected, .needsNewPath,
            .credentialsAccepted, .credentialsRefused, .failed, .lost, .closed:
            break
        }
        while let output = server.popOutput() {
            switch output {
            case .transmit(let bytes, _): _ = client.receive(bytes.span, from: address, at: .zero)
            case .openRelay(let opened, _):
                relay = opened
                server.relayOpened(opened, at: .zero)
            case .closeRelay, .event: break
            }
        }
    }
    return (client, server, relay, path)
}
