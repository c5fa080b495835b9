import SDP

/// Any bytes as a description: read or refused, and what was read settles when it is rewritten.
@c(LLVMFuzzerTestOneInput)
public func fuzzDescriptions(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    _ = try? SDPDescription(parsing: input, mode: .strict)
    guard let description = try? SDPDescription(parsing: input) else { return 0 }
    for media in description.media {
        _ = media.candidates.map(\.value) + media.rtpMaps.map(\.value)
        _ = media.formatParameters.map {
            OpusParameters($0).attribute(payloadType: 111)?.value ?? ""
        }
        for attribute in media.attributes { _ = try? attribute.check() }
        for type in media.payloadTypes.prefix(8) {
            _ = (media.codecParameters(of: type), media.effectiveRTPMap(of: type))
        }
        _ = (description.fingerprints(for: media), description.extensionMaps(for: media))
    }
    guard let once = try? SDPDescription(parsing: description.write()).write() else { return 0 }
    precondition((try? SDPDescription(parsing: once))?.write() == once, "rewriting must settle")
    return 0
}
