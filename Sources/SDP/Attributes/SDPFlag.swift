/// An attribute that is only there or not there: it has a name and no value.
///
/// ```swift
/// if media.has(.rtcpMux) { media.set(.rtcpReducedSize, to: true) }
/// ```
public enum SDPFlag: String, Hashable, Sendable, CaseIterable {
    /// RTP and RTCP share a port (RFC 5761 §5.1.1).
    case rtcpMux = "rtcp-mux"
    /// RTCP must be multiplexed (RFC 8858 §3).
    case rtcpMuxOnly = "rtcp-mux-only"
    /// RTCP packets may be reduced in size (RFC 5506 §5).
    case rtcpReducedSize = "rtcp-rsize"
    /// The section is only of use within its bundle (RFC 9143 §6).
    case bundleOnly = "bundle-only"
    /// No more candidates will come (RFC 8840 §8.2).
    case endOfCandidates = "end-of-candidates"
    /// The sender is an ICE lite implementation (RFC 8839 §5.3).
    case iceLite = "ice-lite"
    /// The default destination was no candidate, so ICE is not used (RFC 8839 §5.3).
    case iceMismatch = "ice-mismatch"
    /// One-byte and two-byte header extensions may be mixed (RFC 8285 §6).
    case extensionMapAllowMixed = "extmap-allow-mixed"
    /// Header extensions and CSRCs may be encrypted (RFC 9335 §4).
    case cryptex

    /// Reads an attribute; nil if it is no flag or has a value.
    public init?(_ attribute: SDPAttribute) {
        guard attribute.value == nil, let flag = SDPFlag(rawValue: attribute.name) else {
            return nil
        }
        self = flag
    }

    /// The attribute.
    public var attribute: SDPAttribute { SDPAttribute(rawValue) }
}

extension SDPSection {
    /// Whether a flag is there, with or without a value that nobody asked for.
    public func has(_ flag: SDPFlag) -> Bool { has(flag.rawValue) }

    /// Adds or removes a flag.
    public mutating func set(_ flag: SDPFlag, to isSet: Bool) {
        setFlag(flag.rawValue, to: isSet)
    }
}
