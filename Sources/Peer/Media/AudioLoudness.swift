/// How loud a packet's audio is, as it is told to the peer (RFC 6464 §3).
public struct AudioLoudness: Hashable, Sendable {
    /// Decibels below overload: 0 is as loud as can be, 127 is silence.
    public var level: UInt8
    /// Whether the packet holds speech.
    public var isVoice: Bool

    /// A loudness of `level` decibels below overload.
    public init(level: UInt8, isVoice: Bool) {
        self.level = min(level, 127)
        self.isVoice = isVoice
    }
}
