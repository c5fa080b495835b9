import COpenSSL
import Wire

/// What the callbacks of one connection read and leave behind.
struct TLSNotes {
    /// A server's protocols as ALPN writes them.
    let protocols: [UInt8]
    /// Whom a client wants to reach.
    let expected: TLSServerName?
    /// Why the peer's certificate was refused.
    var refusal: TLSError?

    /// The notes of `ssl`, which its extra data point to.
    static func of(_ ssl: OpaquePointer?) -> UnsafeMutablePointer<TLSNotes>? {
        // The engine sets them before any callback runs, and frees them after the SSL.
        guard let ssl = unsafe ssl else { return nil }
        return unsafe SSL_get_ex_data(ssl, notesIndex)?.assumingMemoryBound(to: TLSNotes.self)
    }
}

/// Where an SSL keeps the address of its ``TLSNotes``: the slot OpenSSL reserves for applications.
let notesIndex: CInt = 0

/// Overhears why a certificate is refused; the decision stays OpenSSL's.
func noteVerification(_ isAccepted: CInt, _ store: OpaquePointer?) -> CInt {
    guard isAccepted == 0, let store = unsafe store else { return isAccepted }
    // OpenSSL calls with a store of the SSL being verified, alive until the end of the call.
    let index = SSL_get_ex_data_X509_STORE_CTX_idx()
    guard let ssl = unsafe X509_STORE_CTX_get_ex_data(store, index),
        let notes = unsafe TLSNotes.of(OpaquePointer(ssl)), unsafe notes.pointee.refusal == nil
    else { return 0 }
    let code = unsafe X509_STORE_CTX_get_error(store)
    let names = unsafe X509_STORE_CTX_get0_cert(store).map { unsafe alternativeNames(of: $0) }
    unsafe notes.pointee.refusal = TLSError(
        verification: code,
        notes.pointee.expected,
        names: names ?? []
    )
    return 0
}

/// The names and addresses a certificate is for (RFC 5280 §4.2.1.6), 100 at most.
private func alternativeNames(of certificate: OpaquePointer) -> [TLSServerName] {
    guard let list = unsafe swiftlet_x509_alternative_names(certificate) else { return [] }
    defer { unsafe GENERAL_NAMES_free(list) }
    var names: [TLSServerName] = []
    for index in 0..<min(unsafe swiftlet_names_count(list), maximumNames) {
        var start: UnsafePointer<UInt8>?
        var length: CInt = 0
        let kind = unsafe swiftlet_names_get(list, index, &start, &length)
        // The bytes belong to the list, and are copied before it is freed.
        guard kind != 0, let start = unsafe start, length > 0 else { continue }
        let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: Int(length)))
        if kind == GEN_IPADD {
            if let address = IPAddress(bytes: bytes.span) { names.append(TLSServerName(address)) }
        } else if let name = TLSServerName(hostName: bytes) {
            names.append(name)
        }
    }
    return names
}

private let maximumNames: CInt = 100
