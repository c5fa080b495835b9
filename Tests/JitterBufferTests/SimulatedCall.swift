import JitterBuffer
import RTP
import Wire

/// A source, a network and a player around a jitter buffer, on virtual time.
struct SimulatedCall {
    /// How the network treats the packet of a given number: nil loses it.
    typealias Network = (_ sequence: Int, _ entropy: inout SplitMix64) -> Duration?

    /// What the source sends every 20 ms.
    enum Frame: Sendable {
        case speech, quiet, discontinuous
        /// Nothing at all, while the clock goes on.
        case none
    }

    var buffer: AudioJitterBuffer
    var frames: (Int) -> Frame = { _ in .speech }
    var network: Network = { _, _ in .milliseconds(50) }
    /// The player's clock against the source's, in parts of a million.
    var playerSpeed = 0.0
    var hasLevels = true
    var duplication = 0.0

    private(set) var decisions: [PlayoutDecision] = []
    private(set) var delays: [Duration] = []
    private var entropy: SplitMix64
    private var inFlight: [Flight] = []

    private struct Flight {
        var arrival: Instant
        var order: Int
        var sequence: Int64
        var timestamp: Int64
        var frame: Frame
    }

    init(seed: UInt64 = 1, configuration: JitterBufferConfiguration = .init()) {
        buffer = AudioJitterBuffer(configuration: configuration)
        entropy = SplitMix64(seed: seed)
    }

    /// Runs for `count` frames of 20 ms and then until the player has had two more seconds.
    mutating func run(frames count: Int) {
        send(count)
        let period = Int64(20_000_000 / (1 + playerSpeed * 1e-6))
        let end = Int64(count) * 20_000_000
        var arrived = inFlight[...]
        for pull in 0... {
            let now = Instant(nanoseconds: Int64(pull) * period)
            guard now.nanoseconds < end else { return }
            while let flight = arrived.first, flight.arrival <= now {
                arrived.removeFirst()
                insert(flight)
            }
            decisions.append(buffer.next(at: now))
            delays.append(buffer.currentDelay)
        }
    }

    private mutating func send(_ count: Int) {
        var sequence: Int64 = 1_000
        for index in 0..<count {
            switch frames(index) {
            case .none: continue
            case .speech, .quiet, .discontinuous: sequence += 1
            }
            let copies = Double.random(in: 0..<1, using: &entropy) < duplication ? 2 : 1
            for _ in 0..<copies {
                guard let delay = network(index, &entropy) else { continue }
                let sent = Instant(nanoseconds: Int64(index) * 20_000_000)
                let flight = Flight(
                    arrival: sent.advanced(by: delay),
                    order: inFlight.count,
                    sequence: sequence,
                    timestamp: 5_000 + 960 * Int64(index),
                    frame: frames(index)
                )
                inFlight.append(flight)
            }
        }
        inFlight.sort { ($0.arrival, $0.order) < ($1.arrival, $1.order) }
    }

    private mutating func insert(_ flight: Flight) {
        // 0x98: CELT, 20 ms, one frame (RFC 6716 §3.1).
        let length: Int
        var level: AudioLevel?
        switch flight.frame {
        case .speech: (length, level) = (60, AudioLevel(level: 25, hasVoice: true))
        case .quiet: (length, level) = (20, AudioLevel(level: 80, hasVoice: false))
        case .discontinuous, .none: (length, level) = (1, nil)
        }
        let payload = [0x98] + [UInt8](repeating: 0, count: length - 1)
        buffer.insert(
            payload.span,
            sequence: flight.sequence,
            timestamp: flight.timestamp,
            hasMarker: false,
            audioLevel: hasLevels ? level : nil,
            at: flight.arrival
        )
    }
}

extension SimulatedCall {
    /// Sequence numbers of the packets decoded, in the order of decoding.
    var decoded: [Int64] {
        decisions.compactMap { decision in
            switch decision {
            case .decode(let packet): packet.sequence
            case .recover, .conceal, .silence: nil
            }
        }
    }

    /// The share of samples that were made up for lost or late packets.
    var concealment: Double {
        Double(buffer.statistics.concealedSamples)
            / Double(max(1, buffer.statistics.totalSamplesReceived))
    }

    /// The mean delay over the last half of the run, in milliseconds.
    var settledDelay: Double {
        let last = delays.suffix(delays.count / 2)
        return last.reduce(0) { $0 + $1.inMilliseconds } / Double(max(1, last.count))
    }
}

extension SplitMix64 {
    mutating func milliseconds(_ range: ClosedRange<Double>) -> Duration {
        .nanoseconds(Int64(Double.random(in: range, using: &self) * 1_000_000))
    }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }
}
