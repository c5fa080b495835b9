import STUN
import Wire

/// A connectivity check as ICE sends it: 108 bytes with integrity and fingerprint.
let stunBenchmarks = [
    Benchmark("stun/encode-check-signed", goal: .atMost(450, mallocs: 0)) {
        let key = STUNKey(password: "q5Yt0hVd4j1wGzN8mBv2Rk7s")
        let username = [UInt8]("abcd:efgh".utf8)
        return { iterations in
            var packet = [UInt8](repeating: 0, count: 256)
            for index in 0..<iterations {
                var writer = SpanWriter(packet.mutableSpan)
                let id = STUNTransactionID(high: 7, low: UInt64(index))
                try writeCheck(id, username.span, key, to: &writer)
                use(writer.offset)
            }
        }
    },
    Benchmark("stun/decode-check-verified", goal: .atMost(400, mallocs: 0)) {
        let key = STUNKey(password: "q5Yt0hVd4j1wGzN8mBv2Rk7s")
        let packet = try signedCheck(key)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                let message = try STUNPacket(parsing: bytes.span)
                guard message.hasValidFingerprint(in: bytes.span),
                    message.isAuthentic(under: key, in: bytes.span),
                    let priority = message.number(.priority, in: bytes.span),
                    let tieBreaker = message.longNumber(.iceControlling, in: bytes.span)
                else { throw UnexpectedResult("a check of our own must verify") }
                use(UInt64(priority) ^ tieBreaker)
            }
        }
    },
    Benchmark("stun/decode-check-only", goal: .atMost(100, mallocs: 0)) {
        let packet = try signedCheck(STUNKey(password: "q5Yt0hVd4j1wGzN8mBv2Rk7s"))
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                use(try STUNPacket(parsing: bytes.span).count)
            }
        }
    },
    Benchmark("stun/encode-response-signed", goal: .atMost(400, mallocs: 0)) {
        let key = STUNKey(password: "q5Yt0hVd4j1wGzN8mBv2Rk7s")
        let address = SocketAddress(IPAddress(v4: 0xC000_0201), port: 50_000)
        return { iterations in
            var packet = [UInt8](repeating: 0, count: 256)
            for index in 0..<iterations {
                var writer = SpanWriter(packet.mutableSpan)
                let id = STUNTransactionID(high: 7, low: UInt64(index))
                try STUNWriter.begin(.success, id: id, to: &writer)
                try STUNWriter.appendMapped(address, id: id, to: &writer)
                try STUNWriter.finish(key: key, to: &writer)
                use(writer.offset)
            }
        }
    },
    Benchmark("stun/server-answer", goal: .atMost(250, mallocs: 0)) {
        var room = [UInt8](repeating: 0, count: 64)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.request, id: STUNTransactionID(high: 7, low: 9), to: &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let request = [UInt8](copying: writer.written)
        let source = SocketAddress(IPAddress(v4: 0xC000_0201), port: 50_000)
        return { iterations in
            var configuration = STUNServer.Configuration()
            configuration.requestsPerSecond = .max
            var server = STUNServer(configuration: configuration, entropy: .seed(1))
            var answer = [UInt8](repeating: 0, count: 256)
            for index in 0..<iterations {
                let bytes = hide(request)
                var writer = SpanWriter(answer.mutableSpan)
                let now = Instant(nanoseconds: Int64(index))
                let route = server.answer(
                    bytes.span,
                    from: source,
                    on: source,
                    at: now,
                    into: &writer
                )
                guard route != nil else { throw UnexpectedResult("a request is answered") }
                use(writer.offset)
            }
        }
    },
    Benchmark("stun/stream-frame-of-channel-data", goal: .atMost(100, mallocs: 0)) {
        let frame: [UInt8] = [0x40, 0, 0, 160] + [UInt8](repeating: 7, count: 160)
        return { iterations in
            var framing = STUNStreamFraming(acceptsChannelData: true)
            for _ in 0..<iterations {
                let bytes = hide(frame)
                try framing.receive(bytes.span) { use($0.count) }
            }
        }
    },
]

private func signedCheck(_ key: STUNKey) throws -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: 256)
    var writer = SpanWriter(packet.mutableSpan)
    let username = [UInt8]("abcd:efgh".utf8)
    try writeCheck(STUNTransactionID(high: 7, low: 9), username.span, key, to: &writer)
    return [UInt8](copying: writer.written)
}

private func writeCheck(
    _ id: STUNTransactionID,
    _ username: Span<UInt8>,
    _ key: STUNKey,
    to writer: inout SpanWriter
) throws(WriteError) {
    try STUNWriter.begin(.request, id: id, to: &writer)
    try STUNWriter.append(.username, username, to: &writer)
    try STUNWriter.append(.priority, UInt32(1_845_501_695), to: &writer)
    try STUNWriter.append(.iceControlling, UInt64(1_234_567), to: &writer)
    try STUNWriter.append(.useCandidate, to: &writer)
    try STUNWriter.finish(key: key, to: &writer)
}
