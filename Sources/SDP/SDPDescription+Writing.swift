extension SDPDescription {
    /// The description as text: lines in the order of RFC 8866 §5, each ended by CR LF.
    public func write() -> String {
        String(decoding: writtenBytes(), as: UTF8.self)
    }

    /// The description as UTF-8 bytes, the same as ``write()``.
    public func writtenBytes() -> [UInt8] {
        var writer = LineWriter(reserving: 512 + 64 * lineEstimate)
        write(to: &writer)
        guard !writer.isClean else { return writer.bytes }
        var careful = LineWriter(reserving: writer.bytes.count, dropsLineEnds: true)
        write(to: &careful)
        return careful.bytes
    }

    private var lineEstimate: Int {
        media.reduce(8 + attributes.count) { $0 + $1.attributes.count + 4 }
    }

    private func write(to writer: inout LineWriter) {
        writer.line(UInt8(ascii: "v"), String(version))
        writer.line(UInt8(ascii: "o"), origin.text)
        writer.line(UInt8(ascii: "s"), name)
        if let information { writer.line(UInt8(ascii: "i"), information) }
        if let uri = contact.uri { writer.line(UInt8(ascii: "u"), uri) }
        for email in contact.emails { writer.line(UInt8(ascii: "e"), email) }
        for phone in contact.phones { writer.line(UInt8(ascii: "p"), phone) }
        if let connection { writer.line(UInt8(ascii: "c"), connection.text) }
        for limit in bandwidths { writer.line(UInt8(ascii: "b"), limit.text) }
        for time in times {
            writer.line(UInt8(ascii: "t"), "\(time.start) \(time.stop)")
            for line in time.repeats { writer.line(UInt8(ascii: "r"), line) }
            if let zones = time.zones { writer.line(UInt8(ascii: "z"), zones) }
        }
        writer.attributes(attributes, among: extraLines)
        for section in media { section.write(to: &writer) }
    }
}

extension MediaDescription {
    fileprivate func write(to writer: inout LineWriter) {
        let ports = portCount.map { "\(port)/\($0)" } ?? String(port)
        writer.begin(UInt8(ascii: "m"), kind)
        writer.field(ports)
        writer.field(protocolName)
        for format in formats { writer.field(format) }
        writer.end()
        if let information { writer.line(UInt8(ascii: "i"), information) }
        for connection in connections { writer.line(UInt8(ascii: "c"), connection.text) }
        for limit in bandwidths { writer.line(UInt8(ascii: "b"), limit.text) }
        writer.attributes(attributes, among: extraLines)
    }
}

extension SDPDescription.Origin {
    fileprivate var text: String { "\(username) \(sessionID) \(sessionVersion) \(address.text)" }
}

extension ConnectionInformation {
    var text: String { "\(networkType) \(addressType) \(address)" }
}
