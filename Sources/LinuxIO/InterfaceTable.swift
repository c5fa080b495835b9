public import Wire

/// The links and addresses that netlink has told of.
package struct InterfaceTable: Sendable {
    private var links: [UInt32: NetlinkLink] = [:]
    /// In the order they came.
    private var addresses: [NetlinkAddress] = []

    package init() {}

    package mutating func apply(_ update: NetlinkUpdate) {
        switch update {
        case .link(let link): links[link.index] = link
        case .linkGone(let index):
            links[index] = nil
            addresses.removeAll { $0.index == index }
        case .address(let address):
            let known = addresses.firstIndex {
                $0.index == address.index && $0.address == address.address
            }
            if let known { addresses[known] = address } else { addresses.append(address) }
        case .addressGone(let address, let index):
            addresses.removeAll { $0.index == index && $0.address == address }
        case .done, .refused, .overrun: break
        }
    }

    /// The interfaces by number, each with the addresses that can be bound to now.
    package var interfaces: [NetworkInterface] {
        links.values.sorted { $0.index < $1.index }.map { link in
            let usable = addresses.filter { $0.index == link.index && $0.isUsable }
            return NetworkInterface(
                name: link.name,
                index: link.index,
                addresses: usable.map(\.address),
                prefixLengths: usable.map(\.prefixLength),
                isUp: link.isUp,
                isLoopback: link.isLoopback,
                isPointToPoint: link.isPointToPoint
            )
        }
    }
}

/// An address of this machine, and where it is.
public struct InterfaceAddress: Hashable, Sendable {
    /// The name of the interface.
    public var interface: String
    /// The number of the interface.
    public var index: UInt32
    /// The address.
    public var address: IPAddress

    /// An address on the interface of that name and number.
    public init(_ address: IPAddress, interface: String, index: UInt32) {
        self.interface = interface
        self.index = index
        self.address = address
    }
}

extension [NetworkInterface] {
    /// The addresses of all interfaces that are up.
    public var usableAddresses: [InterfaceAddress] {
        filter(\.isUp).flatMap { interface in
            interface.addresses.map {
                InterfaceAddress($0, interface: interface.name, index: interface.index)
            }
        }
    }
}
