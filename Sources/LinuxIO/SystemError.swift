import CLinux

/// A system call that failed: which one, and the system's own word for why.
///
/// ```swift
/// do {
///     socket = try UDPSocket.bind(to: address, on: loop, owner: self)
/// } catch {
///     print(error)    // bind: EADDRINUSE (Address already in use). Another socket …
/// }
/// ```
public struct SystemError: Error, Hashable, Sendable {
    /// The value of `errno`.
    public let code: CInt
    /// What was being done, usually the name of the system call.
    public let operation: String

    /// `operation` failed with the error number `code`.
    public init(code: CInt, operation: StaticString) {
        self.code = code
        self.operation = "\(operation)"
    }

    /// The symbol of the error number, such as `EADDRINUSE`.
    public var name: String {
        // The C library returns a constant string or none.
        guard let text = unsafe swiftlet_error_name(code) else { return "errno \(code)" }
        return unsafe String(cString: text)
    }
}

extension SystemError: CustomStringConvertible {
    public var description: String {
        // The C library returns a constant string or none.
        let text = unsafe swiftlet_error_text(code).map { unsafe String(cString: $0) }
        let sentence = text.map { " (\($0))" } ?? ""
        let advice = advice.map { ". \($0)" } ?? ""
        return "\(operation): \(name)\(sentence)\(advice)"
    }

    /// What the reader can do about it, where that is known.
    private var advice: String? {
        switch code {
        case ErrorNumber.addressInUse:
            "Another socket has this address: choose another port, or 0 for any"
        case ErrorNumber.addressNotAvailable: "This machine does not have this address"
        case ErrorNumber.accessDenied: "Ports below 1024 need a privilege"
        case ErrorNumber.tooManyFiles: "Raise the limit on open files: ulimit -n"
        case ErrorNumber.connectionRefused: "Nobody listens at this address"
        case ErrorNumber.cancelled: "The event loop has stopped"
        default: nil
        }
    }
}

/// The error numbers this module decides by, as Linux numbers them.
enum ErrorNumber {
    static let interrupted: CInt = 4
    static let inputOutput: CInt = 5
    static let again: CInt = 11
    static let outOfMemory: CInt = 12
    static let accessDenied: CInt = 13
    static let busy: CInt = 16
    static let invalid: CInt = 22
    static let tooManyFilesInSystem: CInt = 23
    static let tooManyFiles: CInt = 24
    static let messageTooLong: CInt = 90
    static let addressInUse: CInt = 98
    static let addressNotAvailable: CInt = 99
    static let connectionAborted: CInt = 103
    static let noBufferSpace: CInt = 105
    static let connectionRefused: CInt = 111
    static let inProgress: CInt = 115
    static let cancelled: CInt = 125
}

extension SystemError {
    /// The loop a socket belongs to has stopped.
    static func stopped(_ operation: StaticString) -> SystemError {
        SystemError(code: ErrorNumber.cancelled, operation: operation)
    }
}

/// Passes on the result of a call of CLinux, which returns the negative errno when it fails.
@discardableResult
func check(_ result: CInt, _ operation: StaticString) throws(SystemError) -> CInt {
    guard result >= 0 else { throw SystemError(code: -result, operation: operation) }
    return result
}
