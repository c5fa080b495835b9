/// Which side of the handshake we play.
public enum DTLSRole: Sendable {
    /// Sends the ClientHello (`a=setup:active`).
    case client
    /// Waits for it (`a=setup:passive`).
    case server
}

/// What a handshake leaves for SRTP (RFC 5764 §4.2).
public struct KeyingMaterial: Hashable, Sendable {
    /// The protection profile both sides agreed on, by its number in `use_srtp`.
    public var profile: UInt16
    /// The exporter's output: client key, server key, client salt, server salt.
    public var bytes: [UInt8]
    /// Which of them are ours.
    public var localRole: DTLSRole

    /// Keying material from its parts.
    public init(profile: UInt16, bytes: [UInt8], localRole: DTLSRole) {
        self.profile = profile
        self.bytes = bytes
        self.localRole = localRole
    }
}

/// An SRTP protection profile as `use_srtp` knows it.
enum UseSRTPProfile: UInt16, CaseIterable {
    case aes128CMSHA1x80 = 0x0001
    case aes128CMSHA1x32 = 0x0002
    case aeadAES128GCM = 0x0007
    case aeadAES256GCM = 0x0008

    /// OpenSSL's name for it.
    var name: String {
        switch self {
        case .aes128CMSHA1x80: "SRTP_AES128_CM_SHA1_80"
        case .aes128CMSHA1x32: "SRTP_AES128_CM_SHA1_32"
        case .aeadAES128GCM: "SRTP_AEAD_AES_128_GCM"
        case .aeadAES256GCM: "SRTP_AEAD_AES_256_GCM"
        }
    }

    /// How many bytes the exporter gives: both sides' keys and salts.
    ///
    /// RFC 5764 §4.1.2 and RFC 7714 §12 fix the lengths.
    var exportedLength: Int {
        switch self {
        case .aes128CMSHA1x80, .aes128CMSHA1x32: 2 * (16 + 14)
        case .aeadAES128GCM: 2 * (16 + 12)
        case .aeadAES256GCM: 2 * (32 + 12)
        }
    }
}
