import CLinux
public import Wire

extension UDPSocket {
    /// Binds a socket to a multicast group on one interface, from any thread.
    ///
    /// ```swift
    /// let socket = try UDPSocket.bindMulticast(to: MDNSGroup.v4, on: interface, loop: loop, owner: self)
    /// socket.send(query.span, to: MDNSGroup.v4)
    /// ```
    ///
    /// It receives what is sent to the group and its port on that link, this machine's own included, and
    /// nothing else; so what it receives comes from the link. What it sends leaves from that interface,
    /// from the group's port, with 255 hops. Other programs may have the same port.
    public static func bindMulticast(
        to group: SocketAddress,
        on interface: NetworkInterface,
        loop: EventLoop,
        owner: any DatagramOwner
    ) throws(SystemError) -> UDPSocket {
        let scoped = SocketAddress(group.address.scoped(to: interface.index), port: group.port)
        let descriptor = try Descriptor(
            swiftlet_socket(scoped.systemFamily, CInt(SWIFTLET_DATAGRAM)),
            from: "socket"
        )
        try check(swiftlet_share_port(descriptor.number), "setsockopt(SO_REUSEPORT)")
        var name = swiftlet_address(scoped)
        // The kernel copies the address before the calls return.
        try check(
            unsafe swiftlet_join_group(descriptor.number, &name, interface.index),
            "setsockopt(IP_ADD_MEMBERSHIP)"
        )
        try check(unsafe swiftlet_bind(descriptor.number, &name), "bind")
        var options = UDPSocketOptions()
        // A link has few messages for a group, and none of them large.
        options.receiveBufferSize = 256 << 10
        options.sendBufferSize = 256 << 10
        options.coalescing = .never
        options.segmentsSent = false
        return try attached(descriptor, loop, options, owner)
    }
}
