import NetworkSimulator
import STUN
import TURN
import Testing
import Wire

@Suite("RFC 8656 §11–12: payloads in place")
struct FramingTests {
    @Test("The header is written in front of a payload that stays where it is", arguments: 0...9)
    func inPlace(_ count: Int) throws {
        let scene = Scene.permitted()
        var client = scene.node.client
        let found = client.framing(to: Scene.peerAddress)
        let framing = try #require(found)
        let payload = (0..<count).map { UInt8($0 + 1) }
        var buffer = [UInt8](repeating: 0xEE, count: 100)
        buffer.replaceSubrange(framing.headerLength..<framing.headerLength + count, with: payload)
        var span = buffer.mutableSpan
        let finished = framing.finish(&span, payloadCount: count)
        let length = try #require(finished)
        #expect(length == framing.headerLength + (count + 3) / 4 * 4)
        let message = try STUNMessage(parsing: buffer.span.extracting(0..<length))
        #expect(message.method == .send)
        #expect(message.attributes == [.xorPeerAddress(Scene.peerAddress), .data(payload)])
        #expect(buffer[length...].allSatisfy { $0 == 0xEE })
    }

    @Test("Over a stream ChannelData is padded, over datagrams it is not")
    func padding() throws {
        for (transport, expected) in [(STUNTransport.datagram, 9), (.stream, 12)] {
            let scene = Scene.permitted()
            scene.with { node, now in node.client.bindChannel(Scene.peerAddress, at: now) }
            scene.network.run(for: .seconds(1))
            let framing = try #require(scene.framing(over: transport))
            var buffer = [UInt8](repeating: 7, count: 20)
            var span = buffer.mutableSpan
            #expect(framing.finish(&span, payloadCount: 5) == expected)
            #expect(buffer.prefix(9) == [0x40, 0, 0, 5, 7, 7, 7, 7, 7])
            #expect(framing.isChannelData)
        }
    }

    @Test("A buffer without room, or a payload no message can hold, is refused")
    func noRoom() throws {
        let scene = Scene.permitted()
        var client = scene.node.client
        let found = client.framing(to: Scene.peerAddress)
        let framing = try #require(found)
        var buffer = [UInt8](repeating: 0, count: framing.headerLength + 4)
        var span = buffer.mutableSpan
        #expect(framing.finish(&span, payloadCount: 5) == nil)
        #expect(framing.finish(&span, payloadCount: -1) == nil)
        #expect(framing.finish(&span, payloadCount: .max) == nil)
        #expect(framing.finish(&span, payloadCount: 4) != nil)
        #expect(framing.headerLength <= TURNFraming.maximumHeaderLength)
    }
}

extension Scene {
    /// The framing of a bound channel, as the server uses it towards a client over `transport`.
    fileprivate func framing(over transport: STUNTransport) -> TURNFraming? {
        let server = RawServer()
        let path = TURNPath(from: Scene.clientAddress, to: Scene.serverAddress, over: transport)
        guard let relay = server.allocate(on: path) else { return nil }
        _ = server.request(.channelBind, on: path) { writer, id throws(WriteError) in
            try STUNWriter.append(.channelNumber, UInt32(0x4000_0000), to: &writer)
            try STUNWriter.append(.xorPeerAddress, masked: Scene.peerAddress, id: id, to: &writer)
        }
        return server.server.receive(count: 5, from: Scene.peerAddress, at: relay, at: .zero)?
            .framing
    }
}
