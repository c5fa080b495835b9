import LinuxIO
import Wire

/// The addresses of this machine that get a socket, the best first.
enum HostAddresses {
    static func list(
        _ interfaces: Configuration.Interfaces,
        _ configuration: SocketConfiguration
    ) throws(SystemError) -> [IPAddress] {
        let all: [IPAddress]
        switch interfaces {
        case .loopbackOnly: all = [.loopback4]
        case .addresses(let addresses): all = addresses
        case .all: all = try present(configuration) { _ in true }
        case .automatic:
            let outside = try present(configuration) { !$0.isLoopback }
            all = try outside.isEmpty ? present(configuration) { _ in true } : outside
        }
        let chosen = interleaved(all.filter { configuration.allows($0) })
        return Array(chosen.prefix(configuration.maximumAddresses))
    }

    /// The addresses that this machine has, whichever of them are wanted.
    ///
    /// Sockets are good for as long as theirs is one of them; ``list(_:_:)`` says where to open others.
    static func present() throws(SystemError) -> Set<IPAddress> {
        Set(try NetworkInterfaces.list().filter(\.isUp).flatMap(\.addresses))
    }

    /// Whether an address that has come may lead to a peer.
    ///
    /// Without any interface the machine has loopback alone, and no call in progress is saved by that.
    static func isNews(_ address: IPAddress, to interfaces: Configuration.Interfaces) -> Bool {
        switch interfaces {
        case .all, .loopbackOnly, .addresses: true
        case .automatic: !address.isLoopback
        }
    }

    /// The addresses of interfaces that are up; link-local IPv6 needs a scope the peer cannot know.
    private static func present(
        _ configuration: SocketConfiguration,
        where isWanted: (IPAddress) -> Bool
    ) throws(SystemError) -> [IPAddress] {
        switch configuration.mode {
        case .allInterfaces, .relayOnly:
            return try NetworkInterfaces.list()
                .filter { $0.isUp && configuration.allows(interface: $0.name) }
                .flatMap(\.addresses)
                .filter { isWanted($0) && !($0.isLinkLocal && $0.family == .v6) }
        case .defaultRoute, .defaultRouteHidden:
            return IPAddress.Family.allCases.compactMap { NetworkInterfaces.defaultAddress($0) }
                .filter(isWanted)
        }
    }

    /// RFC 8421 §4: families take turns, so that neither waits for the other; IPv6 begins.
    static func interleaved(_ addresses: [IPAddress]) -> [IPAddress] {
        let sixes = addresses.filter { $0.family == .v6 }
        let fours = addresses.filter { $0.family == .v4 }
        return (0..<max(sixes.count, fours.count)).flatMap { index in
            [sixes, fours].compactMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }
}
