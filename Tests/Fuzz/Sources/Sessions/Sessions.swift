import DTLS
import Peer
import Wire

/// Any offer and any datagrams to a whole session: answered, refused or counted, never a trap.
///
/// Up to the first zero byte it is the offer, then come datagrams, each behind its length.
@c(LLVMFuzzerTestOneInput)
public func fuzzSessions(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let certificate = shared else { return 0 }
    var now = Instant.zero
    var session = PeerSession(
        certificate: certificate,
        entropy: .seed(1),
        wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
        at: now
    )
    let end = input.firstIndex(of: 0) ?? input.count
    let offer = String(decoding: input[..<end], as: UTF8.self)
    try? session.setRemoteDescription(SessionDescription(.offer, sdp: offer), at: now)
    if let answer = try? session.createAnswer(at: now) {
        try? session.setLocalDescription(answer, at: now)
    }
    let local = SocketAddress(.loopback4, port: 5_000)
    session.addLocalAddress(local, to: 0, at: now)
    var reader = ByteReader(input.span.extracting(min(end + 1, input.count)...))
    while let length = try? reader.read(UInt8.self),
        var datagram = try? reader.readArray(count: min(Int(length), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(20))
        var span = datagram.mutableSpan
        let source = SocketAddress(.loopback4, port: 6_000)
        session.receive(&span, from: source, on: local, at: now)
        session.advance(to: now)
        settle(&session)
        precondition(session.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
    }
    session.close(at: now)
    settle(&session)
    precondition(session.deadline == nil, "closed is closed")
    return 0
}

private func settle(_ session: inout PeerSession) {
    while session.popOutput() != nil {}
    session.takeOutgoing { $0.removeAll() }
}

private let shared = try? Certificate.selfSigned(validFrom: 1_700_000_000)
