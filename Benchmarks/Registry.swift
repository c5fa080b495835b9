import CBenchmarking

/// Every benchmark, in the order they run.
let allBenchmarks = [
    baselineBenchmarks, wireBenchmarks, digestBenchmarks, stunBenchmarks, turnBenchmarks,
    iceBenchmarks, rtpBenchmarks, jitterBufferBenchmarks, sdpBenchmarks, srtpBenchmarks,
    dtlsBenchmarks, tlsBenchmarks, mdnsBenchmarks, linuxIOBenchmarks, peerBenchmarks,
    negotiationBenchmarks, sharedPortBenchmarks, iceSocketBenchmarks,
    setupBenchmarks,
].flatMap(\.self)

/// The machine's own speed in this minute: if it moved between two runs, so did everything else.
private let baselineBenchmarks = [
    Benchmark("baseline/1000-multiplications-in-c") {
        { iterations in
            for _ in 0..<iterations { use(benchmark_multiply(UInt64(hide(1_000)))) }
        }
    }
]
