package import Wire

/// One thing the kernel says about links and addresses (rtnetlink).
package enum NetlinkUpdate: Hashable, Sendable {
    /// A link is there, or has changed.
    case link(NetlinkLink)
    /// A link is gone.
    case linkGone(UInt32)
    /// An address is there, or has changed.
    case address(NetlinkAddress)
    /// An address is gone.
    case addressGone(IPAddress, on: UInt32)
    /// All answers to a request have come.
    case done(sequence: UInt32)
    /// A request was refused, with this errno.
    case refused(sequence: UInt32, code: CInt)
    /// The kernel had to drop messages.
    case overrun
}

/// A network interface as the kernel describes it.
package struct NetlinkLink: Hashable, Sendable {
    package var index: UInt32
    package var name: String
    /// Switched on, and with a carrier.
    package var isUp: Bool
    package var isLoopback: Bool
    package var isPointToPoint: Bool

    package init(
        index: UInt32,
        name: String,
        isUp: Bool,
        isLoopback: Bool,
        isPointToPoint: Bool
    ) {
        self.index = index
        self.name = name
        self.isUp = isUp
        self.isLoopback = isLoopback
        self.isPointToPoint = isPointToPoint
    }
}

/// An address as the kernel describes it.
package struct NetlinkAddress: Hashable, Sendable {
    package var index: UInt32
    package var address: IPAddress
    package var prefixLength: Int
    /// False while the kernel still looks whether somebody else has it, and when somebody does
    /// (RFC 4862 §5.4).
    package var isUsable: Bool

    package init(index: UInt32, address: IPAddress, prefixLength: Int, isUsable: Bool) {
        self.index = index
        self.address = address
        self.prefixLength = prefixLength
        self.isUsable = isUsable
    }
}

extension NetlinkUpdate {
    /// All updates in a buffer of netlink messages; what means nothing here is left out.
    ///
    /// Ends at the first message that is cut off, as the kernel never sends one.
    package static func parse(_ bytes: Span<UInt8>) -> [NetlinkUpdate] {
        var updates: [NetlinkUpdate] = []
        var reader = ByteReader(bytes)
        while let header = try? NetlinkHeader(&reader),
            let body = try? reader.read(count: header.bodyLength)
        {
            if let update = try? update(header, body) { updates.append(update) }
            // The last message may lack the padding.
            guard (try? reader.skip(min(header.padding, reader.remaining))) != nil else { break }
        }
        return updates
    }

    private static func update(
        _ header: NetlinkHeader,
        _ body: Span<UInt8>
    ) throws(ParseError) -> NetlinkUpdate? {
        var reader = ByteReader(body)
        switch header.type {
        case 2:
            // NLMSG_ERROR: a negative errno, 0 for an acknowledgement.
            let code = Int32(bitPattern: try reader.readNative(UInt32.self))
            return code == 0
                ? nil : .refused(sequence: header.sequence, code: CInt(clamping: 0 &- Int64(code)))
        case 3: return .done(sequence: header.sequence)
        case 4: return .overrun
        case 16, 17: return try link(&reader, isGone: header.type == 17)
        case 20, 21: return try address(&reader, isGone: header.type == 21)
        default: return nil
        }
    }

    /// RTM_NEWLINK and RTM_DELLINK: an `ifinfomsg` and attributes.
    private static func link(
        _ reader: inout ByteReader,
        isGone: Bool
    ) throws(ParseError) -> NetlinkUpdate? {
        let family: UInt8 = try reader.read()
        try reader.skip(3)
        let index = try reader.readNative(UInt32.self)
        let flags = try reader.readNative(UInt32.self)
        try reader.skip(4)
        // Another family speaks of a link's part in a bridge, which is no end of the link.
        guard family == 0 else { return nil }
        guard !isGone else { return .linkGone(index) }
        var name: String?
        while let attribute = try NetlinkAttribute(&reader) {
            // IFLA_IFNAME, with a zero at its end.
            if attribute.type == 3 { name = attribute.text }
            try reader.skip(attribute.length)
        }
        guard let name else { return nil }
        let upAndRunning: UInt32 = 0x1 | 0x40
        return .link(
            NetlinkLink(
                index: index,
                name: name,
                isUp: flags & upAndRunning == upAndRunning,
                isLoopback: flags & 0x8 != 0,
                isPointToPoint: flags & 0x10 != 0
            )
        )
    }

