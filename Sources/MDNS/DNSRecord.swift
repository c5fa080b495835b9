public import Wire

/// A type of resource record (RFC 1035 §3.2.2).
public struct DNSRecordType: RawRepresentable, Hashable, Sendable {
    /// Its number.
    public var rawValue: UInt16

    /// The type of that number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// An IPv4 address.
    public static let a = DNSRecordType(rawValue: 1)
    /// An IPv6 address (RFC 3596).
    public static let aaaa = DNSRecordType(rawValue: 28)
    /// Which types exist (RFC 6762 §6.1).
    public static let nsec = DNSRecordType(rawValue: 47)
    /// In questions: all types.
    public static let any = DNSRecordType(rawValue: 255)
}

/// What somebody wants to know.
public struct DNSQuestion: Hashable, Sendable {
    /// Of whom.
    public var name: DNSName
    /// What.
    public var type: DNSRecordType
    /// Whether the answer may go to the asker alone (RFC 6762 §5.4).
    public var wantsUnicast: Bool

    /// A question of class IN.
    public init(_ name: DNSName, _ type: DNSRecordType, wantsUnicast: Bool = false) {
        self.name = name
        self.type = type
        self.wantsUnicast = wantsUnicast
    }
}

/// What somebody says.
public struct DNSRecord: Hashable, Sendable {
    /// Of whom.
    public var name: DNSName
    /// What.
    public var content: Content
    /// For how many seconds it holds; 0 says goodbye (RFC 6762 §10.1).
    public var timeToLive: UInt32
    /// Whether it replaces all others of that name and type (RFC 6762 §10.2).
    public var flushesCache: Bool

    /// What a record says.
    public enum Content: Hashable, Sendable {
        /// A or AAAA.
        case address(IPAddress)
        /// NSEC: of the types below 256 the name has these and no others (RFC 6762 §6.1).
        case types([DNSRecordType])
        /// Something that is of no use here.
        case other(DNSRecordType)
    }

    /// A record of class IN.
    public init(
        _ name: DNSName,
        _ content: Content,
        timeToLive: UInt32,
        flushesCache: Bool = false
    ) {
        self.name = name
        self.content = content
        self.timeToLive = timeToLive
        self.flushesCache = flushesCache
    }

    /// The type it is sent as.
    public var type: DNSRecordType {
        switch content {
        case .address(let address):
            switch address.family {
            case .v4: .a
            case .v6: .aaaa
            }
        case .types: .nsec
        case .other(let type): type
        }
    }
}
