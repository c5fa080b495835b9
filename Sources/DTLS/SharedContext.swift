import CLeanOpenSSL
import COpenSSL
import Wire

/// The one SSL_CTX of the process: what all connections have in common, parsed once.
///
/// Certificates are set per connection. Nil only if OpenSSL is out of memory or damaged. Read only
/// after it was made; OpenSSL counts its references atomically.
nonisolated(unsafe) let sharedContext: OpaquePointer? = {
    // Every call is given the context just made, or constant strings that it copies.
    guard let context = unsafe swiftlet_dtls_context_create() else { return nil }
    guard unsafe swiftlet_ctx_allow_dtls12_only(context) == 1,
        unsafe SSL_CTX_set_cipher_list(context, cipherSuites) == 1,
        unsafe swiftlet_ctx_set_groups(context, groups) == 1,
        unsafe swiftlet_ctx_set_signatures(context, signatures) == 1
    else {
        unsafe SSL_CTX_free(context)
        return nil
    }
    unsafe swiftlet_ctx_set_frugal(context)
    unsafe swiftlet_ctx_set_maximum_chain(context, maximumChain)
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    // RFC 8827 §6.5: fingerprints replace the chain of trust, so no store is ever asked.
    unsafe SSL_CTX_set_cert_verify_callback(context, { store, _ in unsafe verify(store) }, nil)
    return unsafe context
}()

/// Accepts the peer's certificate only if it has an announced fingerprint (RFC 8122 §6.2).
///
/// Runs inside the handshake, so a wrong certificate never leads to keys.
private func verify(_ store: OpaquePointer?) -> CInt {
    let index = SSL_get_ex_data_X509_STORE_CTX_idx()
    // OpenSSL calls with a store of the SSL being verified; the SSL's extra data are its Ports.
    guard let store = unsafe store,
        let ssl = unsafe X509_STORE_CTX_get_ex_data(store, index),
        let ports = unsafe SSL_get_ex_data(OpaquePointer(ssl), portsIndex)?
            .assumingMemoryBound(to: Ports.self),
        let certificate = unsafe X509_STORE_CTX_get0_cert(store),
        let der = unsafe Certificate.encode(certificate)
    else { return 0 }
    guard unsafe ports.pointee.fingerprints.accept(der.span) else {
        unsafe ports.pointee.hasRefusedCertificate = true
        // RFC 8122 §6.2: the handshake ends with bad_certificate, which this error maps to.
        unsafe X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED)
        return 0
    }
    unsafe ports.pointee.peerCertificate = der
    return 1
}

/// Where an SSL keeps the address of its ``Ports``: the slot OpenSSL reserves for applications.
let portsIndex: CInt = 0

/// RFC 8827 §6.5: AES-GCM with an ephemeral key, and the same for peers with an RSA certificate.
private let cipherSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"
/// P-256 is there for the certificates: without it OpenSSL refuses an ECDSA key on that curve.
private let groups = "X25519:P-256"
private let signatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    + "RSA+SHA256:RSA+SHA384:RSA+SHA512"
/// Certificates of peers are self-signed, under a kilobyte; chains of gateways have a few.
private let maximumChain = 16_384
