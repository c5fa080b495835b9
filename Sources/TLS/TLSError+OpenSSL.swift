import COpenSSL

extension TLSLibraryFailure {
    /// Empties this thread's error queue and keeps its oldest entry, the cause of the others.
    static func drain() -> TLSLibraryFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        return TLSLibraryFailure(
            library: Int(ERR_GET_LIB(code)),
            reason: Int(ERR_GET_REASON(code))
        )
    }
}

extension TLSError {
    /// What the failure OpenSSL reports during a connection means.
    init(_ failure: TLSLibraryFailure) {
        guard failure.library == Int(ERR_LIB_SSL) else {
            self = .protocolViolation(failure)
            return
        }
        if let alert = UInt8(exactly: failure.reason - Int(SSL_AD_REASON_OFFSET)) {
            self = .alertReceived(TLSAlertDescription(rawValue: alert))
            return
        }
        switch CInt(clamping: failure.reason) {
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
            self = .notTLS
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW: self = .outdatedVersion
        default: self = .protocolViolation(failure)
        }
    }

    /// What the verification of a certificate found.
    init(verification code: CInt, _ expected: TLSServerName?, names: [TLSServerName]) {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .certificateNotYetValid
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_CERT_UNTRUSTED:
            self = .unknownAuthority
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: self = .selfSigned
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            guard let expected else { fallthrough }
            self = .wrongHost(expected: expected, certificateIsFor: names)
        default: self = .certificateRefused(TLSVerificationFailure(rawValue: Int(code)))
        }
    }
}

extension TLSLibraryFailure: CustomStringConvertible {
    public var description: String {
        let code = UInt(truncatingIfNeeded: library << 23 | reason)
        // OpenSSL returns a constant string, or nil for a number it does not know.
        guard let text = unsafe ERR_reason_error_string(code) else {
            return "OpenSSL error \(library):\(reason)"
        }
        return unsafe String(cString: text)
    }
}

extension TLSVerificationFailure: CustomStringConvertible {
    public var description: String {
        // OpenSSL returns a constant string for every number, "unknown" included.
        guard let text = unsafe X509_verify_cert_error_string(rawValue) else { return "unknown" }
        return unsafe String(cString: text)
    }
}

extension TLSAlertDescription: CustomStringConvertible {
    public var description: String {
        // OpenSSL returns a constant string for every number, "unknown" included.
        guard let name = unsafe SSL_alert_desc_string_long(CInt(rawValue)) else { return "unknown" }
        return unsafe String(cString: name)
    }
}
