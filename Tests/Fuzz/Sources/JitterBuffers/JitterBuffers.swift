import JitterBuffer
import Wire

/// Any packets at any time to a jitter buffer: nothing traps, and it never holds too many.
@c(LLVMFuzzerTestOneInput)
public func fuzzJitterBuffers(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    var buffer = AudioJitterBuffer()
    var now = Instant.zero
    var reader = ByteReader(input)
    while let wait = try? reader.read(UInt8.self), let sequence = try? reader.read(UInt32.self),
        let timestamp = try? reader.read(UInt32.self), let length = try? reader.read(UInt8.self),
        let payload = try? reader.read(count: min(Int(length), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(Int(wait)))
        buffer.insert(
            payload,
            sequence: Int64(sequence),
            timestamp: Int64(timestamp),
            hasMarker: wait & 1 == 1,
            at: now
        )
        precondition(buffer.next(at: now).samples > 0, "each decision brings time forward")
        precondition(buffer.count <= 256, "packets are bounded")
    }
    return 0
}
