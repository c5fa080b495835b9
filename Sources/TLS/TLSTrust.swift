import COpenSSL
import Wire

/// Whose word a client takes for who a server is.
///
/// Making one reads and parses certificates, so keep it and use it for many connections.
///
/// ```swift
/// let trust = TLSTrust.system
/// let ours = try TLSTrust.certificates(pem: [UInt8](text.utf8))
/// ```
public final class TLSTrust: Sendable {
    /// Nil if OpenSSL could not make it.
    let context: TLSContext?
    /// False for tests that verify nothing.
    let verifies: Bool

    private init(_ context: TLSContext?, verifies: Bool) {
        self.context = context
        self.verifies = verifies
    }

    /// The authorities this system trusts (on Debian, the package `ca-certificates`).
    public static let system = TLSTrust(systemContext(), verifies: true)

    /// These certificates and nobody else: authorities, or a server's own.
    public static func certificates(pem text: [UInt8]) throws(TLSError) -> TLSTrust {
        let context = try TLSContext()
        let count = try PEM.readCertificates(text) { certificate, _ throws(TLSError) in
            try context.trust(certificate)
        }
        guard count > 0 else { throw .noCertificate }
        return TLSTrust(context, verifies: true)
    }

    /// These certificates in DER form and nobody else: authorities, or a server's own.
    public static func certificates(der list: [[UInt8]]) throws(TLSError) -> TLSTrust {
        let context = try TLSContext()
        for der in list {
            // d2i_X509 reads no more than the length it is given, and keeps no pointer.
            let decoded = unsafe der.withUnsafeBufferPointer { bytes in
                var cursor = bytes.baseAddress
                return unsafe d2i_X509(nil, &cursor, bytes.count)
            }
            guard let pointer = unsafe decoded else {
                ERR_clear_error()
                throw .noCertificate
            }
            let certificate = unsafe OwnedCertificate(owning: pointer)
            try context.trust(certificate)
        }
        guard !list.isEmpty else { throw .noCertificate }
        return TLSTrust(context, verifies: true)
    }

    /// Everybody, whatever their certificate says: anybody in between can read and change everything.
    ///
    /// For tests only.
    public static func insecureTrustInEverybody() throws(TLSError) -> TLSTrust {
        TLSTrust(try TLSContext(), verifies: false)
    }

    private static func systemContext() -> TLSContext? {
        guard let context = try? TLSContext(),
            unsafe SSL_CTX_set_default_verify_paths(context.pointer) == 1
        else { return nil }
        return context
    }
}

extension TLSContext {
    /// Adds a certificate that chains may end at, whether or not it is an authority's.
    fileprivate func trust(_ certificate: borrowing OwnedCertificate) throws(TLSError) {
        // The store belongs to the context, and takes a reference of its own.
        guard let store = unsafe SSL_CTX_get_cert_store(pointer),
            unsafe X509_STORE_add_cert(store, certificate.pointer) == 1,
            unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN)) == 1
        else { throw .library(.drain()) }
    }
}
