import STUN
import TURN
import Wire

/// Any bytes of a stream: cut in two anywhere, the same messages come out, and what is kept is
/// bounded.
@c(LLVMFuzzerTestOneInput)
public func fuzzRelayStreams(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    let whole = frames(input, cutAt: count)
    let cut = frames(input, cutAt: count == 0 ? 0 : Int(input[0]) % count)
    precondition(whole == cut, "where a stream is cut makes no difference")
    return 0
}

private func frames(_ input: Span<UInt8>, cutAt place: Int) -> [[UInt8]] {
    var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: 2_048)
    var found: [[UInt8]] = []
    do {
        try framing.receive(input.extracting(0..<place)) { found.append([UInt8](copying: $0)) }
        try framing.receive(input.extracting(place..<input.count)) {
            found.append([UInt8](copying: $0))
        }
    } catch {
        // Broken: what came before counts.
    }
    precondition(framing.keptCount <= 2_048, "no more than a frame is kept")
    return found
}
