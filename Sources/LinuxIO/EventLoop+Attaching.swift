extension EventLoop {
    /// Makes the loop watch a new socket: at once when called on the loop, so that an error can be
    /// thrown, otherwise soon.
    ///
    /// A socket that a stopped loop cannot watch is one that stays silent.
    func attach(
        _ watch: @escaping @Sendable () throws(SystemError) -> Void
    ) throws(SystemError) {
        guard !isCurrent else { return try watch() }
        execute { try? watch() }
    }
}
