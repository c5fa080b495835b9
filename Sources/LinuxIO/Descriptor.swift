import CLinux

/// A file descriptor.
///
/// Closed when the value goes away; cannot be copied, so cannot be closed twice.
struct Descriptor: ~Copyable, Sendable {
    let number: CInt

    /// Takes over the descriptor that a call of CLinux returned.
    init(_ result: CInt, from operation: StaticString) throws(SystemError) {
        number = try check(result, operation)
    }

    deinit { swiftlet_close(number) }
}
