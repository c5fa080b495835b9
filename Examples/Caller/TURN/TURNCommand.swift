import LinuxIO
import STUN
import Signaling
import TLS
import TURN
import TURNSockets
import Wire

/// `swiftlet turn`: a TURN server until Ctrl-C.
enum TURNCommand {
    static func run(_ options: TURNOptions, console: Console) async -> ExitCode {
        do throws(SystemError) {
            let loop = try EventLoop(name: "turn")
            let code = try await serve(options, on: loop, console: console)
            await loop.stop()
            return code
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
    }

    private static func serve(
        _ options: TURNOptions,
        on loop: EventLoop,
        console: Console
    ) async throws(SystemError) -> ExitCode {
        let identity: TLSIdentity?
        do throws(CertificateFileError) {
            identity = try options.identity()
        } catch {
            console.fail("\(error)")
            return .wrongUsage
        }
        let addresses: [SocketAddress]
        do throws(NameResolutionError) {
            addresses = try await NameResolver.resolve(options.host, port: options.port)
        } catch {
            console.fail("cannot listen on \"\(options.host)\": it is no address of this machine")
            return .noSockets
        }
        guard let address = addresses.first, let relay = try options.relay(for: address.address)
        else {
            console.fail("no address to relay from; give one with --relay-ip")
            return .noSockets
        }
        let configuration = options.configuration(listeningOn: address, relay: relay)
        let signals = try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop)
        let service = try await TURNService.start(
            configuration,
            on: address,
            identity: identity,
            securePort: options.tlsPort,
            loop: loop
        )
        await announce(service, options, configuration, on: console)
        let events = service.events
        let log = Task { for await event in events { show(event, on: console) } }
        for await _ in signals { break }
        await service.stop()
        await log.value
        console.report("stopped", ["event": "stopped"])
        return .success
    }

    /// Says what somebody needs who wants to use the server.
    private static func announce(
        _ service: TURNService,
        _ options: TURNOptions,
        _ configuration: TURNServerConfiguration,
        on console: Console
    ) async {
        let address = await service.address
        var uris = ["turn:\(address)", "turn:\(address)?transport=tcp", "stun:\(address)"]
        if let secure = await service.secureAddress { uris.append("turns:\(secure)") }
        let user = options.demoUser()
        let reach = address.address.isLoopback ? "this machine only" : "everybody who reaches it"
        var lines = ["listening (\(reach)); Ctrl-C ends it"] + uris.map { "  \($0)" }
        lines.append("  user name  \(user.name)")
        lines.append("  password   \(user.password)")
        let relay = configuration.relays[0]
        lines.append("relays at \(relay.local), known as \(relay.external)")
        if relay.external.isPrivate, !options.allowsPrivate {
            lines.append("peers in private networks are refused; --allow-private lets them in")
        }
        console.report(
            lines.joined(separator: "\n"),
            [
                "event": "listening", "uris": .array(uris.map { .string($0) }),
                "username": .string(user.name), "password": .string(user.password),
            ]
        )
    }

    private static func show(_ event: TURNServerEvent, on console: Console) {
        switch event {
        case .allocated(let path, let user, let relayed):
            let list = relayed.map(\.description)
            console.report(
                "\(user) at \(path.client) has the relay \(list.joined(separator: " and "))",
                [
                    "event": "allocated", "user": .string(user),
                    "client": .string(path.client.description),
                    "relayed": .array(list.map { .string($0) }),
                ]
            )
        case .refused(let path, let user, let code):
            console.report(
                "\(user) at \(path.client) was refused with \(code.rawValue)",
                [
                    "event": "refused", "user": .string(user),
                    "client": .string(path.client.description),
                    "code": .number(String(code.rawValue)),
                ]
            )
        case .unauthorized(let path):
            console.report(
                "\(path.client) has a wrong user name or password",
                ["event": "unauthorized", "client": .string(path.client.description)]
            )
        case .released(let path, let user, let reason):
            console.report(
                "the relay of \(user) at \(path.client) has ended: \(reason)",
                [
                    "event": "released", "user": .string(user),
                    "client": .string(path.client.description), "reason": .string("\(reason)"),
                ]
            )
        }
    }
}

extension TURNOptions {
    /// What the server shows over TLS; nil without a certificate.
    fileprivate func identity() throws(CertificateFileError) -> TLSIdentity? {
        guard let certificate, let key else { return nil }
        return try CertificateFiles.identity(certificate: certificate, key: key)
    }

    /// Where relays are opened: the address asked for, or the one listened on, or the first of the
    /// machine that is not loopback.
    fileprivate func relay(for address: IPAddress) throws(SystemError) -> IPAddress? {
        if let relay { return relay }
        guard address.isUnspecified else { return address }
        return try NetworkInterfaces.list().filter { $0.isUp && !$0.isLoopback }
            .flatMap(\.addresses)
            .first { $0.family == address.family && !$0.isLinkLocal }
    }

    func configuration(
        listeningOn address: SocketAddress,
        relay: IPAddress
    ) -> TURNServerConfiguration {
        var configuration = TURNServerConfiguration(
            realm: realm,
            relays: [.init(relay, external: external)]
        )
        if let user { configuration.users = [user.name: user.password] }
        configuration.sharedSecret = restSecret
        configuration.ports = ports
        configuration.peers.allowsPrivate = allowsPrivate
        // Whoever reaches a server on a loopback address reaches everything else there anyway.
        configuration.peers.allowsLoopback = allowsLoopback || address.address.isLoopback
        if let quota { configuration.limits.allocationsPerUser = quota }
        configuration.limits.bytesPerSecond = bandwidth.map { $0 * 125 }
        return configuration
    }

    /// A user who may use the server: the one given, or one for a day.
    fileprivate func demoUser() -> TURNUser {
        if let user { return user }
        let now = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
        let credentials = RESTCredentials.make(
            for: "demo",
            validUntil: now + 86_400,
            secret: restSecret ?? ""
        )
        return TURNUser(name: credentials.username, password: credentials.password)
    }
}
