import Glibc

/// How loud samples are, below the loudest possible (RFC 6464 §3).
///
/// ```swift
/// let header = LevelMeter.level(of: samples.span)   // 0…127 for the header extension
/// meter.note(samples.span)
/// print(meter.decibels)                             // falls slowly, for display
/// ```
public struct LevelMeter: Sendable {
    /// The level of the last samples, falling by at most 20 dB a second, in dBov.
    public private(set) var decibels = silence
    private let fall: Double

    /// `rate` is how many times a second ``note(_:)`` is called.
    public init(rate: Double = 50) { fall = 20 / max(1, rate) }

    /// Takes in the next samples.
    public mutating func note(_ samples: Span<Int16>) {
        decibels = max(Self.decibels(of: samples), decibels - fall)
    }

    /// The root mean square in dBov, 0 down to -127.
    public static func decibels(of samples: Span<Int16>) -> Double {
        guard !samples.isEmpty else { return silence }
        var sum: Int64 = 0
        for index in samples.indices { sum &+= Int64(samples[index]) * Int64(samples[index]) }
        let mean = Double(sum) / Double(samples.count)
        guard mean > 0 else { return silence }
        // RFC 6464 §3: the overload point is the square wave of the largest value.
        return max(silence, min(0, 10 * log10(mean / (32_767 * 32_767))))
    }

    /// The level as the header extension has it: 0 is the loudest, 127 is silence.
    public static func level(of samples: Span<Int16>) -> UInt8 {
        UInt8(max(0, min(127, (0 - decibels(of: samples)).rounded())))
    }
}

private let silence = -127.0
