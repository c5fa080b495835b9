/// A cipher, its key lengths and its tag, by the number in `use_srtp` (RFC 5764 §4.1.2, RFC 7714 §14.2).
public struct SRTPProtectionProfile: RawRepresentable, Hashable, Sendable {
    /// The number in the IANA registry "DTLS-SRTP Protection Profiles".
    public var rawValue: UInt16

    /// The profile of that number, whether implemented or not.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// AES in counter mode with HMAC-SHA1, a tag of 80 bits: what every peer has.
    public static let aes128CMHMACSHA1_80 = SRTPProtectionProfile(rawValue: 0x0001)
    /// AES-GCM with 128-bit keys.
    public static let aeadAES128GCM = SRTPProtectionProfile(rawValue: 0x0007)
    /// AES-GCM with 256-bit keys.
    public static let aeadAES256GCM = SRTPProtectionProfile(rawValue: 0x0008)

    /// The implemented profiles, best first.
    public static let all: [SRTPProtectionProfile] = [
        .aeadAES128GCM, .aeadAES256GCM, .aes128CMHMACSHA1_80,
    ]

    /// Whether sessions of this profile can be made.
    public var isSupported: Bool { Self.all.contains(self) }

    /// Bytes of a master key.
    public var keyLength: Int { self == .aeadAES256GCM ? 32 : 16 }

    /// Bytes of a master salt.
    public var saltLength: Int { self == .aes128CMHMACSHA1_80 ? 14 : 12 }

    /// Bytes of the authentication tag behind an RTP packet.
    public var tagLength: Int { self == .aes128CMHMACSHA1_80 ? 10 : 16 }

    /// Bytes behind an RTCP packet: the tag, and the E flag with the packet's index (RFC 3711 §3.4).
    public var controlOverhead: Int { tagLength + 4 }

    /// The most bytes protection adds to a packet of either kind.
    public var maximumOverhead: Int { controlOverhead }
}
