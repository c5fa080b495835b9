import STUN
import Swiftlet
import TLS

/// How a call finds its way: options that `swiftlet call` and `swiftlet answer` share.
struct NetworkOptions: Hashable, Sendable {
    /// STUN servers, and TURN servers with the user that may use them.
    var servers: [ICEServer] = []
    /// Names of interfaces, `wlan*` for several; empty for all.
    var interfaces: [String] = []
    /// Whether the other side sees nothing but relays.
    var isRelayOnly = false
    /// Whether we only answer checks (RFC 8445 §2.5).
    var isLite = false
    /// Whether addresses of this machine are told as names only (mDNS).
    var hidesAddresses = false

    /// What a connection is to be told.
    func configuration(trust: TLSTrust) -> Configuration {
        var configuration = Configuration()
        configuration.iceServers = servers
        configuration.serverTrust = trust
        configuration.sockets.includedInterfaces = interfaces
        if isRelayOnly { configuration.sockets.mode = .relayOnly }
        configuration.ice.isLite = isLite
        if hidesAddresses { configuration.gathering.hostPrivacy = .named }
        return configuration
    }
}

extension NetworkOptions {
    init(_ given: GivenOptions) throws(ArgumentError) {
        for text in given.list("--stun") {
            // A host alone is enough, as behind `swiftlet stun`.
            let url = Self.hasScheme(text) ? text : "stun:" + text
            servers.append(try Self.server(url, user: nil, option: "--stun"))
        }
        let relays = given.list("--turn")
        let user = try given.user("--turn-user")
        if user != nil, relays.isEmpty { throw .required("--turn", given.command) }
        for text in relays {
            guard let user else { throw .required("--turn-user", given.command) }
            let url = Self.hasScheme(text) ? text : "turn:" + text
            servers.append(try Self.server(url, user: user, option: "--turn"))
        }
        interfaces = given.list("--interface")
        isRelayOnly = given["--relay-only"] != nil
        if isRelayOnly, relays.isEmpty { throw .required("--turn", given.command) }
        isLite = given["--ice-lite"] != nil
        hidesAddresses = given["--hide-addresses"] != nil
        // A lite agent is where everybody can reach it.
        for name in ["--stun", "--turn", "--hide-addresses"] where isLite && given[name] != nil {
            throw .together("--ice-lite", name)
        }
    }

    private static func hasScheme(_ text: String) -> Bool {
        ICEServerURI.Scheme.allCases.contains { text.lowercased().hasPrefix("\($0.rawValue):") }
    }

    private static func server(
        _ url: String,
        user: TURNUser?,
        option: String
    ) throws(ArgumentError) -> ICEServer {
        let server: ICEServer
        do throws(ICEServerError) {
            server = try ICEServer(urls: [url], username: user?.name, credential: user?.password)
        } catch {
            switch error {
            case .syntax(_, let error): throw .invalidServerURI(option, url, error)
            case .noURL, .missingCredentials: throw .notAServer(option, url)
            }
        }
        guard server.uris.allSatisfy({ $0.scheme.isRelay == (user != nil) }) else {
            throw .notAServer(option, url)
        }
        return server
    }
}
