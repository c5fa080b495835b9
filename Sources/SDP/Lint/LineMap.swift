/// In which lines of a text the parts of a description stand.
///
/// The parser does not keep lines, because only a linter asks for them; this reads the text again.
struct LineMap {
    /// The lines of one section.
    struct Section {
        /// Where the section begins.
        let start: Int
        /// The lines of its attributes, in order.
        private(set) var attributes: [Int] = []
        /// The first line of each other type.
        private(set) var fields: [UInt8: Int] = [:]

        fileprivate init(start: Int) { self.start = start }

        /// The line of an attribute.
        func line(ofAttribute index: Int) -> Int {
            attributes.indices.contains(index) ? attributes[index] : start
        }

        /// The first line of a type, or the section's first line.
        func line(of type: Unicode.Scalar) -> Int {
            UInt8(exactly: type.value).flatMap { fields[$0] } ?? start
        }

        fileprivate mutating func note(_ type: UInt8, at line: Int) {
            if type == UInt8(ascii: "a") {
                attributes.append(line)
            } else if fields[type] == nil {
                fields[type] = line
            }
        }
    }

    /// The session's lines first, then those of each media section.
    private var sections: [Section]

    init(_ bytes: Span<UInt8>) {
        sections = [Section(start: 1)]
        var line = 0
        var start = 0
        while start < bytes.count {
            line += 1
            if start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "=") {
                let type = bytes[start]
                if type == UInt8(ascii: "m") { sections.append(Section(start: line)) }
                sections[sections.count - 1].note(type, at: line)
            }
            while start < bytes.count, bytes[start] != lineFeed { start &+= 1 }
            start &+= 1
        }
    }

    /// The lines before the first media section.
    var session: Section { sections[0] }

    /// The lines of a media section.
    func media(_ index: Int) -> Section {
        sections.indices.contains(index + 1) ? sections[index + 1] : session
    }
}
