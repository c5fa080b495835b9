/// A description in the words of a person.
///
/// ```swift
/// print(try SDPDescription(parsing: text).explanation())
/// // Session 4962303333179871722, version 1, most likely an offer.
/// // 3 sections; all share one transport (BUNDLE 0 1 2).
/// //
/// // Section 0: audio, mid 0, sends and receives
/// //   codecs:
/// //     96 opus, 48 kHz, 2 channels: speech and music; useinbandfec=1
/// // …
/// ```
public struct SDPExplanation: Hashable, Sendable {
    /// What is said about one topic, such as codecs or candidates.
    public struct Fact: Hashable, Sendable {
        /// What it is about.
        public var topic: String
        /// What is said, in one or several lines.
        public var lines: [String]

        /// A fact from its parts.
        public init(_ topic: String, _ lines: [String]) {
            self.topic = topic
            self.lines = lines
        }
    }

    /// One media section.
    public struct Section: Hashable, Sendable {
        /// Kind, mid and direction.
        public var title: String
        /// What is said about it.
        public var facts: [Fact]

        /// A section from its parts.
        public init(_ title: String, _ facts: [Fact]) {
            self.title = title
            self.facts = facts
        }
    }

    /// Who made the description, and what is in it.
    public var summary: [String]
    /// The media sections.
    public var sections: [Section]
    /// What is wrong or out of the ordinary.
    public var unusual: [String]

    /// An explanation from its parts.
    public init(summary: [String], sections: [Section], unusual: [String]) {
        self.summary = summary
        self.sections = sections
        self.unusual = unusual
    }
}

extension SDPExplanation: CustomStringConvertible {
    /// The whole explanation as text for people.
    public var description: String {
        var lines = summary
        for section in sections {
            lines.append("")
            lines.append(section.title)
            for fact in section.facts { lines += fact.text }
        }
        if !unusual.isEmpty {
            lines.append("")
            lines.append("Unusual:")
            lines += unusual.map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}

extension SDPExplanation.Fact {
    fileprivate var text: [String] {
        if lines.count == 1 { return ["  \(topic): \(lines[0])"] }
        return ["  \(topic):"] + lines.map { "    \($0)" }
    }
}
