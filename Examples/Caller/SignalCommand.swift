import LinuxIO
import Signaling
import TLS
import Wire

/// `swiftlet signal`: a signaling server until Ctrl-C.
enum SignalCommand {
    static func run(_ options: SignalOptions, console: Console) async -> ExitCode {
        do throws(SystemError) {
            let loop = try EventLoop(name: "signaling")
            let code = try await serve(options, on: loop, console: console)
            await loop.stop()
            return code
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
    }

    private static func serve(
        _ options: SignalOptions,
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
        let signals = try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop)
        let server: SignalingServer
        do throws(SignalingServerError) {
            server = try await SignalingServer.start(
                host: options.host,
                port: options.port,
                identity: identity,
                on: loop
            )
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
        let address = await server.address
        let url = await server.url
        let reach = address.address.isLoopback ? "this machine only" : "everybody who reaches it"
        console.report(
            "listening on \(url) (\(reach)); Ctrl-C ends it",
            ["event": "listening", "url": .string(url)]
        )
        let events = server.events
        let log = Task { for await event in events { show(event, on: console) } }
        for await _ in signals { break }
        await server.stop()
        await log.value
        console.report("stopped", ["event": "stopped"])
        return .success
    }

    private static func show(_ event: SignalingEvent, on console: Console) {
        switch event {
        // A connection is worth a line once it has a name.
        case .connected: break
        case .registered(_, let id):
            console.report("\(id) has registered", ["event": "registered", "id": .string(id)])
        case .forwarded(let kind, let sender, let target):
            console.report(
                "\(sender) -> \(target): \(kind.rawValue)",
                [
                    "event": "forwarded", "type": .string(kind.rawValue),
                    "id": .string(sender), "targetId": .string(target),
                ]
            )
        case .refused(let connection, let code):
            console.report(
                "connection \(connection.rawValue) was answered with an error: \(code)",
                [
                    "event": "refused", "connection": .number(String(connection.rawValue)),
                    "code": .string(code.rawValue),
                ]
            )
        case .left(let connection, let id, let departure):
            let name = id ?? "connection \(connection.rawValue)"
            console.report(
                "\(name) has left: \(departure)",
                [
                    "event": "left", "id": id.map { .string($0) } ?? .null,
                    "connection": .number(String(connection.rawValue)),
                    "reason": .string("\(departure)"),
                ]
            )
        }
    }
}

extension SignalOptions {
    /// What a `wss:` server shows; nil for `ws:`.
    fileprivate func identity() throws(CertificateFileError) -> TLSIdentity? {
        guard let certificate, let key else { return nil }
        return try CertificateFiles.identity(certificate: certificate, key: key)
    }
}
