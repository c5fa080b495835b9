import CBenchmarking
import DTLS
import NegotiationSupport
import Peer

/// What the costliest description of at most 64 KiB costs, whatever it repeats, on this thread.
///
/// Each figure is the worst of all descriptions, and for each of these the best of some runs.
let negotiationBenchmarks =
    HostileExchange.Moment.allCases.flatMap { moment in
        [("default", MediaCapabilities.present), ("full", .full)].map { table, capabilities in
            hostile("\(moment.rawValue.replacing(" ", with: "-"))-\(table)") { certificate, best in
                for description in HostileDescription.offers {
                    best.consider {
                        HostileExchange(
                            description,
                            at: moment,
                            capabilities: capabilities,
                            certificate: certificate
                        ).map { exchange in { exchange.perform() ?? 0 } }
                    }
                }
            }
        }
    }
    + [("default", MediaCapabilities.present), ("full", .full)].map { table, capabilities in
        hostile("answer-\(table)") { certificate, best in
            for answer in HostileAnswer.all {
                try best.consider {
                    let exchange = try answer.exchange(
                        capabilities: capabilities,
                        certificate: certificate
                    )
                    return { exchange.perform() ? 1 : 0 }
                }
            }
        }
    }

private func hostile(
    _ name: String,
    _ measure: @escaping @Sendable (Certificate, inout Worst) throws -> Void
) -> Benchmark {
    Benchmark("negotiation/hostile-\(name)", unit: "ns", samples: 1, goal: .atMost(10_000_000)) {
        var worst = Worst()
        try measure(try Certificate.selfSigned(validFrom: 1_700_000_000), &worst)
        return worst.nanoseconds
    }
}

/// The worst of many operations.
private struct Worst {
    private(set) var nanoseconds = 0.0

    /// Measures an operation that can be done once for each time it is prepared.
    mutating func consider(_ prepare: () throws -> (() -> Int)?) rethrows {
        var best = Double.infinity
        for _ in 0..<3 {
            guard let operation = try prepare() else { return }
            let begin = benchmark_thread_time()
            use(operation())
            best = min(best, Double(benchmark_thread_time() - begin))
        }
        nanoseconds = max(nanoseconds, best)
    }
}
