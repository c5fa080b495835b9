import Signaling

/// Any text as a signaling message; what is written is read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzSignalingMessages(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    if let value = try? JSONValue(parsing: text) {
        precondition((try? JSONValue(parsing: value.text)) == value, "written, then read")
    }
    _ = try? SignalingEnvelope(parsing: text)
    guard let message = try? SignalingMessage(parsing: text) else { return 0 }
    _ = message.envelope.text
    return 0
}
