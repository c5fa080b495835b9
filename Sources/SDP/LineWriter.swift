/// Appends lines to UTF-8 bytes.
struct LineWriter {
    /// What was written.
    private(set) var bytes: [UInt8] = []
    private let dropsLineEnds: Bool
    private var lines = 0

    /// An empty writer; with `dropsLineEnds` it looks at every byte of every value.
    init(reserving capacity: Int, dropsLineEnds: Bool = false) {
        self.dropsLineEnds = dropsLineEnds
        bytes.reserveCapacity(capacity)
    }

    /// Whether there are no more control characters than the line ends need.
    ///
    /// A value with a line end in it would add lines that nobody meant to send. Looking for that
    /// once at the end costs less than looking at every value.
    var isClean: Bool {
        let written = bytes.span
        var controls = 0
        var start = 0
        while start &+ 16 <= written.count {
            controls &+= Int(written.controls(in: start..<start &+ 16))
            start &+= 16
        }
        for index in start..<written.count where written[index] <= carriageReturn {
            controls &+= 1
        }
        return controls == 2 * lines
    }

    mutating func line(_ type: UInt8, _ value: String) {
        begin(type, value)
        end()
    }

    @inline(__always)
    mutating func begin(_ type: UInt8, _ value: String) {
        bytes.append(type)
        bytes.append(UInt8(ascii: "="))
        append(value)
    }

    mutating func field(_ value: String) {
        bytes.append(space)
        append(value)
    }

    mutating func end() {
        bytes.append(carriageReturn)
        bytes.append(lineFeed)
        lines += 1
    }

    /// Writes attributes with the extra lines between them.
    mutating func attributes(
        _ attributes: [SDPAttribute],
        among extraLines: [SDPDescription.ExtraLine]
    ) {
        var extra = 0
        let all = attributes.span
        for index in all.indices {
            while extra < extraLines.count, extraLines[extra].position <= index {
                write(extraLines[extra])
                extra += 1
            }
            if dropsLineEnds { checked(all[index]) } else { write(all[index]) }
        }
        for line in extraLines[extra...] { write(line) }
    }

    // Attributes are most of a description: one growth and one copy each.
    private mutating func write(_ attribute: borrowing SDPAttribute) {
        lines += 1
        let name = attribute.name.utf8Span.span
        guard let value = attribute.value else {
            bytes.append(addingCapacity: name.count + 4) { output in
                output.begin(UInt8(ascii: "a"))
                output.append(copying: name)
                output.end()
            }
            return
        }
        let text = value.utf8Span.span
        bytes.append(addingCapacity: name.count + text.count + 5) { output in
            output.begin(UInt8(ascii: "a"))
            output.append(copying: name)
            output.append(colon)
            output.append(copying: text)
            output.end()
        }
    }

    private mutating func checked(_ attribute: SDPAttribute) {
        begin(UInt8(ascii: "a"), attribute.name)
        if let value = attribute.value {
            bytes.append(colon)
            append(value)
        }
        end()
    }

    private mutating func write(_ extra: SDPDescription.ExtraLine) {
        append(extra.text)
        end()
    }

    @inline(__always)
    private mutating func append(_ value: String) {
        if dropsLineEnds { appendChecked(value) } else { bytes.append(contentsOf: value.utf8) }
    }

    private mutating func appendChecked(_ value: String) {
        bytes.append(
            contentsOf: value.utf8.lazy.filter { $0 != 0 && $0 != carriageReturn && $0 != lineFeed }
        )
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func begin(_ type: UInt8) {
        append(type)
        append(UInt8(ascii: "="))
    }

    @inline(__always)
    fileprivate mutating func end() {
        append(carriageReturn)
        append(lineFeed)
    }

    @inline(__always)
    fileprivate mutating func append(copying source: Span<UInt8>) {
        for index in source.indices { append(source[index]) }
    }
}
