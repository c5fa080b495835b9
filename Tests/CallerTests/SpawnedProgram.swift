import Foundation
import Testing

/// The program `swiftlet` in a process of its own; standard output comes line by line.
final class SpawnedProgram: Sendable {
    let lines: AsyncStream<String>
    private let process = Process()
    /// Standard error goes to a file: the end of a pipe comes only when no other process that was
    /// started meanwhile has its other end.
    private let folder: TemporaryFolder
    private let errors: FileHandle
    private let exit: Task<Int32, Never>

    /// Starts `swiftlet` with `words`; it lies beside the tests.
    convenience init(_ words: String...) throws { try self.init(words) }

    /// After `maximumLines` the pipe of its output is closed.
    init(_ words: [String], reading maximumLines: Int = .max) throws {
        folder = try TemporaryFolder()
        _ = FileManager.default.createFile(atPath: folder.path("errors"), contents: nil)
        errors = try FileHandle(forUpdating: folder.url.appendingPathComponent("errors"))
        let (lines, sink) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        let output = Pipe()
        process.executableURL = Self.folder.appendingPathComponent("swiftlet")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        let (exits, exitSink) = AsyncStream.makeStream(of: Int32.self)
        exit = Task {
            for await code in exits { return code }
            return -1
        }
        process.terminationHandler = { process in
            // A program that a signal has ended has no code of its own.
            exitSink.yield(process.terminationReason == .exit ? process.terminationStatus : -1)
        }
        try process.run()
        Self.split(output.fileHandleForReading, maximumLines, into: sink)
    }

    /// A process that nobody waits for any more must not go on.
    deinit { if process.isRunning { kill() } }

    /// Presses Ctrl-C.
    func interrupt() { Foundation.kill(process.processIdentifier, SIGINT) }

    /// Ends it whatever it does.
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Keeps it from doing anything, as if it hung.
    func suspend() { Foundation.kill(process.processIdentifier, SIGSTOP) }

    /// The next line that holds `text`; nil if there is none before the end.
    func line(with text: String) async -> String? {
        for await line in lines where line.contains(text) { return line }
        return nil
    }

    /// What it wrote to standard error, and its exit code, once it has ended.
    func end() async -> (errors: String, code: Int32) {
        let code = await exit.value
        let data = FileManager.default.contents(atPath: folder.path("errors")) ?? Data()
        return (String(decoding: data, as: UTF8.self), code)
    }

    private static var folder: URL {
        // …/.build/debug/SwiftletPackageTests.xctest, or the helper that loads it.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        let path = bundle ?? "/proc/self/exe"
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Reads on a thread of its own: a few lines, and no event loop of Foundation's.
    private static func split(
        _ handle: FileHandle,
        _ maximumLines: Int,
        into sink: AsyncStream<String>.Continuation
    ) {
        let thread = Thread {
            var rest: [UInt8] = []
            var count = 0
            while count < maximumLines, case let data = handle.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    sink.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                    count += 1
                }
            }
            handle.closeFile()
            sink.finish()
        }
        thread.start()
    }
}

/// A folder that goes away with its last reference.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
