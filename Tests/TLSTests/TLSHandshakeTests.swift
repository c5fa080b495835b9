import TLS
import Testing
import Wire

@Suite("TLS over a stream (RFC 8446)")
struct TLSHandshakeTests {
    @Test func bothSidesConnectAndTalk() throws {
        let lab = try Lab()
        var pair = try lab.pair("turn.lab", lab.identity(for: ["turn.lab"]))
        pair.shakeHands()
        let session = try #require(pair.toClient.session)
        #expect(session.version == .tls13)
        #expect(session.cipherSuite.hasPrefix("TLS_"))
        #expect(pair.toServer.session?.requestedName == (try TLSServerName("turn.lab")))
        #expect(pair.client.isConnected && pair.server.isConnected)
        #expect(pair.client.deadline == nil)

        try pair.client.send([1, 2, 3].span, at: .zero)
        try pair.server.send([4, 5].span, at: .zero)
        pair.settle()
        #expect(pair.dataAtServer == [1, 2, 3])
        #expect(pair.dataAtClient == [4, 5])
    }

    @Test(arguments: [1, 2, 7, 1_000])
    func bytesMayComeInAnyPieces(chunk: Int) throws {
        let lab = try Lab()
        var pair = try lab.pair("turn.lab", lab.identity(for: ["turn.lab"]))
        pair.chunk = chunk
        pair.shakeHands()
        let data = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        try pair.client.send(data.span, at: .zero)
        pair.settle()
        #expect(pair.dataAtServer == data)
    }

    @Test func dataWaitsForTheHandshakeWithinALimit() throws {
        let lab = try Lab()
        var configuration = onSomeDay
        configuration.maximumEarlyData = 4
        var pair = try lab.pair("a", lab.identity(for: ["a"]), client: configuration)
        try pair.client.send([1, 2, 3].span, at: .zero)
        let error = #expect(throws: TLSError.self) {
            try pair.client.send([4, 5].span, at: .zero)
        }
        #expect(error == .earlyDataFull(limit: 4))
        pair.shakeHands()
        #expect(pair.dataAtServer == [1, 2, 3])
    }

    @Test func theServerChoosesTheProtocol() throws {
        let lab = try Lab()
        var client = onSomeDay
        client.applicationProtocols = ["http/1.1", "stun.turn"]
        var server = TLSConfiguration()
        server.applicationProtocols = ["stun.turn", "http/1.1"]
        let identity = try lab.identity(for: ["a"])
        var pair = try lab.pair("a", identity, client: client, server: server)
        pair.shakeHands()
        #expect(pair.toClient.session?.applicationProtocol == "stun.turn")
        #expect(pair.toServer.session?.applicationProtocol == "stun.turn")

        client.applicationProtocols = ["h2"]
        var other = try lab.pair("a", identity, client: client, server: server)
        other.shakeHands()
        #expect(other.toClient.failure == .alertReceived(.noApplicationProtocol))
        #expect(other.toServer.session == nil)
    }

    @Test func aGoodbyeIsNoTruncation() throws {
        let lab = try Lab()
        var pair = try lab.pair("a", lab.identity(for: ["a"]))
        pair.shakeHands()
        try pair.server.send([9].span, at: .zero)
        pair.server.close(at: .zero)
        pair.settle()
        #expect(pair.toClient.suffix(2) == [.received([9]), .closed])
        pair.client.transportClosed(at: .zero)
        #expect(pair.client.popOutput() == nil)
        let error = #expect(throws: TLSError.self) { try pair.client.send([1].span, at: .zero) }
        #expect(error == .notConnected)
    }

    @Test func aCutConnectionIsSaid() throws {
        let lab = try Lab()
        var pair = try lab.pair("a", lab.identity(for: ["a"]))
        pair.client.start(at: .zero)
        while pair.client.popOutput() != nil {}
        pair.client.transportClosed(at: .zero)
        #expect(pair.client.popOutput() == .failed(.closedInHandshake))

        var later = try lab.pair("a", lab.identity(for: ["a"]))
        later.shakeHands()
        later.client.transportClosed(at: .zero)
        #expect(later.client.popOutput() == .failed(.truncated))
        #expect(later.client.popOutput() == nil)
    }

    @Test func aSilentPeerIsGivenUp() throws {
        let lab = try Lab()
        let trust = lab.trust
        var client = try TLSConnection(client: TLSServerName("a"), trust: trust)
        client.start(at: .zero)
        #expect(client.deadline == .zero.advanced(by: .seconds(10)))
        while client.popOutput() != nil {}
        client.advance(to: .zero.advanced(by: .seconds(9)))
        #expect(client.popOutput() == nil)
        client.advance(to: .zero.advanced(by: .seconds(10)))
        #expect(client.popOutput() == .failed(.timedOut))
        #expect(client.deadline == nil)
    }
}
