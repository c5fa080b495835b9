import Glibc
import RTP
import Wire

/// Packets recorded from others, one a line: a name and hexadecimal bytes.
enum Recordings {
    struct Packet: Sendable, CustomStringConvertible {
        var name: String
        var bytes: [UInt8]
        var description: String { name }
    }

    static func packets(in file: String) -> [Packet] {
        text(of: file).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let bytes = Hex.decode(parts[1]) else { return nil }
            return Packet(name: "\(file) \(parts[0])", bytes: bytes)
        }
    }

    static let names = [
        "aiortc.hex", "pion-rtcp.hex", "libwebrtc-rtcp.hex", "libwebrtc-rtp.hex",
        "chrome-audio.hex", "chrome-aiortc.hex", "str0m-vp8.hex",
    ]

    static func text(of file: String, in folder: String = "rtp") -> String {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        guard let stream = unsafe fopen("/\(here)/Fixtures/\(folder)/\(file)", "r") else {
            return ""
        }
        defer { unsafe _ = fclose(stream) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            // `fread` writes at most the size of the chunk.
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { break }
            content.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: content, as: UTF8.self)
    }
}

/// The bytes that `text` spells; a wrong text gives none, which no test expects.
func bytes(_ text: String) -> [UInt8] { Hex.decode(text) ?? [] }

/// Where the extension element `id` of `packet` lies.
func extensionRange(_ id: UInt8, in packet: [UInt8]) throws(ParseError) -> Range<Int>? {
    let header = try RTPHeader(parsing: packet.span)
    return header.extensionRange(id: id, in: packet.span)
}

func header(of packet: [UInt8]) throws(ParseError) -> RTPHeader {
    try RTPHeader(parsing: packet.span)
}

func packet(_ bytes: [UInt8]) throws(ParseError) -> RTPPacket {
    try RTPPacket(parsing: bytes.span)
}

func packets(in datagram: [UInt8]) throws(ParseError) -> [RTCPPacket] {
    try CompoundPacket.parse(datagram.span)
}

func audioLevel(_ value: [UInt8]) throws(ParseError) -> AudioLevel {
    try AudioLevel(parsing: value.span)
}

func mediaIdentification(_ value: [UInt8]) throws(ParseError) -> MediaIdentification {
    try MediaIdentification(parsing: value.span)
}
