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
        _ = packet.errorReason(in: input)
        _ = packet.address(.otherAddress, in: input)
        _ = packet.text(.realm, in: input)
        _ = packet.isAuthentic(under: key, in: input)
        _ = packet.isStronglyAuthentic(under: key, in: input, notShorterThan: 16)
        for usages in [STUNUsage.binding, [.binding, .relay, .behaviorDiscovery]] {
            let unknown = packet.unknownRequiredAttributes(in: input, understanding: usages)
            precondition(unknown.count <= 32, "a refusal is bounded")
        }
    }
    guard let message = try? STUNMessage(parsing: input) else { return 0 }
    guard let written = try? message.write() else { return 0 }
    precondition((try? STUNMessage(parsing: written.span)) == message, "written, then read")
    return 0
}

private let key = STUNKey(password: "password")
