import AudioIO
import Signaling
import Wire

/// What the demo has measured.
struct DemoResult: Sendable {
    /// From the offer until both sides were connected.
    var connected: Duration
    var comparison: AudioComparison
    /// When the first sample was said, and when the first was heard.
    var begin: (said: ContinuousClock.Instant, heard: ContinuousClock.Instant)
    var packetsLost: Int
    var recording: String

    /// From mouth to ear: the recording begins later than the speech, and the speech later in it.
    var mouthToEar: Duration? {
        comparison.delay.map { begin.said.duration(to: begin.heard) + $0 }
    }

    /// Whether the other side could follow.
    var isGood: Bool { comparison.correlation >= leastCorrelation && packetsLost == 0 }

    func show(on console: Console) {
        console.report(text, json)
        if !isGood {
            console.fail(
                "the demo is not good enough: it needs a correlation of "
                    + "\(Decimal.text(leastCorrelation, places: 2)) and no packet lost"
            )
        }
    }

    private var text: String {
        let delay = mouthToEar.map { "\(Decimal.text($0.inMilliseconds)) ms" } ?? "unknown"
        return """

            connected in      \(Decimal.text(connected.inMilliseconds)) ms
            heard             \(Decimal.text(comparison.heard.inSeconds)) s of \
            \(Decimal.text(comparison.spoken.inSeconds)) s
            mouth to ear      \(delay)
            packets lost      \(packetsLost)
            signal to noise   \(Decimal.text(comparison.signalToNoise)) dB
            correlation       \(Decimal.text(comparison.correlation, places: 3))
            recording         \(recording)
            """
    }

    private var json: JSONObject {
        func number(_ value: Double?) -> JSONValue {
            value.map { .number(Decimal.text($0, places: 3)) } ?? .null
        }
        return [
            "event": "result",
            "connectedMilliseconds": number(connected.inMilliseconds),
            "heardSeconds": number(comparison.heard.inSeconds),
            "spokenSeconds": number(comparison.spoken.inSeconds),
            "mouthToEarMilliseconds": number(mouthToEar?.inMilliseconds),
            "packetsLost": .number(String(packetsLost)),
            "signalToNoiseDecibels": number(comparison.signalToNoise),
            "correlation": number(comparison.correlation),
            "recording": .string(recording),
            "isGood": .boolean(isGood),
        ]
    }
}

/// Below this the words can no longer be trusted to be the same.
private let leastCorrelation = 0.9
