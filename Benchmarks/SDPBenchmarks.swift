import Foundation
import SDP

/// An offer of Chromium with audio, video and data: the one Pion's micro benchmark reads.
let sdpBenchmarks = [
    Benchmark("sdp/parse-6300B-offer", goal: .atMost(20_000)) {
        let offer = try browserOffer()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(offer)
                use(try SDPDescription(parsing: bytes.span).media.count)
            }
        }
    },
    Benchmark("sdp/write-6300B-offer", goal: .atMost(10_000)) {
        let offer = try browserOffer()
        let description = try SDPDescription(parsing: offer.span)
        return { iterations in
            for _ in 0..<iterations { use(description.writtenBytes().count) }
        }
    },
    Benchmark("sdp/lint-6300B-offer") {
        let offer = try browserOffer()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(offer)
                use(SDPLinter().lint(bytes.span).count)
            }
        }
    },
    Benchmark("sdp/diff-6300B-offer") {
        let offer = try browserOffer()
        let description = try SDPDescription(parsing: offer.span)
        return { iterations in
            for _ in 0..<iterations { use(description.differences(from: hide(description)).count) }
        }
    },
]

private func browserOffer() throws -> [UInt8] {
    let path = "\(#filePath)".replacing(
        "SDPBenchmarks.swift",
        with: "Peers/pion-micro/chrome_offer.sdp"
    )
    guard let data = FileManager.default.contents(atPath: path) else {
        throw UsageError(description: "\(path) is missing; run this from a checkout")
    }
    return [UInt8](data)
}
