/// `swiftlet call`.
enum CallCommand {
    static func run(_ options: CallOptions, to target: String, console: Console) async -> ExitCode {
        console.fail("swiftlet call is not part of this version yet")
        return .callFailed
    }
}
