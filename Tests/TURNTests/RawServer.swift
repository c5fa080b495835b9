import STUN
import TURN
import TURNSupport
import Wire

/// A server without a network, and requests written attribute by attribute.
final class RawServer {
    var server: TURNServer
    var now = Instant.zero
    var transmitted: [(bytes: [UInt8], path: TURNPath)] = []
    var events: [TURNServerEvent] = []
    var relays: [TURNRelayID: SocketAddress] = [:]
    /// Addresses that no relay can be opened on.
    var unusable: Set<IPAddress> = []
    private var authenticators: [TURNPath: LongTermAuthenticator] = [:]
    private var entropy = Entropy.seed(5)

    init(_ configure: (inout TURNServerConfiguration) -> Void = { _ in }) {
        var configuration = TURNServerConfiguration(
            realm: "example.org",
            relays: [.init(ip("192.0.2.10")), .init(ip("2001:db8::10"))]
        )
        configuration.users = Scene.users
        configuration.listening = [Scene.serverAddress]
        configure(&configuration)
        server = TURNServer(
            configuration,
            unixTime: TURNServerNode.unixTimeAtStart,
            at: .zero,
            entropy: .seed(1)
        )
    }

    static let path = TURNPath(from: Scene.clientAddress, to: Scene.serverAddress)

    /// Who signs what comes from `path`, "alice" unless said otherwise.
    func signIn(_ name: String, _ password: String, on path: TURNPath = RawServer.path) {
        authenticators[path] = try? LongTermAuthenticator(
            STUNCredentials(username: name, password: password)
        )
    }

    /// Sends a request, answers the challenge if there is one, and returns the last answer.
    func request(
        _ method: STUNMethod,
        on path: TURNPath = RawServer.path,
        id fixed: STUNTransactionID? = nil,
        _ body: (inout SpanWriter, STUNTransactionID) throws(WriteError) -> Void
    ) -> STUNMessage? {
        if authenticators[path] == nil { signIn("alice", "secret", on: path) }
        for _ in 0..<3 {
            guard var authenticator = authenticators[path] else { return nil }
            let id = fixed ?? STUNTransactionID(using: &entropy)
            var bytes = [UInt8](repeating: 0, count: 2_000)
            var writer = SpanWriter(bytes.mutableSpan)
            do throws(WriteError) {
                try STUNWriter.begin(.request, method, id: id, to: &writer)
                try body(&writer, id)
                try authenticator.finish(to: &writer)
            } catch {
                return nil
            }
            let length = writer.offset
            bytes.removeLast(bytes.count - length)
            let wasSigned = authenticator.isChallenged
            guard let answer = exchange(bytes, on: path),
                let packet = try? STUNPacket(parsing: answer.span)
            else { return nil }
            let verdict = authenticator.receive(packet, in: answer.span, wasSigned: wasSigned)
            authenticators[path] = authenticator
            if verdict == .retry { continue }
            return try? STUNMessage(parsing: answer.span)
        }
        return nil
    }

    /// Hands in a message; returns the last answer to its path.
    func exchange(_ bytes: [UInt8], on path: TURNPath = RawServer.path) -> [UInt8]? {
        let before = transmitted.count
        _ = server.receive(bytes.span, on: path, at: now)
        drain()
        return transmitted.count > before ? transmitted.last?.bytes : nil
    }

    func drain() {
        while let output = server.popOutput() {
            switch output {
            case .transmit(let bytes, let path): transmitted.append((bytes, path))
            case .openRelay(let relay, let address) where unusable.contains(address.address):
                server.relayFailed(relay, at: now)
            case .openRelay(let relay, let address):
                relays[relay] = address
                server.relayOpened(relay, at: now)
            case .closeRelay(let relay): relays[relay] = nil
            case .event(let event): events.append(event)
            }
        }
    }

    /// Asks for a relay for UDP over IPv4.
    func allocate(on path: TURNPath = RawServer.path) -> TURNRelayID? {
        let before = Set(relays.keys)
        _ = request(.allocate, on: path) { writer, _ throws(WriteError) in
            try STUNWriter.append(.requestedTransport, UInt32(17 << 24), to: &writer)
        }
        return relays.keys.first { !before.contains($0) }
    }

    func permit(_ peers: SocketAddress..., on path: TURNPath = RawServer.path) -> Int? {
        request(.createPermission, on: path) { writer, id throws(WriteError) in
            for peer in peers {
                try STUNWriter.append(.xorPeerAddress, masked: peer, id: id, to: &writer)
            }
        }?.code
    }

    func bind(
        _ number: UInt16,
        to peer: SocketAddress,
        on path: TURNPath = RawServer.path
    ) -> Int? {
        request(.channelBind, on: path) { writer, id throws(WriteError) in
            try STUNWriter.append(.channelNumber, UInt32(number) << 16, to: &writer)
            try STUNWriter.append(.xorPeerAddress, masked: peer, id: id, to: &writer)
        }?.code
    }

    func refresh(_ seconds: UInt32, on path: TURNPath = RawServer.path) -> STUNMessage? {
        request(.refresh, on: path) { writer, _ throws(WriteError) in
            try STUNWriter.append(.lifetime, seconds, to: &writer)
        }
    }
}

extension STUNMessage {
    /// The number of the error; 0 for a success.
    var code: Int {
        for case .errorCode(let code, _) in attributes { return code.rawValue }
        return 0
    }

    var relayed: [SocketAddress] {
        attributes.compactMap {
            if case .xorRelayedAddress(let address) = $0 { address } else { nil }
        }
    }

    var lifetime: UInt32? {
        for case .lifetime(let seconds) in attributes { return seconds }
        return nil
    }
}
