/// Who sends media, as seen by whoever wrote the description (RFC 8866 §6.7).
///
/// The raw value is the attribute's name: it has no value.
public enum MediaDirection: String, Hashable, Sendable, CaseIterable {
    case sendReceive = "sendrecv"
    case sendOnly = "sendonly"
    case receiveOnly = "recvonly"
    case inactive

    /// A direction from whether media is sent and received.
    public init(sends: Bool, receives: Bool) {
        switch (sends, receives) {
        case (true, true): self = .sendReceive
        case (true, false): self = .sendOnly
        case (false, true): self = .receiveOnly
        case (false, false): self = .inactive
        }
    }

    /// Reads an attribute; nil if it is no direction.
    public init?(_ attribute: SDPAttribute) {
        guard attribute.value == nil, let direction = MediaDirection(rawValue: attribute.name)
        else { return nil }
        self = direction
    }

    /// The attribute.
    public var attribute: SDPAttribute { SDPAttribute(rawValue) }

    /// Whether whoever wrote it wants to send.
    public var sends: Bool { self == .sendReceive || self == .sendOnly }

    /// Whether whoever wrote it wants to receive.
    public var receives: Bool { self == .sendReceive || self == .receiveOnly }

    /// The same direction as seen by the other side.
    public var reversed: MediaDirection { MediaDirection(sends: receives, receives: sends) }

    /// What both directions allow.
    public func intersection(_ other: MediaDirection) -> MediaDirection {
        MediaDirection(sends: sends && other.sends, receives: receives && other.receives)
    }
}
