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
    Benchmark("sdp/parse-typed-6300B", goal: .atMost(60_000)) {
        let offer = try browserOffer()
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(offer)
                let description = try SDPDescription(parsing: bytes.span)
                for attribute in description.attributes { try attribute.check() }
                for media in description.media { use(try readAttributes(of: media)) }
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
]

/// Reads each attribute into its type once, format parameters into those of their codecs too.
private func readAttributes(of media: MediaDescription) throws -> Int {
    let maps = media.rtpMaps
    var places = [Int](repeating: 0, count: 128)
    for (place, map) in maps.enumerated() { places[Int(map.payloadType)] = place }
    for parameters in media.formatParameters {
        let encoding = parameters.payloadType.map { maps[places[Int($0)]].encoding } ?? ""
        let typed = try CodecParameters(parameters, encoding: encoding)
        withExtendedLifetime(typed) {}
    }
    let read = ["rtpmap", "fmtp"]
    for attribute in media.attributes where !read.contains(attribute.name) {
        try attribute.check()
    }
    return media.attributes.count
}

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
