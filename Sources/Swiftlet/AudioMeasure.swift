/// Levels of audio without a mathematics library.
enum AudioMeasure {
    /// 0 for the loudest possible sound, 127 for silence, in steps of one decibel.
    ///
    /// Counts halvings and steps of a decibel instead of taking a logarithm.
    static func decibelsBelowOverload(meanSquare: Double) -> UInt8 {
        guard meanSquare > 0 else { return 127 }
        var power = 32_768.0 * 32_768.0
        var level: UInt8 = 0
        while level < 127, power * halfDecibel > meanSquare {
            power *= decibel
            level += 1
        }
        return level
    }

    /// 10^(-1/10) and 10^(-1/20).
    private static let decibel = 0.794_328_234_724_281_5
    private static let halfDecibel = 0.891_250_938_133_745_6
}
