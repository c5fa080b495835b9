import Wire

/// One network of a ``Simulation``: the internet, or what lies behind a NAT.
public struct Subnet: Hashable, Sendable {
    let index: Int

    /// The network that every simulation has, where all addresses are public.
    public static let internet = Subnet(index: 0)
}

/// Who is connected to what.
struct Topology {
    /// Where the packets for an address go.
    enum Attachment: Hashable {
        case interface(Int)
        case gateway(Int)
    }

    /// A network: every address on it, and the way out.
    struct Segment {
        var attachments: [IPAddress: Attachment] = [:]
        var gateway: Int?
    }

    struct Interface {
        let host: Int
        var subnet: Int
        var addresses: [IPAddress] = []
        let uplink: Int
        let downlink: Int
    }

    struct Gateway {
        let inside: Int
        let outside: Int
        var table: NATTable
        let uplink: Int
        let downlink: Int
    }

    var segments = [Segment()]
    var interfaces: [Interface] = []
    var gateways: [Gateway] = []
    var lanes: [Lane] = []

    mutating func addLane(_ lane: Lane) -> Int {
        lanes.append(lane)
        return lanes.count - 1
    }

    mutating func addGateway(_ gateway: Gateway) {
        let index = gateways.count
        gateways.append(gateway)
        segments[gateway.inside].gateway = index
        attach(gateway.table.nat.publicAddress, to: gateway.outside, as: .gateway(index))
    }

    /// Gives an interface other addresses, perhaps on another network.
    mutating func move(interface: Int, to subnet: Int, addresses: [IPAddress]) {
        for address in interfaces[interface].addresses {
            detach(address, from: interfaces[interface].subnet)
        }
        interfaces[interface].subnet = subnet
        interfaces[interface].addresses = addresses
        for address in addresses { attach(address, to: subnet, as: .interface(interface)) }
    }

    /// Restarts a NAT, perhaps at another address.
    mutating func reset(gateway: Int, publicAddress: IPAddress?) {
        let old = gateways[gateway].table.nat.publicAddress
        let new = publicAddress ?? old
        detach(old, from: gateways[gateway].outside)
        gateways[gateway].table.reset(publicAddress: new)
        attach(new, to: gateways[gateway].outside, as: .gateway(gateway))
    }

    private mutating func attach(_ address: IPAddress, to subnet: Int, as attachment: Attachment) {
        let isFree = segments[subnet].attachments[address] == nil
        precondition(isFree, "\(address) is on this network already")
        segments[subnet].attachments[address] = attachment
        guard let gateway = routingGateway(for: address, on: subnet) else { return }
        attach(address, to: gateways[gateway].outside, as: .gateway(gateway))
    }

    private mutating func detach(_ address: IPAddress, from subnet: Int) {
        segments[subnet].attachments[address] = nil
        guard let gateway = routingGateway(for: address, on: subnet) else { return }
        detach(address, from: gateways[gateway].outside)
    }

    /// The NAT behind which `address` is reachable under its own name, being of the other family.
    private func routingGateway(for address: IPAddress, on subnet: Int) -> Int? {
        guard let gateway = segments[subnet].gateway, isGlobal(address) else { return nil }
        let translated = gateways[gateway].table.nat.publicAddress.family
        return address.family == translated ? nil : gateway
    }

    /// Whether routers would carry packets of `address` to other networks.
    func isGlobal(_ address: IPAddress) -> Bool {
        !address.isPrivate && !address.isLinkLocal && !address.isLoopback
    }
}
