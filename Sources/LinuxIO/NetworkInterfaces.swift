import CLinux
public import Wire

/// One network interface of this machine and its addresses.
public struct NetworkInterface: Hashable, Sendable {
    /// Its name, such as `eth0`.
    public var name: String
    /// Its number, which is also the scope of its link-local IPv6 addresses.
    public var index: UInt32
    /// Its addresses, in the system's order.
    public var addresses: [IPAddress]
    /// For each address, how many of its leading bits all neighbours share.
    public var prefixLengths: [Int]
    /// Whether it is switched on and has a link.
    public var isUp: Bool
    /// Whether it leads back to this machine.
    public var isLoopback: Bool
    /// Whether it is a tunnel or another link with exactly one other end.
    public var isPointToPoint: Bool
}

/// The network interfaces of this machine.
public enum NetworkInterfaces {
    /// All interfaces as they are now, in the system's order.
    ///
    /// ```swift
    /// let hosts = try NetworkInterfaces.list()
    ///     .filter { $0.isUp && !$0.isLoopback }
    ///     .flatMap(\.addresses)
    /// ```
    public static func list() throws(SystemError) -> [NetworkInterface] {
        var interfaces: [NetworkInterface] = []
        for entry in try entries() {
            let name = name(of: entry)
            if interfaces.last?.name != name, !interfaces.contains(where: { $0.name == name }) {
                interfaces.append(
                    NetworkInterface(
                        name: name,
                        index: entry.index,
                        addresses: [],
                        prefixLengths: [],
                        isUp: entry.is_up != 0,
                        isLoopback: entry.is_loopback != 0,
                        isPointToPoint: entry.is_point_to_point != 0
                    )
                )
            }
            guard entry.address.family != 0 else { continue }
            let address = IPAddress(entry.address)
            for index in interfaces.indices where interfaces[index].name == name {
                interfaces[index].addresses.append(address)
                interfaces[index].prefixLengths.append(Int(entry.prefix_length))
            }
        }
        return interfaces
    }

    /// One entry for each address.
    ///
    /// Asks again with more room while there are more than fit.
    private static func entries() throws(SystemError) -> [swiftlet_interface] {
        var capacity = 64
        while true {
            var entries = [swiftlet_interface](repeating: swiftlet_interface(), count: capacity)
            // The call writes at most `capacity` entries and keeps no pointer.
            let count = try check(
                unsafe swiftlet_interfaces(&entries, CInt(capacity)),
                "getifaddrs"
            )
            guard count > capacity else { return [swiftlet_interface](entries.prefix(Int(count))) }
            capacity = Int(count)
        }
    }

    private static func name(of entry: swiftlet_interface) -> String {
        // The shim ends the name with a zero inside the field.
        unsafe withUnsafeBytes(of: entry.name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
