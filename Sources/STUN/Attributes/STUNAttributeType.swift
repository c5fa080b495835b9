/// The number of an attribute (RFC 8489 §18.3 and the IANA registry "STUN Attributes").
public struct STUNAttributeType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt16

    /// The attribute with this number, known or not.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether a receiver that does not know the attribute must refuse the message.
    @inlinable public var isComprehensionRequired: Bool { rawValue < 0x8000 }
}

/// RFC 8489 §14.
extension STUNAttributeType {
    public static let mappedAddress = STUNAttributeType(rawValue: 0x0001)
    public static let username = STUNAttributeType(rawValue: 0x0006)
    public static let messageIntegrity = STUNAttributeType(rawValue: 0x0008)
    public static let errorCode = STUNAttributeType(rawValue: 0x0009)
    public static let unknownAttributes = STUNAttributeType(rawValue: 0x000A)
    public static let realm = STUNAttributeType(rawValue: 0x0014)
    public static let nonce = STUNAttributeType(rawValue: 0x0015)
    public static let messageIntegritySHA256 = STUNAttributeType(rawValue: 0x001C)
    public static let passwordAlgorithm = STUNAttributeType(rawValue: 0x001D)
    public static let userHash = STUNAttributeType(rawValue: 0x001E)
    public static let xorMappedAddress = STUNAttributeType(rawValue: 0x0020)
    public static let passwordAlgorithms = STUNAttributeType(rawValue: 0x8002)
    public static let alternateDomain = STUNAttributeType(rawValue: 0x8003)
    public static let software = STUNAttributeType(rawValue: 0x8022)
    public static let alternateServer = STUNAttributeType(rawValue: 0x8023)
    public static let fingerprint = STUNAttributeType(rawValue: 0x8028)
}

/// RFC 8445 §16.1, and the draft on renomination.
extension STUNAttributeType {
    public static let priority = STUNAttributeType(rawValue: 0x0024)
    public static let useCandidate = STUNAttributeType(rawValue: 0x0025)
    public static let iceControlled = STUNAttributeType(rawValue: 0x8029)
    public static let iceControlling = STUNAttributeType(rawValue: 0x802A)
    public static let nomination = STUNAttributeType(rawValue: 0xC001)
}

/// RFC 8656 §18.
extension STUNAttributeType {
    public static let channelNumber = STUNAttributeType(rawValue: 0x000C)
    public static let lifetime = STUNAttributeType(rawValue: 0x000D)
    public static let xorPeerAddress = STUNAttributeType(rawValue: 0x0012)
    public static let data = STUNAttributeType(rawValue: 0x0013)
    public static let xorRelayedAddress = STUNAttributeType(rawValue: 0x0016)
    public static let requestedAddressFamily = STUNAttributeType(rawValue: 0x0017)
    public static let evenPort = STUNAttributeType(rawValue: 0x0018)
    public static let requestedTransport = STUNAttributeType(rawValue: 0x0019)
    public static let dontFragment = STUNAttributeType(rawValue: 0x001A)
    public static let reservationToken = STUNAttributeType(rawValue: 0x0022)
    public static let additionalAddressFamily = STUNAttributeType(rawValue: 0x8000)
    public static let addressErrorCode = STUNAttributeType(rawValue: 0x8001)
    public static let icmp = STUNAttributeType(rawValue: 0x8004)
}

/// RFC 5780 §7.
extension STUNAttributeType {
    public static let changeRequest = STUNAttributeType(rawValue: 0x0003)
    public static let padding = STUNAttributeType(rawValue: 0x0026)
    public static let responsePort = STUNAttributeType(rawValue: 0x0027)
    public static let cacheTimeout = STUNAttributeType(rawValue: 0x8027)
    public static let responseOrigin = STUNAttributeType(rawValue: 0x802B)
    public static let otherAddress = STUNAttributeType(rawValue: 0x802C)
}

/// What browsers send besides: RFC 7982, and libwebrtc's own numbers.
extension STUNAttributeType {
    public static let transactionTransmitCounter = STUNAttributeType(rawValue: 0x8025)
    public static let networkCost = STUNAttributeType(rawValue: 0xC057)
    public static let lastCheckReceived = STUNAttributeType(rawValue: 0xC058)
    public static let miscellaneousInformation = STUNAttributeType(rawValue: 0xC059)
    public static let connectionID = STUNAttributeType(rawValue: 0xC05B)
    public static let delta = STUNAttributeType(rawValue: 0xC05C)
    public static let deltaAcknowledgement = STUNAttributeType(rawValue: 0xC05D)
    public static let deltaSynchronizationRequest = STUNAttributeType(rawValue: 0xC05E)
    public static let messageIntegrity32 = STUNAttributeType(rawValue: 0xC060)
    public static let dtlsPacket = STUNAttributeType(rawValue: 0xC070)
    public static let dtlsAcknowledgements = STUNAttributeType(rawValue: 0xC071)
}
