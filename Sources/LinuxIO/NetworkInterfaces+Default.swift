import CLinux
public import Wire

extension NetworkInterfaces {
    /// The address that packets to the internet leave from; nil if there is no way there.
    ///
    /// Asks the system for a route; nothing is sent.
    public static func defaultAddress(_ family: IPAddress.Family) -> IPAddress? {
        // Documentation addresses (RFC 5737 §3, RFC 3849 §2): no route but the default leads there.
        let probe: IPAddress =
            switch family {
            case .v4: IPAddress(v4: 0xC000_0201)
            case .v6: IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1)
            }
        let target = SocketAddress(probe, port: 9)
        do throws(SystemError) {
            let descriptor = try Descriptor(
                swiftlet_socket(target.systemFamily, CInt(SWIFTLET_DATAGRAM)),
                from: "socket"
            )
            var name = swiftlet_address(target)
            // The kernel copies the address before the call returns.
            try check(unsafe swiftlet_connect(descriptor.number, &name), "connect")
            let local = try descriptor.localAddress().address
            return local.isUnspecified ? nil : local
        } catch {
            return nil
        }
    }
}
