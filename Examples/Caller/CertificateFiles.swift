import Glibc
import TLS

/// Certificates and keys that the command line names as files.
enum CertificateFiles {
    /// What a server shows: its chain and its key.
    static func identity(
        certificate: String,
        key: String
    ) throws(CertificateFileError) -> TLSIdentity {
        let chain = try contents(of: certificate)
        let secret = try contents(of: key)
        do throws(TLSError) {
            return try TLSIdentity(certificatePEM: chain, privateKeyPEM: secret)
        } catch {
            throw .unusable(error == .noCertificate ? certificate : key, error)
        }
    }

    /// Whom a client trusts: those in the file, or the system's authorities without one.
    static func trust(_ path: String?) throws(CertificateFileError) -> TLSTrust {
        guard let path else { return .system }
        let text = try contents(of: path)
        do throws(TLSError) {
            return try TLSTrust.certificates(pem: text)
        } catch {
            throw .unusable(path, error)
        }
    }

    private static func contents(of path: String) throws(CertificateFileError) -> [UInt8] {
        guard let file = unsafe fopen(path, "re") else { throw .unreadable(path, code: errno) }
        defer { unsafe _ = fclose(file) }
        var bytes = [UInt8](repeating: 0, count: maximumSize)
        // `fread` writes at most as many bytes as the array has.
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        guard unsafe ferror(file) == 0 else { throw .unreadable(path, code: errno) }
        return [UInt8](bytes.prefix(count))
    }
}

/// Why a file with a certificate or a key is of no use.
enum CertificateFileError: Error, Hashable, Sendable {
    case unreadable(String, code: CInt)
    case unusable(String, TLSError)
}

extension CertificateFileError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadable(let path, let code):
            // The C library returns a constant string or one of this thread's.
            "cannot read \(path): \(unsafe String(cString: strerror(code)))"
        case .unusable(let path, let error): "\(path): \(error)"
        }
    }
}

/// The bundle of all public authorities has 220 kB.
private let maximumSize = 4 << 20
