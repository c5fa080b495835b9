import COpenSSL
import Wire

/// A certificate and its key as OpenSSL holds them; frees what it has.
@safe
struct OwnedCertificate: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over one reference.
    init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe X509_free(pointer) }
}

/// A private key; frees it.
@safe
struct OwnedKey: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over one reference.
    init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }
}

/// Text between BEGIN and END lines (RFC 7468).
enum PEM {
    /// Calls `body` with each certificate in `text`, in order, and returns how many there were.
    static func readCertificates(
        _ text: [UInt8],
        _ body: (_ certificate: borrowing OwnedCertificate, _ index: Int) throws(TLSError) -> Void
    ) throws(TLSError) -> Int {
        var count = 0
        var failure: TLSError?
        unsafe reading(text) { bio in
            while failure == nil, count < maximumCertificates,
                let pointer = unsafe swiftlet_read_certificate(bio)
            {
                let certificate = unsafe OwnedCertificate(owning: pointer)
                do throws(TLSError) {
                    try body(certificate, count)
                } catch {
                    failure = error
                }
                count += 1
            }
        }
        if let failure { throw failure }
        return count
    }

    /// The first private key in `text`; nil if there is none, or it needs a password.
    static func readPrivateKey(_ text: [UInt8]) -> OwnedKey? {
        var found: OwnedKey?
        unsafe reading(text) { bio in
            guard let key = unsafe swiftlet_read_private_key(bio) else { return }
            found = unsafe OwnedKey(owning: key)
        }
        return found
    }

    static func write(_ certificate: borrowing OwnedCertificate) -> [UInt8]? {
        let pointer = unsafe certificate.pointer
        return unsafe written { bio in unsafe PEM_write_bio_X509(bio, pointer) == 1 }
    }

    static func write(_ key: borrowing OwnedKey) -> [UInt8]? {
        let pointer = unsafe key.pointer
        return unsafe written { bio in
            unsafe PEM_write_bio_PrivateKey(bio, pointer, nil, nil, 0, nil, nil) == 1
        }
    }

    private static func reading(_ text: [UInt8], _ body: (OpaquePointer) -> Void) {
        ERR_clear_error()
        guard let length = CInt(exactly: text.count) else { return }
        // The BIO only reads, and is freed before the bytes are given back.
        unsafe text.withUnsafeBufferPointer { bytes in
            guard let bio = unsafe swiftlet_bio_reading(bytes.baseAddress, length) else { return }
            unsafe body(bio)
            unsafe BIO_free(bio)
        }
        // The end of the text is reported as an error.
        ERR_clear_error()
    }

    private static func written(_ body: (OpaquePointer) -> Bool) -> [UInt8]? {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
        defer { unsafe BIO_free(bio) }
        return unsafe body(bio) ? unsafe drained(bio) : nil
    }
}

/// Everything that waits in a memory BIO.
func drained(_ bio: OpaquePointer) -> [UInt8] {
    let waiting = min(unsafe BIO_ctrl_pending(bio), Int(CInt.max))
    guard waiting > 0 else { return [] }
    // BIO_read writes at most the capacity and says how much it wrote.
    return unsafe [UInt8](unsafeUninitializedCapacity: waiting) { buffer, count in
        count = max(0, Int(unsafe BIO_read(bio, buffer.baseAddress, CInt(waiting))))
    }
}

/// The system's bundle has about 150.
private let maximumCertificates = 4_096
