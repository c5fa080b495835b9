import Foundation
import STUN
import Wire

/// The lines of a file in Fixtures/stun, split at tabs; comments are left out.
enum FixtureLines {
    static func read(_ name: String) -> [[String]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../Fixtures/stun/\(name)").standardizedFileURL
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t").map(String.init) }
    }
}

func bytes(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }

func parse(_ message: [UInt8]) throws -> STUNMessage {
    try STUNMessage(parsing: message.span)
}
