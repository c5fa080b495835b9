import STUN
import Wire

/// The servers of a session and where they are.
struct ServerTable: Sendable {
    /// One URL.
    struct Entry: Sendable {
        let url: String
        let uri: ICEServerURI
        var credentials: STUNCredentials?
        var location: Location
    }

    /// What is known of a server's addresses.
    enum Location: Hashable, Sendable {
        case unknown
        case resolving
        case known([IPAddress])
        case failed
    }

    private(set) var entries: [Entry] = []

    /// How each URL of `servers` can be used at all, and those which cannot.
    mutating func set(_ servers: [ICEServer]) -> [ICECandidateError] {
        var errors: [ICECandidateError] = []
        let old = entries
        entries = []
        for server in servers {
            for (url, uri) in zip(server.urls, server.uris) {
                if let reason = uri.unsupportedReason {
                    errors.append(ICECandidateError(url: url, errorText: reason))
                    continue
                }
                guard entries.count < maximumServers else { continue }
                let known = old.first { $0.uri.host == uri.host }?.location
                entries.append(
                    Entry(
                        url: url,
                        uri: uri,
                        credentials: server.credentials,
                        location: known ?? uri.location
                    )
                )
            }
        }
        return errors
    }

    /// Whether answers about names are missing.
    var isResolving: Bool {
        entries.contains { $0.location == .unknown || $0.location == .resolving }
    }

    func credentials(of url: String) -> STUNCredentials? {
        entries.first { $0.url == url }?.credentials
    }

    /// Names to be looked up, each once.
    mutating func takeUnknown() -> [String] {
        var names: [String] = []
        for index in entries.indices where entries[index].location == .unknown {
            entries[index].location = .resolving
            if case .name(let name) = entries[index].uri.host, !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// The answer about a name; returns what is wrong with those it belongs to.
    mutating func resolved(_ host: String, to addresses: [IPAddress]) -> [ICECandidateError] {
        var errors: [ICECandidateError] = []
        for index in entries.indices where entries[index].uri.host == .name(host) {
            entries[index].location = addresses.isEmpty ? .failed : .known(addresses)
            guard addresses.isEmpty else { continue }
            let text = "the name of the server could not be resolved"
            errors.append(ICECandidateError(url: entries[index].url, errorText: text))
        }
        return errors
    }
}

extension ServerTable.Entry {
    /// Where to reach the server from an address of `family`.
    func address(_ family: IPAddress.Family) -> SocketAddress? {
        guard case .known(let addresses) = location else { return nil }
        return addresses.first { $0.family == family }.map { SocketAddress($0, port: uri.port) }
    }
}

extension ICEServerURI {
    fileprivate var location: ServerTable.Location {
        switch host {
        case .name: .unknown
        case .address(let address): .known([address])
        }
    }

    /// Why nothing can be had from such a server.
    fileprivate var unsupportedReason: String? {
        switch (scheme, transport) {
        case (.stun, .udp), (.turn, .udp), (.turn, .tcp), (.turns, .tcp): nil
        case (.stun, .tcp), (.stuns, _):
            "only STUN over UDP tells an address that media can use"
        case (.turns, .udp): "TURN over DTLS is not supported; use transport=tcp"
        }
    }
}

/// More servers only slow gathering down.
private let maximumServers = 16
