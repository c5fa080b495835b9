import JitterBuffer
import Wire

/// A packet in and a decision out, fifty times a second on an even network.
let jitterBufferBenchmarks = [
    Benchmark("jitter-buffer/insert-next", goal: .atMost(300)) {
        let payload = [UInt8](repeating: 7, count: 100)
        return { iterations in
            var buffer = AudioJitterBuffer()
            for index in 0..<iterations {
                let now = Instant(nanoseconds: Int64(index) &* 20_000_000)
                buffer.insert(
                    payload.span,
                    sequence: Int64(index),
                    timestamp: Int64(index) &* 960,
                    hasMarker: false,
                    at: now
                )
                use(buffer.next(at: now).samples)
            }
        }
    }
]
