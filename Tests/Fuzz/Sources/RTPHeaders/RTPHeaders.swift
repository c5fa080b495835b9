import RTP
import Wire

/// Any packet as RTP; the ranges that were read lie in the packet.
@c(LLVMFuzzerTestOneInput)
public func fuzzRTPHeaders(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    guard let header = try? RTPHeader(parsing: input) else { return 0 }
    _ = input.extracting(header.payload)
    for id in UInt8.min...UInt8.max {
        if let range = header.extensionRange(id: id, in: input) { _ = input.extracting(range) }
    }
    for index in 0..<header.csrcCount { _ = header.contributingSource(at: index, in: input) }
    guard let packet = try? RTPPacket(parsing: input), let written = try? packet.write() else {
        return 0
    }
    precondition((try? RTPPacket(parsing: written.span)) == packet, "written, then read")
    return 0
}
