// The media sections (RFC 8866 §5.14).
extension DescriptionParser {
    /// Begins a media section: `<media> <port>[/<count>] <proto> <fmt> …`.
    mutating func takeMedia(_ value: String) throws(SDPError) {
        guard session.media.count < limits.maximumMediaSections else {
            throw SDPError(.exceeded(.mediaSections), line: line, column: 1)
        }
        var fields = FieldScanner(value, line: line, column: 3, isStrict: mode == .strict)
        let kind = try fields.field("a media type")
        var media = MediaDescription(kind: kind, connection: nil)
        let portField = try fields.portField()
        media.port = portField.port
        media.portCount = portField.count
        media.protocolName = try fields.field("a transport protocol")
        media.formats.reserveCapacity(16)
        seen.beginSection(at: line)
        while let format = fields.next() {
            seen.note(format: format)
            media.formats.append(format)
        }
        if media.formats.isEmpty || !fields.isAtEnd {
            try note(.malformedLine("m"), column: fields.column)
        }
        open = media
        isInMedia = true
        attributes.reserveCapacity(16)
    }

    /// Takes a line of a media section; false if it must be kept as an extra line.
    mutating func takeMediaLine(
        _ type: UInt8,
        value: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(SDPError) -> Bool {
        guard let rank = mediaRank(of: type) else {
            let letter = Unicode.Scalar(type)
            try note(
                sessionOnlyLines.contains(type) ? .misplacedLine(letter) : .unknownLine(letter)
            )
            return false
        }
        let isRepeatable = type == UInt8(ascii: "c") || type == UInt8(ascii: "b")
        guard try admit(type, rank: rank, isRepeatable: isRepeatable) else { return false }
        let value = try text(value, in: bytes)
        switch type {
        case UInt8(ascii: "i"): open?.information = value
        case UInt8(ascii: "c"):
            guard let connection = try connection(value) else { return false }
            open?.connections.append(connection)
        case UInt8(ascii: "b"):
            guard let limit = try bandwidth(value) else { return false }
            open?.bandwidths.append(limit)
        default: return false  // RFC 8866 §5.12: k= is obsolete and only kept.
        }
        return true
    }

    /// Ends the session's own section or the media section that is being read.
    mutating func closeSection() throws(SDPError) {
        let attributes = self.attributes.take()
        let extraLines = self.extraLines.take()
        guard var media = open.take() else {
            session.attributes = attributes
            session.extraLines = extraLines
            return try noteMissingSessionLines()
        }
        media.attributes = attributes
        media.extraLines = extraLines
        if media.connections.isEmpty, session.connection == nil {
            try note(.missingLine("c"), line: seen.mediaLine)
        }
        try noteOmissions(of: media)
        session.media.append(media)
    }

    /// Notes what real peers leave out and is understood nevertheless.
    private mutating func noteOmissions(of media: MediaDescription) throws(SDPError) {
        let index = session.media.count
        let isWebRTC = media.isWebRTC
        let isRTP = media.isRTP
        if isRTP, seen.hasUnmappedFormats {
            for type in seen.unmappedFormats where isWebRTC || !isStatic(payloadType: type) {
                try note(.missingRTPMap(payloadType: type), line: seen.mediaLine)
            }
        }
        guard isWebRTC else { return }
        if !seen.hasMID {
            try note(.missingMID(mediaIndex: index), line: seen.mediaLine)
        }
        if isRTP, media.port != 0, seen.hasBundle, !seen.hasMIDExtension {
            try note(.missingMIDExtension(mediaIndex: index), line: seen.mediaLine)
        }
    }
}

extension Array {
    /// The elements, which leave an empty array behind.
    fileprivate mutating func take() -> Self {
        defer { self = [] }
        return self
    }
}

extension FieldScanner {
    /// Reads `<port>[/<number of ports>]`.
    fileprivate mutating func portField() throws(SDPError) -> (port: UInt16, count: Int?) {
        let hasCount = nextContains(slash)
        let port = try number(until: slash, in: 0...UInt16.max, "a port from 0 to 65535")
        guard hasCount else { return (port, nil) }
        return (port, try number(in: 1...Int(Int32.max), "a number of ports"))
    }
}

extension MediaDescription {
    /// Whether the section's transport is one that WebRTC uses (RFC 8829 §5.1.2).
    fileprivate var isWebRTC: Bool {
        protocolName == "UDP/TLS/RTP/SAVPF"
            || protocolName.utf8.reversed().starts(with: "TLS/RTP/SAVPF".utf8.reversed())
            || protocolName == "UDP/DTLS/SCTP" || protocolName == "TCP/DTLS/SCTP"
            || protocolName == "DTLS/SCTP"
    }
}

/// The place of a line type in the order of RFC 8866 §5; nil for types it does not know.
private func mediaRank(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "i"): 1
    case UInt8(ascii: "c"): 2
    case UInt8(ascii: "b"): 3
    case UInt8(ascii: "k"): 4
    default: nil
    }
}

private let sessionOnlyLines: [UInt8] = Array("vosueptrz".utf8)
