import RTP
import Wire

/// Any datagram as a compound RTCP packet.
@c(LLVMFuzzerTestOneInput)
public func fuzzRTCPCompounds(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    guard let packets = try? CompoundPacket.parse(input) else { return 0 }
    precondition(packets.count <= count / 4, "every packet has a header")
    return 0
}
