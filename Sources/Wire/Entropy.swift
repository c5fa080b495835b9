/// Where a machine gets its random bits: the kernel in production, a seed in tests.
public enum Entropy: RandomNumberGenerator, Sendable {
    /// The kernel's generator. The only right choice outside tests and simulations.
    case system
    /// A reproducible sequence.
    case seeded(SplitMix64)

    /// A reproducible sequence that starts at `seed`.
    public static func seed(_ seed: UInt64) -> Entropy { .seeded(SplitMix64(seed: seed)) }

    public mutating func next() -> UInt64 {
        switch self {
        case .system:
            var system = SystemRandomNumberGenerator()
            return system.next()
        case .seeded(var generator):
            let bits = generator.next()
            self = .seeded(generator)
            return bits
        }
    }

    /// `count` random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](randomCount: count, from: &self)
    }

    /// A source of its own for a child machine: seeded from this one, or the system's.
    public mutating func split() -> Entropy {
        switch self {
        case .system: .system
        case .seeded: .seed(next())
        }
    }
}

extension [UInt8] {
    fileprivate init(randomCount count: Int, from entropy: inout Entropy) {
        self = []
        reserveCapacity(count)
        var bits: UInt64 = 0
        for index in 0..<count {
            if index % 8 == 0 { bits = entropy.next() }
            append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }
}
