import CSimulatedOpenSSL
public import Wire

/// Makes OpenSSL's clock and randomness follow a simulation, on the calling thread alone.
///
/// OpenSSL reads the time for DTLS retransmissions and draws random numbers by itself. Inside
/// ``withSimulation(seed:_:)`` both come from the simulation, so that a whole handshake, certificates
/// included, repeats byte for byte; on every other thread they stay the real ones.
///
/// ```swift
/// SimulatedOpenSSL.withSimulation(seed: 7) {
///     SimulatedOpenSSL.setTime(now)           // before every input of a machine
///     connection.advance(to: now)
/// }
/// ```
public enum SimulatedOpenSSL {
    /// Runs `body` with OpenSSL's randomness drawn from `seed` and its clock at `Instant.zero`.
    ///
    /// Simulations nest: afterwards the thread is where it was before. Keys made inside are as secret
    /// as the seed, which is not at all.
    public static func withSimulation<Success: ~Copyable, Failure: Error>(
        seed: UInt64,
        _ body: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        let outer = swiftlet_simulation_current()
        defer { swiftlet_simulation_set(outer) }
        swiftlet_simulation_set(
            swiftlet_simulation(is_active: 1, nanoseconds: 0, generator: seed)
        )
        return try body()
    }

    /// Moves the clock that OpenSSL sees on this thread; without a simulation it has no effect.
    public static func setTime(_ now: Instant) {
        swiftlet_simulation_set_time(now.nanoseconds)
    }

    /// Whether a simulation runs on this thread.
    public static var isActive: Bool { swiftlet_simulation_current().is_active != 0 }
}
