import ICE
import NetworkSimulator
import STUN
import Testing
import Wire

/// An agent at a simulated host, which learns its public address from a STUN server.
struct AgentNode: SimulatedNode {
    static let server = SocketAddress(IPAddress(v4: 0xC633_6401), port: 3_478)

    let here: SocketAddress
    var agent: ICEAgent
    /// Candidates for the other side, in the order they were found.
    private(set) var found: [Candidate]
    private var nextQuery: Instant? = .zero
    private var queries: UInt64 = 0
    private var outputs = Queue<Datagram>()

    init(here: SocketAddress, party: Party, role: ICERole, seed: UInt64) {
        self.here = here
        agent = ICEAgent(role: role, entropy: .seed(seed &* 2 &+ UInt64(party.number)))
        agent.addStream(0, credentials: party.credentials)
        found = [.host(here)]
        agent.add(local: found[0], to: 0, at: .zero)
    }

    var deadline: Instant? {
        [agent.deadline, nextQuery].compactMap(\.self).min()
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        guard datagram.source == Self.server else {
            return agent.receive(datagram.payload.span, from: datagram.source, on: here, at: now)
        }
        let bytes = datagram.payload
        guard let packet = try? STUNPacket(parsing: bytes.span),
            let mapped = packet.mappedAddress(in: bytes.span)
        else { return }
        nextQuery = nil
        guard !found.contains(where: { $0.address == mapped }) else { return }
        let candidate = Candidate.serverReflexive(mapped, base: here, server: Self.server)
        found.append(candidate)
        agent.add(local: candidate, to: 0, at: now)
    }

    mutating func advance(to now: Instant) {
        agent.advance(to: now)
        guard let due = nextQuery, due <= now else { return }
        queries += 1
        let request = STUNMessage(.request, id: STUNTransactionID(high: 0, low: queries))
        outputs.append(Datagram(from: here, to: Self.server, payload: (try? request.write()) ?? []))
        nextQuery = now.advanced(by: .milliseconds(200))
    }

    mutating func popTransmit() -> Datagram? {
        while let output = agent.popOutput() {
            switch output {
            case .transmit(let datagram): outputs.append(datagram)
            case .selected, .pathLost, .stateChanged, .roleChanged, .connect, .disconnect,
                .restartAdvised:
                break
            }
        }
        return outputs.popFirst()
    }
}

/// A STUN server.
struct STUNMirror: SimulatedNode {
    private var outputs = Queue<Datagram>()
    var deadline: Instant? { nil }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        guard let packet = try? STUNPacket(parsing: datagram.payload.span) else { return }
        let answer = STUNMessage(
            .success,
            id: packet.transactionID,
            attributes: [.xorMappedAddress(datagram.source)]
        )
        outputs.append(
            Datagram(
                from: datagram.destination,
                to: datagram.source,
                payload: (try? answer.write()) ?? []
            )
        )
    }

    mutating func advance(to now: Instant) {}
    mutating func popTransmit() -> Datagram? { outputs.popFirst() }
}

/// Two agents behind NATs of these kinds, nil for none, over links that lose a packet in ten.
struct NATCall {
    let network: Simulation
    let hosts: [Host<AgentNode>]
    let homes: [Subnet]

    init(_ left: NAT.Kind?, _ right: NAT.Kind?, seed: UInt64) {
        network = Simulation(seed: seed)
        network.addHost("stun", addresses: [AgentNode.server.address], node: STUNMirror())
        var hosts: [Host<AgentNode>] = []
        var homes: [Subnet] = []
        for (number, kind) in [(1, left), (2, right)] as [(UInt32, NAT.Kind?)] {
            let outside = IPAddress(v4: 0xCB00_7100 + number)
            let inside = kind == nil ? outside : IPAddress(v4: 0x0A00_0002 + number << 16)
            var home = Subnet.internet
            if let kind {
                let nat = NAT(kind: kind, publicAddress: outside)
                home = network.addNetwork("home \(number)", behind: nat)
            }
            homes.append(home)
            hosts.append(
                network.addHost(
                    "host \(number)",
                    addresses: [inside],
                    on: home,
                    link: Link(delay: .milliseconds(20), loss: .random(0.05)),
                    node: AgentNode(
                        here: SocketAddress(inside, port: 5_000),
                        party: Party(number: Int(number)),
                        role: number == 1 ? .controlling : .controlled,
                        seed: seed
                    )
                )
            )
        }
        self.hosts = hosts
        self.homes = homes
    }

