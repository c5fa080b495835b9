import STUN
import Wire

/// Any datagram as a STUN message, by both ways of reading it.
@c(LLVMFuzzerTestOneInput)
public func fuzzSTUNMessages(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    if let packet = try? STUNPacket(parsing: input) {
        _ = packet.mappedAddress(in: input)
        _ = packet.errorCode(in: input)
        _ = packet.hasValidFingerprint(in: input)
        _ = packet.unknownRequiredAttributes(in: input)
    }
    guard let message = try? STUNMessage(parsing: input) else { return 0 }
    guard let written = try? message.write() else { return 0 }
    precondition((try? STUNMessage(parsing: written.span)) == message, "written, then read")
    return 0
}
