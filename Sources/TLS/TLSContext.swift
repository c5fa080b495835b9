import COpenSSL

/// An SSL_CTX: what connections to the same end have in common, parsed once.
@safe
final class TLSContext: Sendable {
    // Complete before the value is shared and never changed afterwards; OpenSSL counts its references
    // atomically.
    nonisolated(unsafe) let pointer: OpaquePointer

    init() throws(TLSError) {
        ERR_clear_error()
        guard let context = unsafe SSL_CTX_new(TLS_method()) else { throw .library(.drain()) }
        unsafe pointer = context
        guard unsafe swiftlet_tls_configure(context, maximumChain) == 1 else {
            throw .library(.drain())
        }
        unsafe SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
    }

    deinit {
        // The reference of `init`; connections hold their own.
        unsafe SSL_CTX_free(pointer)
    }
}

/// Picks the first of the server's protocols that the client offers (RFC 7301 §3.2).
private func selectProtocol(
    _ ssl: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: CUnsignedInt,
    _: UnsafeMutableRawPointer?
) -> CInt {
    // OpenSSL lends the client's list until the end of the call, and copies what is chosen of it.
    guard let notes = unsafe TLSNotes.of(ssl), let offered = unsafe offered,
        let chosen = unsafe chosen, let chosenLength = unsafe chosenLength
    else { return SSL_TLSEXT_ERR_NOACK }
    let ours = unsafe notes.pointee.protocols
    guard !ours.isEmpty else { return SSL_TLSEXT_ERR_NOACK }
    let list = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    let theirs = unsafe protocolRanges(in: [UInt8](list))
    for range in protocolRanges(in: ours) {
        guard let match = theirs.first(where: { unsafe list[$0].elementsEqual(ours[range]) }) else {
            continue
        }
        unsafe chosen.pointee = offered + match.lowerBound
        unsafe chosenLength.pointee = UInt8(match.count)
        return SSL_TLSEXT_ERR_OK
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// Where the names of an ALPN list lie; what is cut off is left out.
private func protocolRanges(in list: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var index = 0
    while index < list.count {
        let end = index + 1 + Int(list[index])
        guard end <= list.count else { break }
        ranges.append(index + 1..<end)
        index = end
    }
    return ranges
}

/// Chains of public authorities have a few kilobytes.
private let maximumChain = 65_536
