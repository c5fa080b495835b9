import LinuxIO
import STUN
import Signaling
import Wire

/// `swiftlet stun`: the address that a STUN server sees us under, and how our NAT behaves.
enum StunCommand {
    static func run(_ options: StunOptions, console: Console) async -> ExitCode {
        let addresses: [SocketAddress]
        do throws(NameResolutionError) {
            addresses = try await resolve(options.server)
        } catch {
            console.fail(text(of: error))
            return .noAnswer
        }
        let loop: EventLoop
        do throws(SystemError) {
            loop = try EventLoop(name: "stun")
        } catch {
            console.fail("\(error)")
            return .noSockets
        }
        let session = StunSession(on: loop)
        let code: ExitCode
        do throws(SystemError) {
            code = try await ask(addresses, options, session, console)
        } catch {
            console.fail("\(error)")
            code = .noSockets
        }
        await session.close()
        await loop.stop()
        return code
    }

    /// One address of each family; a name's others lead to the same server.
    private static func resolve(
        _ uri: ICEServerURI
    ) async throws(NameResolutionError) -> [SocketAddress] {
        switch uri.host {
        case .address(let address): return [SocketAddress(address, port: uri.port)]
        case .name(let name):
            let found = try await NameResolver.resolve(name, port: uri.port)
            return IPAddress.Family.allCases.compactMap { family in
                found.first { $0.address.family == family }
            }
        }
    }

    private static func ask(
        _ servers: [SocketAddress],
        _ options: StunOptions,
        _ session: StunSession,
        _ console: Console
    ) async throws(SystemError) -> ExitCode {
        let answers = try await session.ask(servers)
        var reached: SocketAddress?
        for answer in answers {
            switch answer {
            case .mapped(let address, let server, let time):
                if reached == nil { reached = server }
                report(address, server, time, on: console)
            case .failed(let failure, let server):
                // One family is enough; most hosts have no more.
                guard reached != nil else { break }
                console.fail("\(server): \(failure)")
            case .transmit: break
            }
        }
        guard let reached else {
            for answer in answers {
                guard case .failed(let failure, let server) = answer else { continue }
                console.fail("\(server): \(failure). Is it a STUN server, and does UDP get there?")
            }
            return .noAnswer
        }
        guard options.asksAboutBehavior else { return .success }
        switch try await session.discover(reached) {
        case .finished(let behavior): report(behavior, on: console)
        case .failed(let failure):
            console.fail("\(reached): \(failure)")
            return .noAnswer
        case .transmit: break
        }
        return .success
    }

    private static func report(
        _ address: SocketAddress,
        _ server: SocketAddress,
        _ time: Duration?,
        on console: Console
    ) {
        let milliseconds = time.map { Decimal.text($0.inMilliseconds) }
        let roundTrip = milliseconds.map { ", round trip \($0) ms" } ?? ""
        console.report(
            "your address is \(address) (seen by \(server)\(roundTrip))",
            [
                "event": "mapped", "address": .string(address.description),
                "server": .string(server.description),
                "roundTripMilliseconds": milliseconds.map { .number($0) } ?? .null,
            ]
        )
    }

    private static func report(_ behavior: NATBehavior, on console: Console) {
        let mapping = behavior.mapping.map(text) ?? "unknown"
        let filtering = behavior.filtering.map(text) ?? "unknown"
        let name = behavior.name ?? "unknown: the server has no second address (RFC 5780)"
        let hairpin = behavior.hairpins.map { $0 ? "yes" : "no" } ?? "unknown"
        console.report(
            "NAT: \(name); mapping \(mapping), filtering \(filtering), hairpin \(hairpin)",
            [
                "event": "nat", "name": behavior.name.map { .string($0) } ?? .null,
                "isTranslated": .boolean(behavior.isTranslated),
                "mapping": behavior.mapping.map { .string(text($0)) } ?? .null,
                "filtering": behavior.filtering.map { .string(text($0)) } ?? .null,
                "hairpin": behavior.hairpins.map { .boolean($0) } ?? .null,
            ]
        )
    }

    private static func text(_ dependence: NATDependence) -> String {
        switch dependence {
        case .endpointIndependent: "endpoint-independent"
        case .addressDependent: "address-dependent"
        case .addressAndPortDependent: "address-and-port-dependent"
        }
    }

    private static func text(of error: NameResolutionError) -> String {
        switch error {
        case .notFound(let host): "there is no host \(host), or it has no address."
        case .temporaryFailure(let host): "no name server answers for \(host); try again."
        case .failed(let host, let reason): "\(host) cannot be looked up: \(reason)."
        case .cancelled: "cancelled."
        case .system(let error): "\(error)"
        }
    }
}
