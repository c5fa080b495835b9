import Signaling
import Wire

extension CallStatus {
    /// The status on one line; the most important comes first, for narrow terminals.
    var line: String {
        // Nothing has been answered yet: people have a word for that.
        var parts = [clock, state == "new" ? "ringing" : state]
        parts.append("[\(meter)]")
        parts.append(
            "in \(Decimal.text(received / 1_000)) out \(Decimal.text(sent / 1_000)) kbit/s"
        )
        parts.append("loss \(packetsLost) (\(Decimal.text(loss * 100)) %)")
        if let jitter { parts.append("jitter \(Decimal.text(jitter.inMilliseconds)) ms") }
        if let roundTripTime {
            parts.append("rtt \(Decimal.text(roundTripTime.inMilliseconds)) ms")
        }
        if let path { parts.append("\(path.local) <-> \(path.remote)") }
        return parts.joined(separator: "  ")
    }

    /// The status for programs.
    var json: JSONObject {
        func number(_ value: Double?, places: Int = 3) -> JSONValue {
            guard let value else { return .null }
            let text = Decimal.text(value, places: places)
            return text == "-" ? .null : .number(text)
        }
        return [
            "event": "status",
            "elapsed": number(elapsed.inSeconds),
            "state": .string(state),
            "local": path.map { .string($0.local) } ?? .null,
            "remote": path.map { .string($0.remote) } ?? .null,
            "receivedBitsPerSecond": number(received, places: 0),
            "sentBitsPerSecond": number(sent, places: 0),
            "packetsLost": .number(String(packetsLost)),
            "loss": number(loss, places: 4),
            "jitterMilliseconds": number(jitter?.inMilliseconds),
            "roundTripMilliseconds": number(roundTripTime?.inMilliseconds),
            "levelDecibels": number(level, places: 1),
        ]
    }

    /// Hours only when there are some.
    private var clock: String {
        let seconds = max(0, elapsed.components.seconds)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        return seconds < 3_600 ? minutes : "\(seconds / 3_600):\(minutes)"
    }

    /// Ten steps of 6 dB, from silence at -60 dBFS to the loudest.
    private var meter: String {
        let decibels = level ?? -60
        let steps = decibels.isFinite ? Int(max(0, min(10, (decibels + 60) / 6 + 0.5))) : 0
        return String(repeating: "#", count: steps) + String(repeating: "-", count: 10 - steps)
    }
}

/// Turns what happens into the text that goes to standard output.
///
/// On a terminal the status is one line that is written over; elsewhere a line is printed when the
/// state changes and every five seconds; for programs each status is a JSON object.
struct StatusRenderer: Sendable {
    /// Where the text goes.
    enum Target: Hashable, Sendable {
        case terminal(columns: Int)
        case plain
        case json
        case nothing
    }

    let target: Target
    private var isLineOpen = false
    private var lastState: String?
    private var nextPlainLine = Duration.zero

    init(target: Target) { self.target = target }

    /// The text for the newest status; empty when it is not worth a line.
    mutating func show(_ status: CallStatus) -> String {
        switch target {
        case .terminal(let columns):
            isLineOpen = true
            // A line that fills the last column would wrap, and leave copies of itself behind.
            return "\r" + status.line.prefix(max(1, columns - 1)) + eraseToEnd
        case .plain:
            guard status.state != lastState || status.elapsed >= nextPlainLine else { return "" }
            lastState = status.state
            nextPlainLine = status.elapsed + plainInterval
            return status.line + "\n"
        case .json: return status.json.text + "\n"
        case .nothing: return ""
        }
    }

    /// The text for a line that stays: `message` for people, `fields` for programs.
    mutating func report(_ message: String, _ fields: JSONObject) -> String {
        switch target {
        case .terminal, .plain: return closeLine() + message + "\n"
        case .json: return fields.text + "\n"
        case .nothing: return ""
        }
    }

    /// The text for what is for programs alone.
    func note(_ fields: JSONObject) -> String {
        switch target {
        case .terminal, .plain, .nothing: return ""
        case .json: return fields.text + "\n"
        }
    }

    /// The text that leaves the cursor on a fresh line.
    mutating func closeLine() -> String {
        guard isLineOpen else { return "" }
        isLineOpen = false
        return "\r" + eraseToEnd
    }
}

/// ECMA-48 §8.3.41, erase in line.
private let eraseToEnd = "\u{1B}[K"
private let plainInterval = Duration.seconds(5)
