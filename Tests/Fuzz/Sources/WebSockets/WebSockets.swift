import Signaling
import Wire

/// Any bytes on a server's connection, at first as they are and then behind a good handshake.
///
/// The first byte says in how large pieces they arrive.
@c(LLVMFuzzerTestOneInput)
public func fuzzWebSockets(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    guard count > 1 else { return 0 }
    let piece = Int(input[0]) + 1
    receive(input.extracting(1..<count), inPiecesOf: piece, after: [])
    receive(input.extracting(1..<count), inPiecesOf: piece, after: handshake)
    return 0
}

private func receive(_ input: Span<UInt8>, inPiecesOf count: Int, after greeting: [UInt8]) {
    var connection = WebSocketConnection(
        acceptingAt: .zero,
        entropy: .seeded(SplitMix64(seed: 1))
    )
    connection.receive(greeting.span, at: .zero)
    var start = 0
    while start < input.count {
        let end = min(start + count, input.count)
        connection.receive(input.extracting(start..<end), at: .zero)
        while connection.popOutput() != nil {}
        start = end
    }
    connection.advance(to: .zero.advanced(by: .seconds(60)))
    while connection.popOutput() != nil {}
}

private let handshake = Array(
    ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8
)
