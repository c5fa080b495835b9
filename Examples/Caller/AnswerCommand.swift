import AudioIO
import LinuxIO
import Signaling
import Swiftlet

/// `swiftlet answer`: waits for a call, takes it, and talks until one side ends it.
enum AnswerCommand {
    static func run(_ options: CallOptions, console: Console) async -> ExitCode {
        await CallProgram(options: options, console: console).run { program, client in
            try await program.answer(over: client)
        }
    }
}
