import Glibc
import Signaling
import Synchronization

/// Standard output and standard error of the program, whole lines at a time.
final class Console: Sendable {
    private let renderer: Mutex<StatusRenderer>

    init(style: OutputStyle) {
        let target: StatusRenderer.Target =
            switch style {
            case .json: .json
            case .text: isatty(STDOUT_FILENO) == 1 ? .terminal(columns: terminalColumns()) : .plain
            }
        renderer = Mutex(StatusRenderer(target: target))
    }

    /// One that says nothing, for a side of a call whose other side speaks here too.
    static let silent = Console(target: .nothing)

    private init(target: StatusRenderer.Target) {
        renderer = Mutex(StatusRenderer(target: target))
    }

    /// Brings the live line up to date.
    func show(_ status: CallStatus) {
        renderer.withLock { write($0.show(status), to: STDOUT_FILENO) }
    }

    /// Prints a line that stays.
    func report(_ message: String, _ fields: JSONObject) {
        renderer.withLock { write($0.report(message, fields), to: STDOUT_FILENO) }
    }

    /// Tells programs something that people need not know.
    func note(_ fields: JSONObject) {
        renderer.withLock { write($0.note(fields), to: STDOUT_FILENO) }
    }

    /// Says what went wrong, on standard error in any style.
    func fail(_ message: String) {
        renderer.withLock { renderer in
            write(renderer.closeLine(), to: STDOUT_FILENO)
            write("swiftlet: \(message)\n", to: STDERR_FILENO)
        }
    }
}

/// Writes at once: a pipe must not wait for a full buffer.
func write(_ text: String, to descriptor: CInt) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { bytes in
            // The kernel copies what it takes before the call returns.
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        }
        if count < 0 && errno == EINTR { continue }
        // Nobody reads any more: there is nobody to tell.
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

/// The width of the terminal; 80 where nobody knows.
private func terminalColumns() -> Int {
    var size = winsize()
    // The kernel fills in the structure before the call returns.
    let result = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
    return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
}
