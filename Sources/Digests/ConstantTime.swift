extension Span<UInt8> {
    /// Whether both hold the same bytes, in a time that depends on their lengths alone.
    ///
    /// For codes and secrets: a comparison that stops at the first difference tells an attacker how
    /// much of a forgery was right.
    public func isEqualInConstantTime(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
