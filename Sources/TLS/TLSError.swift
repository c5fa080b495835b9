/// Why a TLS connection could not be made, or came to an end.
///
/// Its description says what happened and what to do about it.
public enum TLSError: Error, Hashable, Sendable {
    // The peer's certificate.
    /// The certificate, or one it depends on, has run out.
    case certificateExpired
    /// The certificate is not valid yet.
    case certificateNotYetValid
    /// The certificate is for others.
    case wrongHost(expected: TLSServerName, certificateIsFor: [TLSServerName])
    /// No certificate leads to an authority we trust.
    case unknownAuthority
    /// The certificate vouches for itself, and we were not told to trust it.
    case selfSigned
    /// The certificate is broken, revoked, or made for another purpose.
    case certificateRefused(TLSVerificationFailure)

    // The protocol.
    /// The peer ended the connection with a fatal alert.
    case alertReceived(TLSAlertDescription)
    /// What answers does not speak TLS.
    case notTLS
    /// The peer speaks only versions before TLS 1.2.
    case outdatedVersion
    /// The peer broke the protocol, or shares no parameters with us.
    case protocolViolation(TLSLibraryFailure)
    /// The handshake was not done in time.
    case timedOut
    /// The peer sent too much before the handshake was done.
    case handshakeTooLarge(limit: Int)
    /// The transport ended before the handshake was done.
    case closedInHandshake
    /// The transport ended without a goodbye: something may be missing (RFC 8446 §6.1).
    case truncated

    // The caller.
    /// Data can be sent only until the connection ends.
    case notConnected
    /// Too much data waits for the end of the handshake.
    case earlyDataFull(limit: Int)
    /// The text is neither a host name nor an address.
    case invalidServerName
    /// A name for ALPN is empty or longer than 255 bytes.
    case invalidApplicationProtocol
    /// The text has no certificate in PEM form.
    case noCertificate
    /// The text has no private key in PEM form.
    case noPrivateKey
    /// The private key does not belong to the first certificate.
    case keyMismatch
    /// OpenSSL refused, for want of memory or because its installation is damaged.
    case library(TLSLibraryFailure)
}

/// Why OpenSSL refused a certificate, by its own numbering.
public struct TLSVerificationFailure: RawRepresentable, Hashable, Sendable {
    /// The number of the `X509_V_ERR` constant.
    public var rawValue: Int

    /// The failure of that number.
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// What a fatal alert says (RFC 8446 §6.2).
public struct TLSAlertDescription: RawRepresentable, Hashable, Sendable {
    /// The alert's number in the IANA registry "TLS Alerts".
    public var rawValue: UInt8

    /// The alert of that number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No common cipher suite, group or signature.
    public static let handshakeFailure = TLSAlertDescription(rawValue: 40)
    /// The peer found our certificate broken.
    public static let badCertificate = TLSAlertDescription(rawValue: 42)
    /// The peer found our certificate expired.
    public static let certificateExpired = TLSAlertDescription(rawValue: 45)
    /// The peer did not accept our certificate for another reason.
    public static let certificateUnknown = TLSAlertDescription(rawValue: 46)
    /// The peer does not trust the authority of our certificate.
    public static let unknownAuthority = TLSAlertDescription(rawValue: 48)
    /// The peer speaks none of our versions.
    public static let protocolVersion = TLSAlertDescription(rawValue: 70)
    /// The peer does not answer for the name we asked for.
    public static let unrecognizedName = TLSAlertDescription(rawValue: 112)
    /// The peer speaks none of the protocols we offered.
    public static let noApplicationProtocol = TLSAlertDescription(rawValue: 120)
}

/// An entry of OpenSSL's error queue, as numbers.
public struct TLSLibraryFailure: Hashable, Sendable {
    /// Which part of OpenSSL failed; 20 is libssl.
    public var library: Int
    /// What went wrong, by that part's own numbering; 0 when OpenSSL left no word.
    public var reason: Int

    /// A failure with OpenSSL's numbers.
    public init(library: Int, reason: Int) {
        self.library = library
        self.reason = reason
    }
}

extension TLSError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .certificateExpired:
            "the server's certificate has expired; renew it there, or set this machine's clock right"
        case .certificateNotYetValid:
            "the server's certificate is not valid yet; set this machine's clock right"
        case .wrongHost(let expected, let names):
            "the server's certificate is not for \(expected) but for \(list(names)); "
                + "use one of its names, or give the server a certificate for \(expected)"
        case .unknownAuthority:
            "the server's certificate comes from an authority that is not trusted here; "
                + "give that authority's certificate as a trusted one, "
                + "or have the server send its intermediate certificates"
        case .selfSigned:
            "the server's certificate is signed by itself; "
                + "give that very certificate as a trusted one"
        case .certificateRefused(let failure): "the server's certificate was refused: \(failure)"
        case .alertReceived(let alert): "the other side ended the TLS connection: \(alert)"
        case .notTLS: "the other side does not speak TLS; check the port, or connect without TLS"
        case .outdatedVersion: "the other side speaks no TLS 1.2 or later; it must be updated"
        case .protocolViolation(let failure): "the TLS handshake or a record was wrong: \(failure)"
        case .timedOut: "the other side did not finish the TLS handshake in time"
        case .handshakeTooLarge(let limit): "the TLS handshake is larger than \(limit) bytes"
        case .closedInHandshake:
            "the other side closed the connection during the TLS handshake; "
                + "its own log may say why"
        case .truncated: "the connection was cut off without a goodbye, so data may be missing"
        case .notConnected: "the TLS connection has ended"
        case .earlyDataFull(let limit):
            "\(limit) bytes wait already for the handshake; wait until it is done"
        case .invalidServerName: "this is neither a host name nor an IP address"
        case .invalidApplicationProtocol: "a protocol for ALPN has 1 to 255 bytes"
        case .noCertificate:
            "there is no certificate in PEM form; it begins with -----BEGIN CERTIFICATE-----"
        case .noPrivateKey:
            "there is no unencrypted private key in PEM form; "
                + "it begins with -----BEGIN PRIVATE KEY-----"
        case .keyMismatch:
            "the private key does not belong to the first certificate; "
                + "the server's own certificate must come first"
        case .library(let failure): "OpenSSL failed: \(failure)"
        }
    }
}

/// A certificate may have hundreds of names.
private func list(_ names: [TLSServerName]) -> String {
    guard !names.isEmpty else { return "nobody" }
    let shown = names.prefix(4).map(\.text).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) others" : shown
}
