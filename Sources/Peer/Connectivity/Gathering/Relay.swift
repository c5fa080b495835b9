import ICE
import STUN
import TURN
import Wire

/// One allocation on a TURN server, or the attempt to get one.
struct Relay: Sendable {
    /// How packets get to the server.
    enum Hop: Hashable, Sendable {
        /// From a socket of ours.
        case socket(SocketAddress)
        /// From a socket of its own with this number, which is being opened.
        case binding(Int)
        /// Through a stream of this number, which is being opened.
        case opening(Int)
        /// Through a stream that is open.
        case stream(Int, local: SocketAddress)
    }

    var component: ICEComponent
    /// The place of its server in the table, and its rank among the relays of a component.
    let server: Int
    let url: String
    let tlsName: String?
    /// Those that the client was given last.
    var credentials: STUNCredentials
    var hop: Hop
    /// The candidate's socket that it is the relay of: its packets, or its stream, leave from there.
    let home: SocketAddress
    var client: TURNClient
    var framing = STUNStreamFraming(acceptsChannelData: true)
    /// The relayed addresses once it is used, and not only tried.
    var addresses: [SocketAddress] = []

    /// Whether its path was lost, so that its server may be dead: others are looked for.
    var isDoubted = false

    /// Whether another comes in its place, under other credentials.
    var isReplaced = false

    var isInUse: Bool { !addresses.isEmpty }

    /// The address packets to the server leave from.
    var local: SocketAddress? {
        switch hop {
        case .socket(let local), .stream(_, let local): local
        case .opening, .binding: nil
        }
    }

    /// The socket that serves it alone.
    var ownSocket: SocketAddress? {
        guard case .socket(let socket) = hop, socket != home else { return nil }
        return socket
    }

    var transport: TransportProtocol {
        switch hop {
        case .socket, .binding: .udp
        case .opening, .stream: .tcp
        }
    }

    var stream: Int? {
        switch hop {
        case .socket, .binding: nil
        case .opening(let number), .stream(let number, _): number
        }
    }

    func owns(_ address: SocketAddress) -> Bool { addresses.contains(address) }

    /// Whether a datagram from `source` on `local` comes from the server of this relay.
    func isServer(_ source: SocketAddress, on local: SocketAddress) -> Bool {
        switch hop {
        case .socket(let own): own == local && client.server == source
        case .opening, .stream, .binding: false
        }
    }

    /// The relayed address that packets of `peer` come to.
    func relayed(for peer: SocketAddress) -> SocketAddress? {
        addresses.first { $0.address.family == peer.address.family }
    }

    /// The candidates of a new allocation, best first (RFC 8445 §5.1.1.2).
    ///
    /// `interface` tells those apart that reach the server from different addresses of ours: all have
    /// one base address, the server's, but they do not fail together, and must not be frozen together.
    func candidates(interface: Int) -> [Candidate] {
        addresses.map { address in
            var candidate = Candidate.relayed(
                address,
                relatedAddress: client.mappedAddress,
                server: client.server,
                component: component.component,
                localPreference: preference(of: address.address.family)
            )
            // RFC 8445 §5.1.1.3: another transport to the server is another foundation.
            if interface > 0 { candidate.foundation += "n\(interface)" }
            if hop.isStream { candidate.foundation += tlsName == nil ? "1" : "2" }
            return candidate
        }
    }

    /// Datagrams before streams, plain streams before TLS: each layer costs a round trip of its own
    /// when something is lost.
    private func preference(of family: IPAddress.Family) -> UInt16 {
        let base: UInt16 =
            switch (hop, tlsName) {
            case (.socket, _), (.binding, _): 3 << 12
            case (.opening, nil), (.stream, nil): 2 << 12
            case (.opening, .some), (.stream, .some): 1 << 12
            }
        return base + UInt16(clamping: 64 - min(server, 64)) * 2 + (family == .v6 ? 1 : 0)
    }
}
