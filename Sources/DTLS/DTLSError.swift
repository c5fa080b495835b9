import COpenSSL

/// Why a DTLS connection could not be made, or came to an end.
public enum DTLSError: Error, Hashable, Sendable {
    /// None of the peer's fingerprints uses a hash function that may be trusted (RFC 8122 §5).
    case noUsableFingerprint
    /// The peer's certificate is not the one its session description announced.
    case fingerprintMismatch
    /// The peer ended the connection with a fatal alert.
    case alertReceived(TLSAlert)
    /// The peer did not answer, or stopped answering, during the handshake.
    case timedOut
    /// The peer broke the protocol, or shares no cipher suite, group or signature scheme with us.
    case handshakeFailed(OpenSSLFailure)
    /// Application data can be sent only between the handshake and the end of the connection.
    case notConnected
    /// Application data must fit one record in one datagram.
    case messageTooLarge(limit: Int)
    /// The destination is too small for the record.
    case noRoom(need: Int)
    /// The configuration names an SRTP protection profile that DTLS cannot negotiate.
    case unsupportedProfile(UInt16)
    /// OpenSSL refused, for want of memory or because its installation is damaged.
    case library(OpenSSLFailure)
}

/// An entry of OpenSSL's error queue, as numbers.
public struct OpenSSLFailure: Hashable, Sendable {
    /// Which part of OpenSSL failed; 20 is libssl.
    public var library: Int
    /// What went wrong, by that part's own numbering; 0 when OpenSSL left no word.
    public var reason: Int

    /// A failure with OpenSSL's numbers.
    public init(library: Int, reason: Int) {
        self.library = library
        self.reason = reason
    }

    /// Empties this thread's error queue and keeps its oldest entry, the cause of the others.
    static func drain() -> OpenSSLFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        return OpenSSLFailure(
            library: Int(ERR_GET_LIB(code)),
            reason: Int(ERR_GET_REASON(code))
        )
    }
}

/// What an alert says (RFC 5246 §7.2).
public struct TLSAlert: RawRepresentable, Hashable, Sendable {
    /// The alert's number in the IANA registry "TLS Alerts".
    public var rawValue: UInt8

    /// The alert of that number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let unexpectedMessage = TLSAlert(rawValue: 10)
    public static let handshakeFailure = TLSAlert(rawValue: 40)
    public static let badCertificate = TLSAlert(rawValue: 42)
    public static let unsupportedCertificate = TLSAlert(rawValue: 43)
    public static let certificateUnknown = TLSAlert(rawValue: 46)
    public static let illegalParameter = TLSAlert(rawValue: 47)
    public static let decodeError = TLSAlert(rawValue: 50)
    public static let decryptError = TLSAlert(rawValue: 51)
    public static let protocolVersion = TLSAlert(rawValue: 70)
    public static let insufficientSecurity = TLSAlert(rawValue: 71)
    public static let internalError = TLSAlert(rawValue: 80)
    public static let userCanceled = TLSAlert(rawValue: 90)
}

extension DTLSError {
    /// What the failure OpenSSL reports during a connection means.
    init(_ failure: OpenSSLFailure) {
        let isOfSSL = failure.library == Int(ERR_LIB_SSL)
        if isOfSSL, let alert = UInt8(exactly: failure.reason - Int(SSL_AD_REASON_OFFSET)) {
            self = .alertReceived(TLSAlert(rawValue: alert))
        } else if isOfSSL, failure.reason == Int(SSL_R_READ_TIMEOUT_EXPIRED) {
            self = .timedOut
        } else {
            self = .handshakeFailed(failure)
        }
    }
}

extension TLSAlert: CustomStringConvertible {
    public var description: String {
        // OpenSSL returns a constant string for every number, "unknown" included.
        guard let name = unsafe SSL_alert_desc_string_long(CInt(rawValue)) else { return "unknown" }
        return unsafe String(cString: name)
    }
}

extension OpenSSLFailure: CustomStringConvertible {
    public var description: String {
        let code = UInt(truncatingIfNeeded: library << 23 | reason)
        // OpenSSL returns a constant string, or nil for a number it does not know.
        guard let text = unsafe ERR_reason_error_string(code) else {
            return "OpenSSL error \(library):\(reason)"
        }
        return unsafe String(cString: text)
    }
}

extension DTLSError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noUsableFingerprint:
            "the peer's session description has no fingerprint of a supported hash function"
        case .fingerprintMismatch:
            "the peer's certificate does not match the fingerprint in its session description"
        case .alertReceived(let alert): "the peer ended the connection: \(alert)"
        case .timedOut: "the peer did not answer the handshake"
        case .handshakeFailed(let failure): "the handshake failed: \(failure)"
        case .notConnected: "no DTLS connection is established"
        case .messageTooLarge(let limit): "the message is larger than \(limit) bytes"
        case .noRoom(let need): "the record needs room for \(need) bytes"
        case .unsupportedProfile(let profile): "SRTP protection profile \(profile) is not supported"
        case .library(let failure): "OpenSSL failed: \(failure)"
        }
    }
}
