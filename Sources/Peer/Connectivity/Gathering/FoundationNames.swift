/// What our foundations are called in signaling: 1, 2, 3 and so on.
///
/// The agent makes foundations of addresses, and whoever knows a hash of so few bits knows the
/// address. RFC 8445 §5.1.1.3 asks for no more than that groups are told apart, and where a host's
/// addresses are hidden (RFC 8828 §5.2) nothing else may be said.
struct FoundationNames: Sendable {
    private var known: [String] = []
    private var forgotten = 0

    /// The number of a foundation: the same in the whole session, other numbers in others.
    mutating func name(of foundation: String) -> String {
        if let index = known.firstIndex(of: foundation) { return String(forgotten + index + 1) }
        if known.count >= maximumNames {
            known.removeFirst()
            forgotten += 1
        }
        known.append(foundation)
        return String(forgotten + known.count)
    }
}

/// Addresses come and go in a long session; more groups than these are never in use at once.
private let maximumNames = 256
