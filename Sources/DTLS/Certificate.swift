import COpenSSL
import Digests
import Wire

/// A key pair and the self-signed certificate that names it (RFC 8827 §6.5).
///
/// Peers trust it by its fingerprint alone, so it says nothing about who we are. One certificate may
/// serve many connections; a fresh one for each keeps them from being linked.
///
/// ```swift
/// let certificate = try Certificate.selfSigned(validFrom: now, days: 30)
/// description.fingerprint = certificate.fingerprint.text
/// ```
@safe
public final class Certificate: Sendable {
    /// The SHA-256 fingerprint for the session description.
    public let fingerprint: CertificateFingerprint
    /// The certificate as it goes over the wire.
    public let der: [UInt8]

    // Both are complete before the value exists and never changed afterwards; OpenSSL counts their
    // references atomically.
    nonisolated(unsafe) private let certificate: OpaquePointer
    nonisolated(unsafe) private let key: OpaquePointer

    /// Generates a P-256 key and signs a certificate for it, in less than 0.1 ms.
    ///
    /// `validFrom` is in seconds since 1970: the caller knows the date, this module reads no clock.
    public static func selfSigned(
        validFrom: Int64,
        days: Int = 30
    ) throws(DTLSError) -> Certificate {
        // Every call below is given pointers that are alive until the end of this function; the new
        // Certificate takes over both references, or they are freed here.
        guard let key = unsafe swiftlet_generate_p256() else { throw .library(.drain()) }
        guard let certificate = unsafe X509_new() else {
            unsafe EVP_PKEY_free(key)
            throw .library(.drain())
        }
        guard unsafe fill(certificate, key: key, validFrom: validFrom, days: days),
            unsafe X509_sign(certificate, key, EVP_sha256()) > 0,
            let der = unsafe encode(certificate)
        else {
            unsafe X509_free(certificate)
            unsafe EVP_PKEY_free(key)
            throw .library(.drain())
        }
        return unsafe Certificate(certificate, key: key, der: der)
    }

    private init(_ certificate: OpaquePointer, key: OpaquePointer, der: [UInt8]) {
        unsafe self.certificate = certificate
        unsafe self.key = key
        self.der = der
        fingerprint = CertificateFingerprint(of: der.span)
    }

    deinit {
        // The references taken over in init; connections hold their own.
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    /// Gives `ssl` references to the certificate and its key.
    func install(in ssl: OpaquePointer) -> Bool {
        unsafe SSL_use_certificate(ssl, certificate) == 1 && SSL_use_PrivateKey(ssl, key) == 1
    }

    /// The DER form of an X509; nil if OpenSSL cannot encode it.
    static func encode(_ certificate: OpaquePointer) -> [UInt8]? {
        let length = unsafe i2d_X509(certificate, nil)
        guard length > 0 else { return nil }
        // i2d_X509 writes exactly the length it announced.
        let der = unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var cursor = buffer.baseAddress
            count = Int(unsafe i2d_X509(certificate, &cursor))
        }
        return der.count == Int(length) ? der : nil
    }

    private static func fill(
        _ certificate: OpaquePointer,
        key: OpaquePointer,
        validFrom: Int64,
        days: Int
    ) -> Bool {
        var chance = [UInt8](repeating: 0, count: 16)
        guard unsafe RAND_bytes(&chance, CInt(chance.count)) == 1 else { return false }
        // RFC 5280 §4.1.2.2: the serial number is positive.
        let serial = chance[..<8].reduce(0) { $0 << 8 | UInt64($1) } >> 1
        let name = [UInt8](Hex.encode(chance[8...]).utf8)
        // Dates that ASN.1 cannot hold make ASN1_TIME_set fail.
        let end = validFrom &+ Int64(min(max(days, 1), 36_500)) * 86_400
        // The subject belongs to the certificate, and X509_set_issuer_name copies it.
        let subject = unsafe X509_get_subject_name(certificate)
        return unsafe X509_set_version(certificate, 2) == 1
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1
            && ASN1_TIME_set(X509_getm_notBefore(certificate), Int(validFrom)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(certificate), Int(end)) != nil
            && X509_set_pubkey(certificate, key) == 1
            && X509_NAME_add_entry_by_NID(
                subject,
                NID_commonName,
                V_ASN1_UTF8STRING,
                name,
                CInt(name.count),
                -1,
                0
            ) == 1
            && X509_set_issuer_name(certificate, subject) == 1
    }
}
