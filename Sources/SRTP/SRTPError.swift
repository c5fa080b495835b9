/// Why a packet could not be protected or accepted.
public enum SRTPError: Error, Hashable, Sendable {
    /// No such protection profile is implemented.
    case unsupportedProfile(UInt16)
    /// The keying material has `need` bytes for this profile.
    case wrongKeyLength(need: Int)
    /// The packet ends before its header, or before the authentication tag, does.
    case truncated(need: Int)
    /// The header does not describe the packet.
    case malformed
    /// The span needs `need` bytes to hold the protected packet.
    case noRoom(need: Int)
    /// The packet is forged, damaged, or protected with other keys.
    case authenticationFailed
    /// This packet has been seen before (RFC 3711 §3.3.2).
    case replayed
    /// The packet is older than the replay window.
    case tooOld
    /// 2⁴⁸ RTP or 2³¹ RTCP packets have used up the keys (RFC 3711 §9.2).
    case keysExhausted
    /// The peer, or our own side, uses more synchronisation sources than one session may have.
    case tooManyStreams
    /// libsrtp refused, with its own status code.
    case library(UInt32)
}

extension SRTPError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unsupportedProfile(let profile): "SRTP protection profile \(profile) is not supported"
        case .wrongKeyLength(let need): "the keying material must have \(need) bytes"
        case .truncated(let need): "the packet has fewer than \(need) bytes"
        case .malformed: "the packet's header does not describe it"
        case .noRoom(let need): "the protected packet needs room for \(need) bytes"
        case .authenticationFailed: "the packet is not authentic"
        case .replayed: "the packet has been seen before"
        case .tooOld: "the packet is older than the replay window"
        case .keysExhausted: "the keys have protected all the packets they may"
        case .tooManyStreams: "the session has too many synchronisation sources"
        case .library(let status): "libsrtp failed with status \(status)"
        }
    }
}