    /// RTM_NEWADDR and RTM_DELADDR: an `ifaddrmsg` and attributes.
    private static func address(
        _ reader: inout ByteReader,
        isGone: Bool
    ) throws(ParseError) -> NetlinkUpdate? {
        try reader.skip(1)
        let prefixLength: UInt8 = try reader.read()
        var flags = UInt32(try reader.read(UInt8.self))
        try reader.skip(1)
        let index = try reader.readNative(UInt32.self)
        var peer: IPAddress?
        var local: IPAddress?
        while let attribute = try NetlinkAttribute(&reader) {
            switch attribute.type {
            case 1: peer = attribute.address
            case 2: local = attribute.address
            case 8: flags = attribute.number ?? flags
            default: break
            }
            try reader.skip(attribute.length)
        }
        // IFA_LOCAL is ours where both ends of a link have an address; IPv6 often has no other.
        guard let found = local ?? peer else { return nil }
        let address = found.isLinkLocal ? found.scoped(to: index) : found
        guard !isGone else { return .addressGone(address, on: index) }
        // IFA_F_TENTATIVE without IFA_F_OPTIMISTIC, and IFA_F_DADFAILED.
        let isTentative = flags & 0x40 != 0 && flags & 0x04 == 0
        return .address(
            NetlinkAddress(
                index: index,
                address: address,
                prefixLength: Int(prefixLength),
                isUsable: !isTentative && flags & 0x08 == 0
            )
        )
    }
}

/// The head of a message: `nlmsghdr`.
private struct NetlinkHeader {
    let type: UInt16
    let sequence: UInt32
    let bodyLength: Int
    let padding: Int

    init(_ reader: inout ByteReader) throws(ParseError) {
        let start = reader.offset
        let length = Int(try reader.readNative(UInt32.self))
        type = try reader.readNative(UInt16.self)
        try reader.skip(2)
        sequence = try reader.readNative(UInt32.self)
        try reader.skip(4)
        guard length >= 16 else { throw .invalid("netlink message length", at: start) }
        bodyLength = length - 16
        padding = -length & 3
    }
}

/// The head of an attribute and what its value says, which stays to be skipped.
private struct NetlinkAttribute {
    let type: UInt16
    /// What is left of the attribute, padding included.
    let length: Int
    /// The value as far as any attribute of interest goes.
    private let value: [UInt8]

    /// Nil at the end of the message.
    init?(_ reader: inout ByteReader) throws(ParseError) {
        guard reader.remaining >= 4 else { return nil }
        let start = reader.offset
        let total = Int(try reader.readNative(UInt16.self))
        // The two upper bits say how the value is nested and ordered.
        type = try reader.readNative(UInt16.self) & 0x3FFF
        guard total >= 4, total - 4 <= reader.remaining else {
            throw .invalid("netlink attribute length", at: start)
        }
        length = min(total - 4 + (-total & 3), reader.remaining)
        var copy = reader
        value = try copy.readArray(count: min(total - 4, 256))
    }

    var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

    var address: IPAddress? { IPAddress(bytes: value.span) }

    var number: UInt32? {
        guard value.count == 4 else { return nil }
        var reader = ByteReader(value.span)
        return try? reader.readNative(UInt32.self)
    }
}

extension ByteReader {
    /// Reads a number in the byte order of this machine, as the kernel writes it.
    fileprivate mutating func readNative<T: FixedWidthInteger & UnsignedInteger>(
        _: T.Type
    ) throws(ParseError) -> T {
        T(bigEndian: try read(T.self))
    }
}
