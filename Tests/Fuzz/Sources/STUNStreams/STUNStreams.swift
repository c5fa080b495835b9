import STUN
import Wire

/// Any bytes as a stream of STUN messages and ChannelData, cut in any way.
///
/// The first byte says where to cut; the frames must not depend on it.
@c(LLVMFuzzerTestOneInput)
public func fuzzSTUNStreams(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = [UInt8](copying: UnsafeBufferPointer(start: bytes, count: count).span)
    guard let first = input.first else { return 0 }
    let stream = [UInt8](input.dropFirst())
    let whole = frames(stream, size: max(1, stream.count))
    precondition(frames(stream, size: Int(first) % 32 + 1) == whole, "cuts change nothing")
    return 0
}

private func frames(_ stream: [UInt8], size: Int) -> [[UInt8]] {
    var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: 2_048)
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: stream.count, by: size) {
        let piece = [UInt8](stream[start..<min(start + size, stream.count)])
        let isAlive =
            (try? framing.receive(piece.span) { frames.append([UInt8](copying: $0)) }) != nil
        precondition(framing.keptCount <= 2_048, "what is kept is bounded")
        guard isAlive else { break }
    }
    return frames
}
