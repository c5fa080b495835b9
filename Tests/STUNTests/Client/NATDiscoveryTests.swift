import NetworkSimulator
import STUN
import Support
import Testing
import Wire

/// The four sockets of a server of RFC 5780, on one simulated host.
struct SimulatedSTUNServer: SimulatedNode {
    var server: STUNServer
    private var replies = Queue<Datagram>()

    init(_ server: STUNServer) { self.server = server }

    var deadline: Instant? { nil }
    mutating func advance(to now: Instant) {}
    mutating func popTransmit() -> Datagram? { replies.popFirst() }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        var room = [UInt8](repeating: 0, count: 1_500)
        var writer = SpanWriter(room.mutableSpan)
        let route = server.answer(
            datagram.payload.span,
            from: datagram.source,
            on: datagram.destination,
            at: now,
            into: &writer
        )
        guard let route else { return }
        let payload = [UInt8](copying: writer.written)
        replies.append(Datagram(from: route.source, to: route.destination, payload: payload))
    }
}

@Suite("How a NAT behaves, RFC 5780 §4")
struct NATDiscoveryTests {
    static let main = SocketAddress(IPAddress(v4: 0xC0A8_0102), port: 5_000)
    static let second = SocketAddress(IPAddress(v4: 0xC0A8_0102), port: 5_001)
    static let router = IPAddress(v4: 0xCB00_7101)

    /// Runs the discovery behind `nat`, or on the open internet.
    static func discover(
        _ nat: NAT?,
        server: STUNServer = STUNServerTests.server(behavior: true),
        loss: Double = 0,
        hairpin: Bool = true,
        seed: UInt64 = 1
    ) throws -> NATDiscovery.Output {
        let network = Simulation(seed: seed)
        let home = nat.map { network.addNetwork("home", behind: $0) }
        let link = Link(delay: .milliseconds(20), loss: .random(loss))
        network.addHost(
            "server",
            addresses: [STUNServerTests.primary.address, STUNServerTests.alternate.address],
            link: link,
            node: SimulatedSTUNServer(server)
        )
        let discovery = NATDiscovery(
            server: STUNServerTests.primary,
            locals: [main],
            asksAboutHairpin: hairpin,
            timing: RetransmissionTiming(maximumRequests: loss > 0 ? 7 : 3),
            entropy: .seed(seed),
            at: .zero
        )
        let host = network.addHost(
            "client",
            addresses: [main.address],
            on: home ?? .internet,
            node: MachineNode(discovery) { machine, datagram, now in
                machine.receive(
                    datagram.payload.span,
                    from: datagram.source,
                    on: datagram.destination == main ? .main : .second,
                    at: now
                )
            } transmit: { output in
                guard case .transmit(let bytes, let target, let socket) = output else { return nil }
                return Datagram(from: socket == .main ? main : second, to: target, payload: bytes)
            }
        )
        let ending = network.run(
            until: { network.read(host) { !$0.events.isEmpty } },
            limit: .seconds(300)
        )
        #expect(ending == .done)
        return try #require(network.read(host) { $0.events.first?.output })
    }

    static func behavior(_ output: NATDiscovery.Output) throws -> NATBehavior {
        guard case .finished(let behavior) = output else {
            throw Unexpected(output: output)
        }
        return behavior
    }

    struct Unexpected: Error { let output: NATDiscovery.Output }

    static func dependence(_ dependence: NAT.Dependence) -> NATDependence {
        switch dependence {
        case .endpointIndependent: .endpointIndependent
        case .addressDependent: .addressDependent
        case .addressAndPortDependent: .addressAndPortDependent
        }
    }

