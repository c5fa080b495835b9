import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("RFC 8656 §7, §18.4, §18.11: address families")
struct FamilyTests {
    private let peer6 = endpoint("[2001:db8::7]:6000")

    @Test("An IPv6 relay is asked for over IPv4")
    func allocatesV6() {
        let scene = Scene.allocated(configureClient: { $0.families = .ipv6 })
        #expect(scene.node.relayed.map(\.address) == [ip("2001:db8::10")])
    }

    @Test("One allocation has both, IPv4 first, and relays to peers of both")
    func allocatesBoth() {
        let scene = Scene.allocated(configureClient: { $0.families = .both })
        #expect(scene.node.relayed.map(\.address) == [ip("192.0.2.10"), ip("2001:db8::10")])
        let (peer4, peer6) = (Scene.peerAddress, peer6)
        scene.with { node, now in
            node.client.permit(peer4, at: now)
            node.client.permit(peer6, at: now)
        }
        scene.network.run(for: .seconds(1))
        scene.with { node, _ in
            let isSent = node.send([4], to: peer4) && node.send([6], to: peer6)
            #expect(isSent)
        }
        scene.network.run(for: .seconds(1))
        #expect(Set(scene.node.received.map(\.peer)) == [peer4, peer6])
        #expect(scene.node.sentSizes.filter { $0 > 100 }.count == 2, "one request for both peers")
    }

    @Test("A server without IPv6 gives half of what was asked for")
    func givesHalf() {
        let scene = Scene.allocated(
            configureServer: { $0.relays.removeLast() },
            configureClient: { $0.families = .both }
        )
        #expect(scene.node.relayed.map(\.address) == [ip("192.0.2.10")])
    }

    @Test("A server without IPv4 gives the other half")
    func givesOtherHalf() {
        let server = RawServer { $0.relays.removeFirst() }
        var configuration = TURNClientConfiguration(
            server: Scene.serverAddress,
            credentials: STUNCredentials(username: "alice", password: "secret")
        )
        configuration.families = .both
        var client = TURNClient(configuration, entropy: .seed(1))
        client.start(at: .zero)
        while case .transmit(let request)? = client.popOutput() {
            guard let answer = server.exchange(request) else { break }
            _ = client.receive(answer.span, from: Scene.serverAddress, at: .zero)
        }
        #expect(client.relayedAddresses.map(\.address) == [ip("2001:db8::10")])
    }

    /// Asks for both families and returns the answer.
    private func both(_ server: RawServer, on path: TURNPath = RawServer.path) -> STUNMessage? {
        server.request(.allocate, on: path) { writer, id throws(WriteError) in
            try STUNWriter.append(.requestedTransport(17), id: id, to: &writer)
            try STUNWriter.append(.additionalAddressFamily(.v6), id: id, to: &writer)
        }
    }

    private func missing(_ answer: STUNMessage) -> [IPAddress.Family: Int] {
        var missing: [IPAddress.Family: Int] = [:]
        for case .addressErrorCode(let family, let code, _) in answer.attributes {
            missing[family] = code.rawValue
        }
        return missing
    }

    @Test("The half that a server does not have is named (440)", arguments: [0, 1])
    func namesMissing(_ index: Int) throws {
        let server = RawServer { $0.relays.remove(at: index) }
        let answer = try #require(both(server))
        #expect(answer.code == 0)
        #expect(answer.relayed.count == 1)
        #expect(missing(answer) == [index == 0 ? .v4 : .v6: 440])
    }

    @Test("The half whose ports are used up is named (508), and without the other all is refused")
    func namesUsedUp() throws {
        let server = RawServer { $0.ports = 50_000...50_000 }
        let paths = (1...3).map { port in
            let client = SocketAddress(Scene.clientAddress.address, port: UInt16(port))
            return TURNPath(from: client, to: Scene.serverAddress)
        }
        _ = server.allocate(on: paths[0])
        let answer = try #require(both(server, on: paths[1]))
        #expect(answer.relayed.map(\.address) == [ip("2001:db8::10")])
        #expect(missing(answer) == [.v4: 508])
        #expect(both(server, on: paths[2])?.code == 508)
    }

    @Test(
        "The half that cannot be bound is named (508)",
        arguments: ["192.0.2.10", "2001:db8::10"]
    )
    func namesUnbound(_ address: String) throws {
        let server = RawServer()
        server.unusable = [ip(address)]
        let answer = try #require(both(server))
        #expect(answer.code == 0)
        #expect(answer.relayed.count == 1)
        #expect(missing(answer) == [ip(address).family: 508])
        #expect(server.relays.count == 1)
        server.unusable.insert(ip("192.0.2.10"))
        server.unusable.insert(ip("2001:db8::10"))
        _ = server.refresh(0)
        #expect(both(server)?.code == 508)
        #expect(server.relays.isEmpty)
    }

    @Test("A client whose server refuses both (440) asks once for IPv6 alone")
    func asksForV6Alone() throws {
        var configuration = TURNClientConfiguration(
            server: Scene.serverAddress,
            credentials: STUNCredentials(username: "alice", password: "secret")
        )
        configuration.families = .both
        var client = TURNClient(configuration, entropy: .seed(1))
        client.start(at: .zero)
        var wanted: [Bool] = []
        var outcome: TURNClient.Output?
        while let output = client.popOutput() {
            guard case .transmit(let bytes) = output else {
                outcome = output
                continue
            }
            var answer: [UInt8] = []
            let message = try STUNMessage(parsing: bytes.span)
            if message.attributes.contains(where: { if case .nonce = $0 { true } else { false } }) {
                wanted.append(message.attributes.contains(.requestedAddressFamily(.v6)))
                answer = try Forgery.error(bytes, code: 440, as: "secret")
            } else {
                answer = try Forgery.challenge(bytes, code: 401, nonce: "n")
            }
            _ = client.receive(answer.span, from: Scene.serverAddress, at: .zero)
        }
        #expect(wanted == [false, true])
        #expect(outcome == .failed(.addressFamilyNotSupported))
    }

    @Test("A server without IPv6 refuses a client that wants nothing else (440)")
    func refusesV6() {
        let scene = Scene(
            configureServer: { $0.relays.removeLast() },
            configureClient: { $0.families = .ipv6 }
        )
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.addressFamilyNotSupported)])
    }

    @Test("A peer of the other family is refused without asking the server")
    func refusesOtherFamily() {
        let scene = Scene.allocated()
        let before = scene.node.sentSizes.count
        let peer6 = peer6
        scene.with { node, now in
            node.client.permit(peer6, at: now)
            node.client.bindChannel(peer6, at: now)
        }
        #expect(
            scene.events.suffix(2) == [
                .denied(peer6.address, .peerAddressFamilyMismatch),
                .channelRefused(peer6, .peerAddressFamilyMismatch),
            ]
        )
        #expect(scene.node.sentSizes.count == before)
    }

    @Test(
        "A peer of the other family that was wanted beforehand is refused when the relay is there"
    )
    func refusesOtherFamilyLater() {
        let scene = Scene()
        let peer6 = peer6
        scene.with { node, now in node.client.permit(peer6, at: now) }
        scene.start()
        scene.network.run(for: .seconds(1))
        #expect(scene.events.last == .denied(peer6.address, .peerAddressFamilyMismatch))
    }

    @Test("A server that cannot keep datagrams whole (420) is asked again without")
    func goesWithoutDontFragment() {
        let scene = Scene.allocated(configureClient: { $0.doesNotFragment = true })
        #expect(scene.node.relayed.count == 1)
        #expect(scene.node.sentSizes.count == 3)
    }
}
