import CLinux
import Wire

extension swiftlet_address {
    init(_ address: SocketAddress) {
        self.init()
        port = address.port
        scope = address.address.scope
        if let number = address.address.v4Number {
            family = 4
            low = UInt64(number)
        } else if let halves = address.address.v6Halves {
            family = 6
            high = halves.high
            low = halves.low
        }
    }
}

extension SocketAddress {
    init(_ address: swiftlet_address) {
        self.init(IPAddress(address), port: address.port)
    }

    /// Equality by what is inlinable: the synthesized one is a call into another module, and this
    /// is asked for every datagram.
    @inline(__always)
    func isSame(as other: SocketAddress) -> Bool {
        port == other.port && address.family == other.address.family
            && address.scope == other.address.scope && address.v4Number == other.address.v4Number
            && address.v6Halves?.high == other.address.v6Halves?.high
            && address.v6Halves?.low == other.address.v6Halves?.low
    }

    /// The number of the address family as CLinux counts: 4 or 6.
    var systemFamily: CInt {
        switch address.family {
        case .v4: 4
        case .v6: 6
        }
    }
}

extension IPAddress {
    init(_ address: swiftlet_address) {
        if address.family == 4 {
            self.init(v4: UInt32(truncatingIfNeeded: address.low))
        } else {
            self.init(v6High: address.high, low: address.low, scope: address.scope)
        }
    }
}

extension Descriptor {
    /// A non-blocking socket bound to `address`.
    static func boundSocket(
        _ kind: CInt,
        to address: SocketAddress,
        reusingAddress: Bool
    ) throws(SystemError) -> Descriptor {
        let descriptor = try Descriptor(
            swiftlet_socket(address.systemFamily, kind),
            from: "socket"
        )
        if reusingAddress {
            try check(swiftlet_reuse_address(descriptor.number), "setsockopt(SO_REUSEADDR)")
        }
        var name = swiftlet_address(address)
        // The kernel copies the address before the call returns.
        try check(unsafe swiftlet_bind(descriptor.number, &name), "bind")
        return descriptor
    }

    /// A non-blocking socket for a stream to `target`, bound to `source` if there is one.
    static func streamSocket(
        from source: IPAddress?,
        to target: SocketAddress
    ) throws(SystemError) -> Descriptor {
        let descriptor = try Descriptor(
            swiftlet_socket(target.systemFamily, CInt(SWIFTLET_STREAM)),
            from: "socket"
        )
        guard let source else { return descriptor }
        // Otherwise each stream would take a port from all others of that address.
        _ = swiftlet_choose_port_late(descriptor.number)
        var name = swiftlet_address(SocketAddress(source, port: 0))
        // The kernel copies the address before the call returns.
        try check(unsafe swiftlet_bind(descriptor.number, &name), "bind")
        return descriptor
    }

    /// The address this socket is bound to.
    func localAddress() throws(SystemError) -> SocketAddress {
        var name = swiftlet_address()
        // The call fills in a structure that lives until it returns.
        try check(unsafe swiftlet_local_address(number, &name), "getsockname")
        return SocketAddress(name)
    }
}
