import Wire

/// Protects and opens the RTP and RTCP packets of one transport (RFC 3711, RFC 7714).
///
/// All packets are changed in place. A session that has not seen a packet holds its keys and nothing
/// else; streams appear with their first packet.
///
/// ```swift
/// var session = try SRTPSession(profile: .aeadAES128GCM, keys: keys)
/// let length = try session.protect(&packet, length: 172)
/// ```
public struct SRTPSession: ~Copyable, Sendable {
    /// The cipher and tag in use.
    public let profile: SRTPProtectionProfile

    private let keys: SRTPMasterKeys
    private var outbound: SRTPContext?
    private var inbound: SRTPContext?

    /// A session under `keys`, which must have been made for `profile`.
    public init(profile: SRTPProtectionProfile, keys: SRTPMasterKeys) throws(SRTPError) {
        guard profile.isSupported else { throw .unsupportedProfile(profile.rawValue) }
        guard keys.profile == profile else {
            throw .wrongKeyLength(need: 2 * (profile.keyLength + profile.saltLength))
        }
        self.profile = profile
        self.keys = keys
    }
}

// MARK: - RTP

extension SRTPSession {
    /// Encrypts the RTP packet in the first `length` bytes and returns its new length.
    ///
    /// `packet` needs room for ``SRTPProtectionProfile/maximumOverhead`` bytes more. A sequence number
    /// that was sent before is refused: two packets must never share a key stream.
    public mutating func protect(
        _ packet: inout MutableSpan<UInt8>,
        length: Int
    ) throws(SRTPError) -> Int {
        try check(packet.span, length: length, header: rtpHeader, trailer: profile.tagLength)
        let source = packet.span.ssrc(at: 8)
        try openOutbound()
        return try outbound?.run(.protect, on: &packet, length: length, source: source) ?? 0
    }

    /// Authenticates and decrypts the RTP packet in the first `length` bytes; returns its length.
    ///
    /// After an error the bytes are worthless and nothing else has changed.
    public mutating func unprotect(
        _ packet: inout MutableSpan<UInt8>,
        length: Int
    ) throws(SRTPError) -> Int {
        try check(packet.span, length: length, header: rtpHeader + profile.tagLength, trailer: 0)
        let source = packet.span.ssrc(at: 8)
        try openInbound()
        return try inbound?.run(.unprotect, on: &packet, length: length, source: source) ?? 0
    }
}

// MARK: - RTCP

extension SRTPSession {
    /// Encrypts the compound RTCP packet in the first `length` bytes and returns its new length.
    public mutating func protectControl(
        _ packet: inout MutableSpan<UInt8>,
        length: Int
    ) throws(SRTPError) -> Int {
        try check(packet.span, length: length, header: rtcpHeader, trailer: profile.controlOverhead)
        let source = packet.span.ssrc(at: 4)
        try openOutbound()
        return try outbound?.run(.protectControl, on: &packet, length: length, source: source) ?? 0
    }

    /// Authenticates and decrypts the RTCP packet in the first `length` bytes; returns its length.
    public mutating func unprotectControl(
        _ packet: inout MutableSpan<UInt8>,
        length: Int
    ) throws(SRTPError) -> Int {
        let least = rtcpHeader + profile.controlOverhead
        try check(packet.span, length: length, header: least, trailer: 0)
        let source = packet.span.ssrc(at: 4)
        try openInbound()
        return try inbound?.run(.unprotectControl, on: &packet, length: length, source: source) ?? 0
    }
}

// MARK: - Contexts

extension SRTPSession {
    private mutating func openOutbound() throws(SRTPError) {
        guard outbound == nil else { return }
        outbound = try SRTPContext(.outbound, profile: profile, keys: keys.local)
    }

    private mutating func openInbound() throws(SRTPError) {
        guard inbound == nil else { return }
        inbound = try SRTPContext(.inbound, profile: profile, keys: keys.remote)
    }
}

/// What libsrtp relies on: a whole header, and room for what it appends.
private func check(
    _ packet: Span<UInt8>,
    length: Int,
    header: Int,
    trailer: Int
) throws(SRTPError) {
    guard length >= header else { throw .truncated(need: header) }
    guard length <= maximumLength, packet.count >= length + trailer else {
        throw .noRoom(need: length + trailer)
    }
}

extension Span<UInt8> {
    fileprivate func ssrc(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset &+ 1]) << 16
            | UInt32(self[offset &+ 2]) << 8 | UInt32(self[offset &+ 3])
    }
}

/// RFC 3550 §5.1 and §6.4.1: what comes before a packet's contents.
private let rtpHeader = 12
private let rtcpHeader = 8
/// A UDP datagram holds no more.
private let maximumLength = 65_535
