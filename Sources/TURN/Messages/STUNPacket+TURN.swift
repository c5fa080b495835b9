import STUN
import Wire

extension STUNPacket {
    /// The addresses in all attributes of `type`, their mask taken off; nil if one is malformed or
    /// there are more than `limit`.
    func maskedAddresses(
        _ type: STUNAttributeType,
        in bytes: Span<UInt8>,
        limit: Int
    ) -> [SocketAddress]? {
        var ranges: [Range<Int>] = []
        forEachAttribute(in: bytes) { found, range in
            if found == type, ranges.count <= limit { ranges.append(range) }
        }
        guard ranges.count <= limit else { return nil }
        var addresses: [SocketAddress] = []
        for range in ranges {
            guard let address = maskedAddress(at: range, in: bytes) else { return nil }
            addresses.append(address)
        }
        return addresses
    }

    /// The seconds in LIFETIME (RFC 8656 §18.2); nil if it is missing or malformed.
    func lifetime(in bytes: Span<UInt8>) -> Duration? {
        number(.lifetime, in: bytes).map { .seconds(Int64($0)) }
    }
}

/// RFC 8656 §18.4: the numbers of the address families.
enum FamilyNumber {
    static let v4: UInt8 = 1
    static let v6: UInt8 = 2
}

/// RFC 8656 §18.7: the number of UDP among the protocols of IP.
let udpProtocol: UInt8 = 17
