import LinuxIO
import STUN
import Signaling
import TLS
import TURN
import TURNSockets
import Wire

/// `swiftlet turn --probe`: two relays of a server, and packets from one to the other.
enum ProbeCommand {
    static func run(_ options: ProbeOptions, console: Console) async -> ExitCode {
        guard options.server.scheme.isRelay else {
            console.fail("\(options.server) does not relay; give a turn: or turns: address")
            return .wrongUsage
        }
        do throws(SystemError) {
            let loop = try EventLoop(name: "probe")
            let code = await probe(options, on: loop, console: console)
            await loop.stop()
            return code
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
    }

    private static func probe(
        _ options: ProbeOptions,
        on loop: EventLoop,
        console: Console
    ) async -> ExitCode {
        do throws(ProbeFailure) {
            let carrier = try options.carrier()
            let server = try await options.resolve()
            console.report(
                "\(options.server) is \(server)",
                ["event": "resolved", "address": .string(server.description)]
            )
            var run = ProbeRun(options, server, carrier, loop, console)
            try await run.perform()
            return .success
        } catch {
            console.report(
                "failed: \(error)",
                [
                    "event": "failed", "step": .string(error.step),
                    "reason": .string("\(error.reason)"),
                    "code": error.code.map { .number(String($0)) } ?? .null,
                ]
            )
            return .relayFailed
        }
    }
}

/// What did not work, and why.
struct ProbeFailure: Error, CustomStringConvertible {
    let step: String
    let reason: String
    var code: Int?

    var description: String { "\(step): \(reason)" }
}

extension ProbeOptions {
    fileprivate func carrier() throws(ProbeFailure) -> TURNConnection.Carrier {
        switch (server.scheme.isSecure, server.transport) {
        case (false, .udp): return .udp
        case (false, .tcp): return .tcp
        case (true, .udp):
            throw ProbeFailure(step: "connect", reason: "TURN over DTLS is not supported")
        case (true, .tcp): break
        }
        let roots: TLSTrust
        do throws(CertificateFileError) {
            roots = try CertificateFiles.trust(trust)
        } catch {
            throw ProbeFailure(step: "trust", reason: "\(error)")
        }
        switch server.host {
        case .address(let address): return .tls(TLSServerName(address), roots)
        case .name(let name):
            do throws(TLSError) {
                return .tls(try TLSServerName(name), roots)
            } catch {
                throw ProbeFailure(step: "connect", reason: "\(error)")
            }
        }
    }

    fileprivate func resolve() async throws(ProbeFailure) -> SocketAddress {
        let host =
            switch server.host {
            case .name(let name): name
            case .address(let address): address.description
            }
        do throws(NameResolutionError) {
            let found = try await NameResolver.resolve(host, port: server.port)
            if let first = found.first { return first }
        } catch {
            throw ProbeFailure(step: "resolve", reason: "there is no address for \(host)")
        }
        throw ProbeFailure(step: "resolve", reason: "there is no address for \(host)")
    }

    /// The user given, or one for `lifetime` seconds from now.
    func credentials(validFor lifetime: Int64) -> STUNCredentials {
        if let user { return STUNCredentials(username: user.name, password: user.password) }
        let now = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
        return RESTCredentials.make(
            for: "probe",
            validUntil: now + lifetime,
            secret: restSecret ?? ""
        )
    }
}
