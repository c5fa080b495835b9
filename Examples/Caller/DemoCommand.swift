/// `swiftlet demo`.
enum DemoCommand {
    static func run(_ options: DemoOptions, console: Console) async -> ExitCode {
        console.fail("swiftlet demo is not part of this version yet")
        return .callFailed
    }
}
