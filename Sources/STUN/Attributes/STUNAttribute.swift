public import Wire

/// One attribute with its value.
///
/// An attribute without a name here, or whose value has not the form of its type, is ``other(_:_:)``:
/// nothing that arrived is lost.
public enum STUNAttribute: Hashable, Sendable {
    // RFC 8489 §14.
    case mappedAddress(SocketAddress)
    case xorMappedAddress(SocketAddress)
    case username(String)
    /// SHA-256 of user name and realm, 32 bytes (RFC 8489 §14.4).
    case userHash([UInt8])
    case realm(String)
    case nonce(String)
    case passwordAlgorithms([STUNPasswordAlgorithm])
    case passwordAlgorithm(STUNPasswordAlgorithm)
    case software(String)
    case errorCode(STUNErrorCode, reason: String)
    case unknownAttributes([STUNAttributeType])
    case alternateServer(SocketAddress)
    case alternateDomain(String)
    /// The code as received; ``STUNPacket/isAuthentic(under:in:)`` checks it.
    case messageIntegrity([UInt8])
    /// The code as received; ``STUNPacket/isStronglyAuthentic(under:in:notShorterThan:)`` checks it.
    case messageIntegritySHA256([UInt8])
    /// The checksum as received; ``STUNPacket/hasValidFingerprint(in:)`` checks it.
    case fingerprint(UInt32)

    // RFC 8445 §16.1.
    case priority(UInt32)
    case useCandidate
    case iceControlled(tieBreaker: UInt64)
    case iceControlling(tieBreaker: UInt64)
    /// The number of a renomination; the highest one counts.
    case nomination(UInt32)

    // RFC 8656 §18.
    case channelNumber(UInt16)
    /// In seconds.
    case lifetime(UInt32)
    case xorPeerAddress(SocketAddress)
    case data([UInt8])
    case xorRelayedAddress(SocketAddress)
    case requestedAddressFamily(IPAddress.Family)
    case additionalAddressFamily(IPAddress.Family)
    case evenPort(reservesNext: Bool)
    /// The number of an IP protocol; 17 is UDP.
    case requestedTransport(UInt8)
    case dontFragment
    /// Eight bytes.
    case reservationToken([UInt8])
    case addressErrorCode(IPAddress.Family, STUNErrorCode, reason: String)
    case icmp(STUNICMPReport)

    // RFC 5780 §7.
    case changeRequest(STUNChangeRequest)
    case responseOrigin(SocketAddress)
    case otherAddress(SocketAddress)
    case responsePort(UInt16)
    case padding([UInt8])
    /// In seconds.
    case cacheTimeout(UInt32)

    // RFC 7982 §3.
    case transactionTransmitCounter(requests: UInt8, responses: UInt8)

    // libwebrtc.
    /// Which of its networks the sender uses, and how dear it is (0 to 999).
    case networkCost(id: UInt16, cost: UInt16)
    case miscellaneousInformation([UInt16])

    case other(STUNAttributeType, [UInt8])

    /// The number on the wire.
    public var type: STUNAttributeType { wireForm.type }
}

/// What a client asks the server to change about a response's source (RFC 5780 §7.2).
public struct STUNChangeRequest: OptionSet, Hashable, Sendable {
    /// The bits on the wire.
    public var rawValue: UInt32

    /// The flags of these bits.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Answer from the other address.
    public static let address = STUNChangeRequest(rawValue: 4)
    /// Answer from the other port.
    public static let port = STUNChangeRequest(rawValue: 2)
}

/// An ICMP message that a relay got back from the peer's side (RFC 8656 §18.13).
public struct STUNICMPReport: Hashable, Sendable {
    /// The ICMP type, 0 to 127.
    public var type: UInt8
    /// The ICMP code, 0 to 511.
    public var code: UInt16
    /// What else the message said, such as the next hop's MTU.
    public var data: UInt32

    /// A report of these numbers.
    public init(type: UInt8, code: UInt16, data: UInt32) {
        self.type = type
        self.code = code
        self.data = data
    }
}

/// How a long-term key is made from a password (RFC 8489 §14.11, §18.5).
public struct STUNPasswordAlgorithm: Hashable, Sendable {
    /// The number in the IANA registry "STUN Password Algorithms".
    public var number: UInt16
    /// What the algorithm needs besides; nothing for those that are known.
    public var parameters: [UInt8]

    /// An algorithm of this number.
    public init(number: UInt16, parameters: [UInt8] = []) {
        self.number = number
        self.parameters = parameters
    }

    /// RFC 8489 §18.5.1.1, for old clients.
    public static let md5 = STUNPasswordAlgorithm(number: 1)
    /// RFC 8489 §18.5.1.2.
    public static let sha256 = STUNPasswordAlgorithm(number: 2)
}
