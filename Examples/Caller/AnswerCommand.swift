/// `swiftlet answer`.
enum AnswerCommand {
    static func run(_ options: CallOptions, console: Console) async -> ExitCode {
        console.fail("swiftlet answer is not part of this version yet")
        return .callFailed
    }
}
