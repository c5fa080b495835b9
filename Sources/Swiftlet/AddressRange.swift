public import Wire

/// The addresses that share a prefix, such as 192.168.0.0/16.
///
/// ```swift
/// configuration.sockets.excludedRanges = [AddressRange("172.17.0.0/16")].compactMap(\.self)
/// ```
public struct AddressRange: Hashable, Sendable, LosslessStringConvertible {
    /// Any address of the range.
    public let base: IPAddress
    /// How many leading bits are shared.
    public let prefixLength: Int

    /// The addresses whose first `prefixLength` bits are those of `base`; too long a prefix is one
    /// address.
    public init(_ base: IPAddress, prefixLength: Int) {
        self.base = base.scoped(to: 0)
        self.prefixLength = min(max(prefixLength, 0), base.bytes.count * 8)
    }

    /// Reads `192.168.0.0/16`, `2001:db8::/32`, or one address.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let base = IPAddress(first) else { return nil }
        let limit = base.bytes.count * 8
        let length = parts.count == 2 ? Int(parts[1]) : limit
        guard let length, 0...limit ~= length else { return nil }
        self.init(base, prefixLength: length)
    }

    public var description: String { "\(base)/\(prefixLength)" }

    /// Whether `address` begins like the range.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.family == base.family else { return false }
        let (ours, theirs) = (base.bytes, address.bytes)
        return (0..<prefixLength).allSatisfy { bit in
            (ours[bit / 8] ^ theirs[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
