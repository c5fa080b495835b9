/// What a datagram on the shared socket carries, by its first byte (RFC 7983 §7).
public enum PacketKind: Equatable, Sendable {
    case stun, dtls, turnChannel
    /// RTP or RTCP, in the clear or protected.
    case media

    /// Nil for a byte that no protocol of the socket begins with.
    public init?(firstByte: UInt8) {
        switch firstByte {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 64...79: self = .turnChannel
        case 128...191: self = .media
        default: return nil
        }
    }

    /// Whether a packet of RTP's kind is RTCP, by its second byte (RFC 5761 §4).
    ///
    /// Up to 213 types of RTCP are assigned. Programs exist that swap marker and payload type, so that
    /// Opus as 111 goes out as 222 or 223: these are media.
    public static func isControl(secondByte: UInt8) -> Bool {
        (192...213).contains(secondByte)
    }
}
