import Signaling
import Testing
import Wire

/// A hub and clients that are no more than frames.
struct HubFixture {
    var hub: SignalingHub
    var now = Instant.zero
    /// Everything that came out, in order.
    var outputs: [SignalingHub.Output] = []

    init(_ configuration: SignalingConfiguration = .init()) {
        hub = SignalingHub(configuration: configuration, entropy: .seed(3))
    }

    /// A connection whose handshake is done.
    mutating func connect() -> SignalingConnectionID {
        let connection = hub.connect(at: now)
        let request = WebSocketHandshake.request(
            to: WebSocketURL(host: "h", port: 80),
            key: "dGhlIHNhbXBsZSBub25jZQ=="
        )
        hub.receive(request.bytes, from: connection, at: now)
        collect()
        return connection
    }

    /// A connection that is registered as `id`.
    mutating func register(_ id: String) -> SignalingConnectionID {
        let connection = connect()
        send(#"{"type":"register","id":"\#(id)"}"#, from: connection)
        return connection
    }

    mutating func send(_ text: String, from connection: SignalingConnectionID) {
        send(WebSocketFrame(.text, Array(text.utf8)), from: connection)
    }

    mutating func send(_ frame: WebSocketFrame, from connection: SignalingConnectionID) {
        hub.receive(frame.encoded(maskingKey: 0x0506_0708), from: connection, at: now)
        collect()
    }

    mutating func advance(to offset: Duration) {
        now = Instant.zero.advanced(by: offset)
        hub.advance(to: now)
        collect()
    }

    mutating func collect() {
        while let output = hub.popOutput() { outputs.append(output) }
    }

    /// The frames for `connection` since the last time; forgets all outputs.
    mutating func frames(for connection: SignalingConnectionID) -> [WebSocketMessageReader.Item] {
        var reader = WebSocketMessageReader(
            from: .server,
            maximumMessageSize: 1_024 * 1_024,
            maximumFragments: 1
        )
        for output in outputs {
            guard case .transmit(let bytes, to: connection) = output, bytes.first != 0x48 else {
                continue
            }
            reader.append(bytes)
        }
        outputs = []
        var items: [WebSocketMessageReader.Item] = []
        while let item = try? reader.next() { items.append(item) }
        return items
    }

    /// The texts for `connection` since the last time; forgets all outputs.
    mutating func texts(for connection: SignalingConnectionID) -> [String] {
        frames(for: connection).compactMap { item in
            guard case .text(let bytes) = item else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The codes of the errors for `connection` since the last time; forgets all outputs.
    mutating func errors(for connection: SignalingConnectionID) -> [SignalingErrorCode] {
        texts(for: connection).compactMap { text in
            let message = try? SignalingMessage(parsing: text)
            guard case .error(let code, let text)? = message?.content else { return nil }
            #expect(text.count > 20, "an error says what to do")
            return code
        }
    }
}
