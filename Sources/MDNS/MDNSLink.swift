public import Wire

/// Which addresses are on the same link as we are (RFC 6762 §11).
public struct MDNSLink: Hashable, Sendable {
    /// An address of ours on the link, and how many of its leading bits all neighbours share.
    public struct Prefix: Hashable, Sendable {
        /// The address.
        public var address: IPAddress
        /// The number of bits.
        public var length: Int

        /// A prefix from its parts.
        public init(_ address: IPAddress, length: Int) {
            self.address = address
            self.length = length
        }

        func contains(_ other: IPAddress) -> Bool {
            guard other.family == address.family else { return false }
            var left = min(max(length, 0), address.bytes.count * 8)
            for (ours, theirs) in zip(address.bytes, other.bytes) where left > 0 {
                let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
                guard (ours ^ theirs) & mask == 0 else { return false }
                left -= 8
            }
            return true
        }
    }

    /// The prefixes of our interface.
    public var prefixes: [Prefix]

    /// The link of an interface with these prefixes.
    public init(prefixes: [Prefix]) { self.prefixes = prefixes }

    /// Whether `address` is a neighbour's: link-local, or with one of our prefixes.
    public func contains(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return address.isLinkLocal || prefixes.contains { $0.contains(address) }
    }
}

/// Where multicast DNS is spoken (RFC 6762 §3).
public enum MDNSGroup {
    /// The port.
    public static let port: UInt16 = 5353
    /// 224.0.0.251:5353.
    public static let v4 = SocketAddress(IPAddress(v4: 0xE000_00FB), port: port)
    /// [ff02::fb]:5353.
    public static let v6 = SocketAddress(
        IPAddress(v6High: 0xFF02_0000_0000_0000, low: 0xFB),
        port: port
    )
}
