import Wire

/// What a running call looks like at one moment.
struct CallStatus: Hashable, Sendable {
    /// Since the program began.
    var elapsed: Duration
    /// The connection's state by its W3C name, such as "connected".
    var state: String
    /// The two ends of the selected pair.
    var path: Path?
    /// Bits a second.
    var received = 0.0
    var sent = 0.0
    var packetsLost = 0
    /// Packets lost of all that should have come, 0 to 1.
    var loss = 0.0
    var jitter: Duration?
    var roundTripTime: Duration?
    /// The loudness of what is heard in dBFS; nil for silence.
    var level: Double?

    /// Where packets go from and to.
    struct Path: Hashable, Sendable {
        var local: String
        var remote: String
    }

    init(elapsed: Duration, state: String) {
        self.elapsed = elapsed
        self.state = state
    }
}

/// Numbers as text, without Foundation; what is no number becomes a dash.
enum Decimal {
    /// `value` with exactly `places` digits behind the point.
    static func text(_ value: Double, places: Int = 1) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = value * scale
        guard scaled.isFinite, abs(scaled) < 1e15 else { return "-" }
        let rounded = Int64(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
        let digits = String(abs(rounded))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = rounded < 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