    /// Gathers, signals, and says whether both sides have agreed within `limit`.
    func connects(within limit: Duration) -> Bool {
        network.run(
            until: { hosts.allSatisfy { self.network.read($0) { $0.found.count > 1 } } },
            limit: .seconds(1)
        )
        let found = hosts.map { host in network.read(host) { $0.found } }
        for (index, host) in hosts.enumerated() {
            network.with(host) { node, now in
                node.agent.setRemote(
                    Party(number: 2 - index).credentials,
                    renominates: true,
                    of: 0,
                    at: now
                )
                for candidate in found[1 - index] {
                    node.agent.add(remote: candidate, to: 0, at: now)
                }
            }
        }
        return network.run(until: { self.isComplete }, limit: limit) == .done
    }

    var isComplete: Bool {
        hosts.allSatisfy { network.read($0) { $0.agent.state == .completed } }
    }

    func pair(_ side: Int) -> CandidatePair? {
        network.read(hosts[side]) { $0.agent.selectedPair(of: ConnectTests.path) }
    }
}

@Suite("Agents behind NATs, RFC 8445 §2 and RFC 5128 §3.3")
struct NATTests {
    static let kinds: [NAT.Kind?] = [nil] + NAT.Kind.allCases

    /// Two strangers meet unless one has a port for each destination and the other looks at ports.
    static func canMeet(_ left: NAT.Kind?, _ right: NAT.Kind?) -> Bool {
        let kinds = [left, right]
        guard kinds.contains(.symmetric) else { return true }
        return kinds.contains(nil) || kinds.contains(.fullCone)
            || kinds.contains(.addressRestricted)
    }

    @Test("direct paths are found wherever there are any, with loss", arguments: kinds, kinds)
    func direct(left: NAT.Kind?, right: NAT.Kind?) throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let call = NATCall(left, right, seed: seed)
            let connects = call.connects(within: .seconds(45))
            #expect(connects == Self.canMeet(left, right), "seed \(seed)")
            guard connects else { continue }
            let (ours, theirs) = (call.pair(0), call.pair(1))
            if left == nil, right == nil { #expect(ours?.remote.kind == .host) }
            if left == .symmetric { #expect(ours?.local.kind == .peerReflexive) }
            if right == .symmetric { #expect(theirs?.local.kind == .peerReflexive) }
        }
    }

    @Test("consent keeps the mappings of NATs open for an hour")
    func keepsMappings() {
        let call = NATCall(.portRestricted, .portRestricted, seed: 3)
        let connects = call.connects(within: .seconds(45))
        #expect(connects)
        call.network.run(for: .seconds(3_600))
        #expect(call.isComplete)
    }

    @Test(
        "a NAT that forgets everything in mid-call is survived",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func natRestarts(seed: UInt64) throws {
        let call = NATCall(.fullCone, nil, seed: seed)
        let connects = call.connects(within: .seconds(45))
        #expect(connects)
        call.network.run(for: .seconds(10))
        let before = try #require(call.pair(1)).remote.address
        let time = Instant.zero.duration(to: call.network.now) + .seconds(1)
        call.network.schedule(.natRestart(of: call.homes[0], at: time))
        call.network.run(for: .seconds(40))
        #expect(call.isComplete)
        let after = try #require(call.pair(1)).remote.address
        #expect(after != before)
    }
}
