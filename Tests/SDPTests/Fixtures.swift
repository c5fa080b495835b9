import Foundation

/// Recorded descriptions of Fixtures/sdp.
enum Fixtures {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/sdp")

    /// The names of all descriptions in some folders, in order.
    static func names(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
            let names = files?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(".sdp") }.map { "\(folder)/\($0)" }
        }.sorted()
    }

    /// The bytes of a description.
    static func bytes(_ name: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: root.appending(path: name).path) ?? Data())
    }

    /// The text of a description.
    static func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }
}

/// The module's own source text, for tests that hold lists against it.
enum Sources {
    /// All files of a folder of the module whose names end with a suffix, one after the other.
    static func text(in folder: String, suffix: String) -> String {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/SDP/\(folder)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { name in
            (try? String(contentsOf: root.appending(path: name), encoding: .utf8)) ?? ""
        }.joined(separator: "\n")
    }
}
