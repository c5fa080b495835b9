import LinuxIO
import Swiftlet
import TLS
import TURN
import TURNSockets
import Wire

/// A TURN server of our own on this machine, on a loop of its own.
struct LocalRelay {
    enum Way: CaseIterable { case udp, tcp, tls }

    let service: TURNService
    let trust: TLSTrust
    let authority: TLSAuthority
    private let loop: EventLoop

    init(
        at address: IPAddress = .loopback4,
        alternate: SocketAddress? = nil,
        authority known: TLSAuthority? = nil,
        users: [String: String] = ["alice": "secret"],
        on loop: EventLoop? = nil
    ) async throws {
        let day: Int64 = 86_400
        let today = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
        authority = try known ?? TLSAuthority(named: "Lab", validFrom: today - day)
        let issued = try authority.issue(
            for: [TLSServerName("\(address)")],
            validFrom: today - day,
            days: 3
        )
        trust = try TLSTrust.certificates(pem: authority.certificatePEM)
        self.loop = if let loop { loop } else { try EventLoop(name: "turn") }
        var configuration = TURNServerConfiguration(realm: "example.org", relays: [.init(address)])
        configuration.alternate = alternate
        configuration.users = users
        configuration.peers.allowsLoopback = true
        configuration.peers.allowsPrivate = true
        service = try await TURNService.start(
            configuration,
            on: SocketAddress(address, port: 0),
            identity: try TLSIdentity(
                certificatePEM: issued.certificatePEM,
                privateKeyPEM: issued.privateKeyPEM
            ),
            securePort: 0,
            loop: self.loop
        )
    }

    func stop() async {
        await service.stop()
        await loop.stop()
    }

    /// This server alone, in this way.
    func server(
        _ way: Way,
        user: String = "alice",
        password: String = "secret"
    ) async throws -> ICEServer {
        let plain = await service.address
        let secure = await service.secureAddress ?? plain
        let url =
            switch way {
            case .udp: "turn:\(plain)"
            case .tcp: "turn:\(plain)?transport=tcp"
            case .tls: "turns:\(secure)?transport=tcp"
            }
        return try ICEServer(urls: [url], username: user, credential: password)
    }

    /// A configuration that can only use this server, in this way.
    func configuration(_ way: Way, password: String = "secret") async throws -> Configuration {
        var configuration = Configuration.loopback
        configuration.iceServers = [try await server(way, password: password)]
        configuration.serverTrust = trust
        configuration.gathering.transportPolicy = .relay
        return configuration
    }
}
