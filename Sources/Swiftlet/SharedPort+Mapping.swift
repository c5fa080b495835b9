import LinuxIO
import Peer
import Wire

// What the outside knows a shared port as.
extension SharedPort: LoopClient {
    /// The addresses that the outside knows the port as, if a server has said so.
    public var mappedAddresses: [SocketAddress] { mappings.map(\.address) }

    var mappings: [Mapping] {
        outside.compactMap { mapping in
            mapping.mapped.map {
                Mapping(local: mapping.local, address: $0.address, server: $0.server)
            }
        }
    }

    func ask(_ servers: [SocketAddress]) {
        guard !servers.isEmpty, client == nil else { return }
        client = loop.register(self)
        self.servers = servers
        ask(from: localAddresses)
    }

    func ask(from addresses: [SocketAddress]) {
        guard !servers.isEmpty else { return }
        for address in addresses {
            var mapping = PortMapping(of: address, servers: servers)
            mapping.start(at: loop.now)
            outside.append(mapping)
        }
        carryOut()
    }

    public nonisolated func deadlinePassed() {
        assumeIsolated { port in
            for index in port.outside.indices { port.outside[index].advance(to: port.loop.now) }
            port.carryOut()
        }
    }

    public nonisolated func signalled() {}

    /// Sends what the mappings want sent, and tells the connections what is new.
    func carryOut() {
        guard let client else { return }
        for index in outside.indices {
            let local = outside[index].local
            while let output = outside[index].popOutput() {
                switch output {
                case .transmit(let bytes, let server): send(bytes, from: local, to: server)
                case .mapped(let address, let server):
                    tell(Mapping(local: local, address: address, server: server))
                }
            }
        }
        loop.setDeadline(outside.compactMap(\.deadline).min(), for: client)
    }
}

/// Where the STUN servers of a configuration are.
enum STUNAddresses {
    static func find(in servers: [ICEServer]) async -> [SocketAddress] {
        var found: [SocketAddress] = []
        for server in servers {
            for place in server.bindingServers {
                // A name that leads nowhere is a server that does not answer.
                found += (try? await NameResolver.resolve(place.host, port: place.port)) ?? []
            }
        }
        return found
    }
}
