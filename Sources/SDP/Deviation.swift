extension SDPDescription {
    /// One place where a description strays from the RFCs and was understood nevertheless.
    public struct Deviation: Hashable, Sendable {
        /// What was wrong.
        public var kind: Kind
        /// The line, counted from 1; for something missing, the line where that was noticed.
        public var line: Int
        /// The byte in the line, counted from 1.
        public var column: Int

        /// A deviation at a place of the input.
        public init(_ kind: Kind, line: Int, column: Int = 1) {
            self.kind = kind
            self.line = line
            self.column = column
        }
    }
}

extension SDPDescription.Deviation {
    /// How a description can stray from the RFCs and still be understood.
    public enum Kind: Hashable, Sendable {
        /// The first line says another version than 0; some voice programs send 1 or 2.
        case version(Int)
        /// A line that RFC 8866 §5 requires is not there.
        case missingLine(Unicode.Scalar)
        /// A line stands where its type may not; an odd place of a known line is not kept.
        case misplacedLine(Unicode.Scalar)
        /// A second line of a type that may come once; kept as an extra line.
        case repeatedLine(Unicode.Scalar)
        /// A line of a type that RFC 8866 does not know; kept as an extra line.
        case unknownLine(Unicode.Scalar)
        /// A line whose fields are wrong; what could be read was, the rest has defaults.
        case malformedLine(Unicode.Scalar)
        /// Text that is no `<type>=<value>` at all; kept as an extra line.
        case notALine
        /// A line without any text; not kept.
        case blankLine
        /// Lines end with LF alone; reported for the first such line.
        case bareLineFeed
        /// The last line has no end.
        case missingFinalLineBreak
        /// Spaces before the end of a line; not kept.
        case trailingSpace
        /// A NUL, or a CR inside a line; not kept.
        case forbiddenByte
        /// Bytes that are not UTF-8; replaced by U+FFFD.
        case invalidUTF8
        /// A payload type without rtpmap: a dynamic one (RFC 8866 §6.6), or any at all in a WebRTC
        /// section (RFC 9429 §5.2.1), where static ones are understood by RFC 3551.
        case missingRTPMap(payloadType: UInt8)
        /// A WebRTC media section without `a=mid` (RFC 9429 §5.2.1).
        case missingMID(mediaIndex: Int)
        /// A bundled section without the header extension that says the mid (RFC 9143 §9.1): its
        /// packets are told by payload type and SSRC.
        case missingMIDExtension(mediaIndex: Int)
        /// SCTP as drafts before RFC 8841 wrote it, `a=sctpmap`.
        case oldSCTPMap(mediaIndex: Int)
    }
}

extension SDPDescription.Deviation.Kind {
    /// What strict parsing asks for instead; nil for what the grammar of RFC 8866 allows.
    var expectation: SDPError.Expectation? {
        switch self {
        case .version: "version 0"
        case .missingLine(let type): missing(type)
        case .misplacedLine: "the order of lines of RFC 8866 §5"
        case .repeatedLine: "a line of this type only once"
        case .unknownLine: "a line type of RFC 8866"
        case .malformedLine: "the fields of this line type"
        case .notALine: "<type>=<value>"
        case .blankLine: "a line with text"
        case .bareLineFeed, .missingFinalLineBreak: "CR LF"
        case .trailingSpace: "no space before the end of the line"
        case .forbiddenByte: "no NUL and no CR in a line"
        case .invalidUTF8: "UTF-8"
        case .missingRTPMap, .missingMID, .missingMIDExtension, .oldSCTPMap: nil
        }
    }

    private func missing(_ type: Unicode.Scalar) -> SDPError.Expectation {
        switch type {
        case "v": "a v= line"
        case "o": "an o= line"
        case "s": "an s= line"
        case "c": "a c= line in the session or in this media section"
        default: "a t= line"
        }
    }
}

extension SDPDescription.Deviation: CustomStringConvertible {
    /// A sentence for people.
    public var description: String { "line \(line), column \(column): \(kind.sentence)" }
}

extension SDPDescription.Deviation.Kind {
    var sentence: String {
        switch self {
        case .version(let number): "version \(number) instead of 0"
        case .missingLine(let type): "no \(type)= line"
        case .misplacedLine(let type): "\(type)= line out of its place"
        case .repeatedLine(let type): "another \(type)= line"
        case .unknownLine(let type): "unknown line type \(type)="
        case .malformedLine(let type): "malformed \(type)= line"
        case .notALine: "text that is no <type>=<value>"
        case .blankLine: "blank line"
        case .bareLineFeed: "line ends with LF alone"
        case .missingFinalLineBreak: "last line has no end"
        case .trailingSpace: "space before the end of the line"
        case .forbiddenByte: "NUL or CR in a line"
        case .invalidUTF8: "bytes that are not UTF-8"
        case .missingRTPMap(let payloadType): "no rtpmap for payload type \(payloadType)"
        case .missingMID(let index): "no mid in media section \(index)"
        case .missingMIDExtension(let index): "no extmap for the mid in media section \(index)"
        case .oldSCTPMap(let index): "sctpmap of an old draft in media section \(index)"
        }
    }
}
