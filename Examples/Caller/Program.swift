import Glibc

/// The program `swiftlet`.
@main
enum Program {
    static func main() async {
        // A pipe that nobody reads any more must not end a call: writing to it fails instead.
        _ = signal(SIGPIPE, SIG_IGN)
        let code = await run(Array(CommandLine.arguments.dropFirst()))
        exit(code.rawValue)
    }

    /// Does what the command line says.
    static func run(_ words: [String]) async -> ExitCode {
        let invocation: Invocation
        do throws(ArgumentError) {
            invocation = try Invocation(parsing: words)
        } catch {
            write("swiftlet: \(error)\n", to: STDERR_FILENO)
            return .wrongUsage
        }
        switch invocation {
        case .help(let command):
            write(Help.text(on: command), to: STDOUT_FILENO)
            return .success
        case .signal(let options):
            return await SignalCommand.run(options, console: Console(style: options.style))
        case .sdp(let options):
            return SDPCommand.run(options, console: Console(style: options.style))
        case .call(let options, let target):
            return await CallCommand.run(
                options,
                to: target,
                console: Console(style: options.style)
            )
        case .answer(let options):
            return await AnswerCommand.run(options, console: Console(style: options.style))
        case .demo(let options):
            return await DemoCommand.run(options, console: Console(style: options.style))
        case .stun(let options):
            return await StunCommand.run(options, console: Console(style: options.style))
        case .turn(let options):
            return await TURNCommand.run(options, console: Console(style: options.style))
        case .probe(let options):
            return await ProbeCommand.run(options, console: Console(style: options.style))
        }
    }
}
