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
        var extras = extraLines[...]
        for index in attributes.indices {
            let attribute = attributes[index]
            while let extra = extras.first, extra.position <= index {
                write(extra)
                extras.removeFirst()
            }
            begin(UInt8(ascii: "a"), attribute.name)
            if let value = attribute.value {
                bytes.append(colon)
                append(value)
            }
            end()
        }
        for extra in extras { write(extra) }
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
