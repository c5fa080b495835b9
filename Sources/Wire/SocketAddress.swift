/// An IP address and a port.
///
/// ```swift
/// SocketAddress("192.0.2.1:3478")
/// SocketAddress("[2001:db8::1]:3478")?.address.family    // .v6
/// ```
public struct SocketAddress: Hashable, Sendable {
    /// The host.
    public var address: IPAddress
    /// The port, in host order.
    public var port: UInt16

    /// `port` at `address`.
    @inlinable
    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The same with IPv4 taken out of its IPv4-mapped form.
    public var unmapped: SocketAddress { SocketAddress(address.unmapped, port: port) }
}

extension SocketAddress: LosslessStringConvertible {
    /// Reads `192.0.2.1:3478` and `[2001:db8::1]:3478`.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        // UInt16 would also take a sign, and any number of zeros in front.
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (48...57) ~= $0 }) else {
            return nil
        }
        guard let port = UInt16(digits) else { return nil }
        let isBracketed = host.first == "[" && host.last == "]" && host.count > 2
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host) else { return nil }
        guard isBracketed == (address.family == .v6) else { return nil }
        self.init(address, port: port)
    }

    public var description: String {
        switch address.family {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