    @Test(
        "each of the nine kinds is recognised",
        arguments: NAT.Dependence.allCases,
        NAT.Dependence.allCases
    )
    func kinds(_ mapping: NAT.Dependence, _ filtering: NAT.Dependence) throws {
        for hairpin in [false, true] {
            var nat = NAT(kind: .fullCone, publicAddress: Self.router, hairpin: hairpin)
            nat.mapping = mapping
            nat.filtering = filtering
            let behavior = try Self.behavior(try Self.discover(nat))
            #expect(behavior.isTranslated)
            #expect(behavior.mappedAddress.address == Self.router)
            #expect(behavior.mapping == Self.dependence(mapping))
            #expect(behavior.filtering == Self.dependence(filtering))
            // Where a mapping belongs to one destination, nobody else meets us behind it.
            if mapping == .endpointIndependent { #expect(behavior.hairpins == hairpin) }
        }
    }

    @Test(
        "the kinds have the names that people know",
        arguments: [
            (NAT.Kind.fullCone, "full cone"), (.addressRestricted, "address-restricted cone"),
            (.portRestricted, "port-restricted cone"), (.symmetric, "symmetric"),
        ]
    )
    func names(_ kind: NAT.Kind, _ name: String) throws {
        let nat = NAT(kind: kind, publicAddress: Self.router)
        #expect(try Self.behavior(try Self.discover(nat)).name == name)
    }

    @Test func anOpenHostHasNoNAT() throws {
        let behavior = try Self.behavior(try Self.discover(nil))
        #expect(!behavior.isTranslated)
        #expect(behavior.mappedAddress == Self.main)
        #expect(behavior.filtering == .endpointIndependent)
        #expect(behavior.name == "no NAT")
    }

    @Test("lost packets change nothing", arguments: 1..<11 as Range<UInt64>)
    func loss(_ seed: UInt64) throws {
        let nat = NAT(kind: .addressRestricted, publicAddress: Self.router)
        let output = try Self.discover(nat, loss: 0.1, seed: seed)
        #expect(try Self.behavior(output).name == "address-restricted cone")
    }

    @Test func aServerWithoutASecondAddressTellsTheAddressOnly() throws {
        let nat = NAT(kind: .portRestricted, publicAddress: Self.router)
        let behavior = try Self.behavior(
            try Self.discover(nat, server: STUNServerTests.server(behavior: false))
        )
        #expect(behavior.isTranslated)
        #expect(behavior.mapping == nil && behavior.filtering == nil && behavior.name == nil)
    }

    @Test func aServerThatIsSilentOrRefusesIsTold() throws {
        let silent = STUNServerTests.server(behavior: true) { $0.requestsPerSecond = 0 }
        #expect(try Self.discover(nil, server: silent) == .failed(.server(.timedOut)))
        let moved = STUNServerTests.server { $0.alternateServers = [STUNServerTests.alternate] }
        let failure = STUNFailure.refused(.tryAlternate, reason: "")
        #expect(try Self.discover(nil, server: moved) == .failed(.server(failure)))
    }

    @Test func theLawsOfMachinesHoldWithoutAnyAnswer() {
        var discovery = NATDiscovery(
            server: STUNServerTests.primary,
            locals: [Self.main],
            entropy: .seed(1),
            at: .zero
        )
        let run = discovery.run(for: .seconds(100))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.last?.output == .failed(.server(.timedOut)))
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .milliseconds(3_500)))
        #expect(discovery.deadline == nil)
    }

    /// An answer that names as "other" a multicast group or itself leads nowhere.
    @Test(
        "a server cannot send us to places that are none",
        arguments: ["224.0.0.1:5", "192.0.2.1:3479", "192.0.2.9:3478", "192.0.2.9:0", "0.0.0.0:9"]
    )
    func misleading(_ other: String) throws {
        var discovery = NATDiscovery(
            server: STUNServerTests.primary,
            locals: [Self.main],
            entropy: .seed(1),
            at: .zero
        )
        guard case .transmit(let request, _, _)? = discovery.popOutput() else { return }
        let id = try STUNMessage(parsing: request.span).transactionID
        let answer = try STUNMessage(
            .success,
            id: id,
            attributes: [
                .xorMappedAddress(STUNServerTests.client),
                .otherAddress(try #require(SocketAddress(other))),
            ]
        ).write()
        discovery.receive(answer.span, from: STUNServerTests.primary, at: .zero)
        guard case .finished(let behavior)? = discovery.popOutput() else {
            Issue.record("went on to \(other)")
            return
        }
        #expect(behavior.filtering == nil)
    }
}
