import COpenSSL

/// A server's certificate chain and private key.
///
/// Make it once and use it for all connections.
///
/// ```swift
/// let identity = try TLSIdentity(certificatePEM: chain, privateKeyPEM: key)
/// var connection = try TLSConnection(server: identity)
/// ```
public final class TLSIdentity: Sendable {
    let context: TLSContext

    /// The chain, the server's own certificate first, and its key, unencrypted; both in PEM form.
    public init(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws(TLSError) {
        let context = try TLSContext()
        let count = try PEM.readCertificates(certificatePEM) {
            certificate,
            index throws(TLSError) in
            try context.present(certificate, isFirst: index == 0)
        }
        guard count > 0 else { throw .noCertificate }
        guard let key = PEM.readPrivateKey(privateKeyPEM) else { throw .noPrivateKey }
        // The context takes references of its own; a key of another kind than the certificate's is
        // refused here, one of the same kind by the check.
        guard unsafe SSL_CTX_use_PrivateKey(context.pointer, key.pointer) == 1,
            unsafe SSL_CTX_check_private_key(context.pointer) == 1
        else {
            ERR_clear_error()
            throw .keyMismatch
        }
        self.context = context
    }
}

extension TLSContext {
    /// Adds a certificate to the chain that is shown.
    fileprivate func present(
        _ certificate: borrowing OwnedCertificate,
        isFirst: Bool
    ) throws(TLSError) {
        // The context takes a reference of its own.
        let result =
            isFirst
            ? unsafe SSL_CTX_use_certificate(pointer, certificate.pointer)
            : unsafe swiftlet_ctx_add_chain(pointer, certificate.pointer)
        guard result == 1 else { throw .library(.drain()) }
    }
}
