public import Wire

/// How loud the audio of a packet is, so that a mixer need not decode it (RFC 6464 §3).
///
///      0 1 2 3 4 5 6 7
///     |V|    level    |
public struct AudioLevel: Hashable, Sendable {
    /// The level below overload: 0 is the loudest, 127 is silence.
    public var level: UInt8
    /// Whether the sender believes that the packet holds speech.
    public var hasVoice: Bool

    /// Levels above 127 stand for silence.
    public init(level: UInt8, hasVoice: Bool) {
        self.level = min(level, 127)
        self.hasVoice = hasVoice
    }

    /// Reads the value of an extension element.
    public init(parsing value: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(value)
        self.init(rawValue: try reader.read())
    }

    /// The byte as it stands on the wire.
    public init(rawValue: UInt8) {
        level = rawValue & 0x7F
        hasVoice = rawValue & 0x80 != 0
    }

    /// The byte as it stands on the wire.
    public var rawValue: UInt8 { level & 0x7F | (hasVoice ? 0x80 : 0) }

    /// The level in dBov, 0 down to -127.
    public var decibels: Int { -Int(level) }
}
