import AudioIO
import LinuxIO
import Signaling
import Swiftlet

/// `swiftlet call`: calls somebody and talks until one side ends it.
enum CallCommand {
    static func run(_ options: CallOptions, to target: String, console: Console) async -> ExitCode {
        await CallProgram(options: options, console: console).run { program, client in
            try await program.place(callTo: target, over: client)
        }
    }
}
