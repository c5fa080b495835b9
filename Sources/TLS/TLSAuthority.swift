import COpenSSL
import Wire

/// A certificate authority of one's own, for tests and closed deployments.
///
/// ```swift
/// let authority = try TLSAuthority(named: "Our lab", validFrom: now)
/// let server = try authority.issue(for: [TLSServerName("turn.lab")], validFrom: now)
/// let identity = try TLSIdentity(
///     certificatePEM: server.certificatePEM,
///     privateKeyPEM: server.privateKeyPEM
/// )
/// let trust = try TLSTrust.certificates(pem: authority.certificatePEM)
/// ```
@safe
public final class TLSAuthority: Sendable {
    /// The authority's certificate, for those who shall trust it.
    public let certificatePEM: [UInt8]

    // Complete before the value is shared and never changed afterwards.
    nonisolated(unsafe) private let certificate: OpaquePointer
    nonisolated(unsafe) private let key: OpaquePointer

    /// A certificate and its private key.
    public struct Credentials: Hashable, Sendable {
        /// The certificate.
        public var certificatePEM: [UInt8]
        /// Its key, not encrypted.
        public var privateKeyPEM: [UInt8]
    }

    /// Makes an authority; `validFrom` is in seconds since 1970.
    public init(named name: String, validFrom: Int64, days: Int = 365) throws(TLSError) {
        let key = try Self.generateKey()
        let certificate = try Self.blank(named: name, key, validFrom: validFrom, days: days)
        guard
            unsafe X509_set_issuer_name(
                certificate.pointer,
                X509_get_subject_name(certificate.pointer)
            ) == 1,
            unsafe extend(
                certificate.pointer,
                by: certificate.pointer,
                [
                    (NID_basic_constraints, "critical,CA:TRUE"),
                    (NID_key_usage, "critical,keyCertSign,cRLSign"),
                    (NID_subject_key_identifier, "hash"),
                ]
            ), unsafe X509_sign(certificate.pointer, key.pointer, EVP_sha256()) > 0,
            let pem = PEM.write(certificate),
            unsafe X509_up_ref(certificate.pointer) == 1
        else { throw .library(.drain()) }
        certificatePEM = pem
        unsafe self.certificate = certificate.pointer
        unsafe EVP_PKEY_up_ref(key.pointer)
        unsafe self.key = key.pointer
    }

    deinit {
        // The references taken in `init`.
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    /// Makes a key and signs a server's certificate for it; `validFrom` is in seconds since 1970.
    public func issue(
        for names: [TLSServerName],
        validFrom: Int64,
        days: Int = 90
    ) throws(TLSError) -> Credentials {
        guard let first = names.first else { throw .invalidServerName }
        let key = try Self.generateKey()
        let issued = try Self.blank(
            named: first.text,
            key,
            validFrom: validFrom,
            days: days
        )
        let list = names.map(\.alternativeName).joined(separator: ",")
        guard unsafe X509_set_issuer_name(issued.pointer, X509_get_subject_name(certificate)) == 1,
            unsafe extend(
                issued.pointer,
                by: certificate,
                [
                    (NID_basic_constraints, "critical,CA:FALSE"),
                    (NID_key_usage, "critical,digitalSignature"),
                    (NID_ext_key_usage, "serverAuth"),
                    (NID_subject_alt_name, list),
                    (NID_authority_key_identifier, "keyid"),
                ]
            ), unsafe X509_sign(issued.pointer, self.key, EVP_sha256()) > 0,
            let pem = PEM.write(issued),
            let keyPEM = PEM.write(key)
        else { throw .library(.drain()) }
        return Credentials(certificatePEM: pem, privateKeyPEM: keyPEM)
    }

    private static func generateKey() throws(TLSError) -> OwnedKey {
        guard let key = unsafe swiftlet_generate_p256() else { throw .library(.drain()) }
        return unsafe OwnedKey(owning: key)
    }

    /// A certificate for `key` without issuer and extensions.
    private static func blank(
        named name: String,
        _ key: borrowing OwnedKey,
        validFrom: Int64,
        days: Int
    ) throws(TLSError) -> OwnedCertificate {
        guard let pointer = unsafe X509_new() else { throw .library(.drain()) }
        let certificate = unsafe OwnedCertificate(owning: pointer)
        var chance = [UInt8](repeating: 0, count: 8)
        // Dates that ASN.1 cannot hold make ASN1_TIME_set fail.
        let end = validFrom &+ Int64(min(max(days, 1), 36_500)) * 86_400
        // A common name has at most 64 characters (RFC 5280, appendix A.1).
        let text = [UInt8](String(name.prefix(64)).utf8.prefix(64))
        guard unsafe RAND_bytes(&chance, CInt(chance.count)) == 1,
            unsafe X509_set_version(pointer, 2) == 1,
            // RFC 5280 §4.1.2.2: the serial number is positive.
            unsafe ASN1_INTEGER_set_uint64(
                X509_get_serialNumber(pointer),
                chance.reduce(0) { $0 << 8 | UInt64($1) } >> 1 | 1
            ) == 1,
            unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), Int(validFrom)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), Int(end)) != nil,
            unsafe X509_set_pubkey(pointer, key.pointer) == 1,
            unsafe X509_NAME_add_entry_by_NID(
                X509_get_subject_name(pointer),
                NID_commonName,
                V_ASN1_UTF8STRING,
                text,
                CInt(text.count),
                -1,
                0
            ) == 1
        else { throw .library(.drain()) }
        return certificate
    }
}

private func extend(
    _ certificate: OpaquePointer,
    by issuer: OpaquePointer,
    _ extensions: [(kind: CInt, value: String)]
) -> Bool {
    extensions.allSatisfy { entry in
        unsafe swiftlet_x509_extend(certificate, issuer, entry.kind, entry.value) == 1
    }
}
