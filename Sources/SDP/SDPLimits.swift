/// How large a description may be before it is refused.
///
/// The defaults let through what a conference server with a thousand streams sends, and stop a
/// description that is only there to cost memory.
public struct SDPLimits: Hashable, Sendable {
    /// What can be limited.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The whole description.
        case bytes
        /// Lines of any kind.
        case lines
        /// Bytes in one line.
        case lineLength = "line length"
        /// Sections that an m= line begins.
        case mediaSections = "media sections"
    }

    /// Bytes in the whole description.
    public var maximumBytes = 1_048_576
    /// Lines in the whole description.
    public var maximumLines = 20_000
    /// Bytes in one line, without its end.
    public var maximumLineLength = 65_536
    /// Sections that an m= line begins.
    public var maximumMediaSections = 1_024
    /// Deviations that are remembered; what comes after is read just the same.
    public var maximumDeviations = 256

    /// The defaults, to be changed field by field.
    public init() {}
}
