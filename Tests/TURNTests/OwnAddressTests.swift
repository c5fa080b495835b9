import STUN
import TURN
import Testing
import Wire

@Suite("RFC 8656 §21.2: a relay opens nothing of the server's own machine")
struct OwnAddressTests {
    private static let external = ip("198.51.100.200")
    private static let other = ip("203.0.113.77")

    private func server(
        _ configure: (inout TURNServerConfiguration) -> Void = { _ in }
    ) -> RawServer {
        let server = RawServer {
            $0.relays = [
                .init(ip("192.0.2.10"), external: Self.external), .init(ip("2001:db8::10")),
            ]
            configure(&$0)
        }
        server.server.machineAddresses = [Self.other, ip("fe80::1").scoped(to: 3)]
        return server
    }

    /// Whether a packet in a Send indication is relayed to `peer`.
    private func passes(
        _ peer: SocketAddress,
        _ server: RawServer,
        on path: TURNPath = RawServer.path
    ) throws -> Bool {
        let message = try STUNMessage(
            .indication,
            .send,
            id: STUNTransactionID(high: 1, low: 1),
            attributes: [.xorPeerAddress(peer), .data([1])]
        ).write()
        return server.server.receive(message.span, on: path, at: server.now) != nil
    }

    @Test(
        "Ports that are no relays' are closed by every address of relays",
        arguments: ["192.0.2.10", "198.51.100.200"]
    )
    func closedPorts(_ address: String) throws {
        let server = server()
        _ = server.allocate()
        let services = [53, 123, 22, 3_478, 65_535].map { SocketAddress(ip(address), port: $0) }
        #expect(server.permit(services[0]) == 0)
        for (index, service) in services.enumerated() {
            #expect(try !passes(service, server))
            #expect(server.bind(0x4000 + UInt16(index), to: service) == 403)
        }
    }

    @Test("Two clients talk from relay to relay, by either address, until one has gone")
    func relayToRelay() throws {
        let server = server()
        _ = server.allocate()
        let path = TURNPath(from: endpoint("198.51.100.2:1"), to: Scene.serverAddress)
        let relay = try #require(server.allocate(on: path))
        let local = try #require(server.relays[relay])
        for peer in [local, SocketAddress(Self.external, port: local.port)] {
            #expect(server.permit(peer) == 0)
            #expect(try passes(peer, server))
        }
        #expect(server.bind(0x4000, to: local) == 0)
        _ = server.refresh(0, on: path)
        #expect(try !passes(local, server))
    }

    @Test("The other addresses of the machine are nobody's peers")
    func otherAddresses() throws {
        let server = server { $0.peers.allowsLinkLocal = true }
        _ = server.request(.allocate) { writer, id throws(WriteError) in
            try STUNWriter.append(.requestedTransport(17), id: id, to: &writer)
            try STUNWriter.append(.additionalAddressFamily(.v6), id: id, to: &writer)
        }
        #expect(server.permit(SocketAddress(Self.other, port: 53)) == 403)
        #expect(server.permit(endpoint("[fe80::1]:53")) == 403)
        #expect(server.permit(endpoint("[fe80::2]:53")) == 0)
        #expect(server.bind(0x4000, to: SocketAddress(Self.other, port: 53)) == 403)
    }

    @Test("An address that the machine gets later is closed then, though it was permitted before")
    func laterAddress() throws {
        let server = server()
        _ = server.allocate()
        _ = server.permit(Scene.peerAddress)
        #expect(try passes(Scene.peerAddress, server))
        server.server.machineAddresses.insert(Scene.peerAddress.address)
        #expect(try !passes(Scene.peerAddress, server))
    }

    @Test("What is allowed by name is allowed, but of an address with relays only their ports")
    func allowedByName() throws {
        let server = server { $0.peers.allowed = [Self.other, Self.external] }
        _ = server.allocate()
        #expect(server.permit(SocketAddress(Self.other, port: 53)) == 0)
        #expect(try passes(SocketAddress(Self.other, port: 53), server))
        #expect(server.permit(SocketAddress(Self.external, port: 53)) == 0)
        #expect(try !passes(SocketAddress(Self.external, port: 53), server))
    }

    @Test("In a laboratory the machine's services are open, but never the server's own ports")
    func laboratory() throws {
        let server = server {
            $0.peers.allowsLoopback = true
            $0.listening = [SocketAddress(.any4, port: 3_478)]
        }
        _ = server.allocate()
        for address in [Self.other, Self.external, .loopback4] {
            let service = SocketAddress(address, port: 53)
            #expect(server.permit(service) == 0)
            #expect(try passes(service, server))
            #expect(try !passes(SocketAddress(address, port: 3_478), server))
        }
    }
}
