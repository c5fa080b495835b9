import ICE
import STUN
import Testing
import Wire

@Suite("Hostile input, RFC 8445 §19")
struct HostileTests {
    static let id = STUNTransactionID(high: 1, low: 2)

    static func request(
        username: String = "user1:user2",
        password: String = Party.left.credentials.password,
        id: STUNTransactionID = id,
        extra: [STUNAttribute] = []
    ) throws -> [UInt8] {
        try STUNMessage(
            .request,
            id: id,
            attributes: [
                .username(username), .priority(1), .iceControlled(tieBreaker: 1),
            ] + extra
        ).write(signedWith: STUNKey(password: password))
    }

    /// The left side's answer to one packet from nowhere.
    static func answer(
        to packet: [UInt8],
        from source: SocketAddress = Party.right.address(9),
        in network: inout VirtualNetwork
    ) throws -> STUNMessage? {
        let before = network.sides[0].sent.count
        network.with(0) {
            $0.receive(packet.span, from: source, on: Party.left.address(5_001), at: $1)
        }
        guard let reply = network.sides[0].sent.dropFirst(before).first?.datagram else {
            return nil
        }
        #expect(reply.destination == source)
        return try STUNMessage(parsing: reply.payload.span)
    }

    static func error(_ message: STUNMessage?) -> STUNErrorCode? {
        for case .errorCode(let code, _) in message?.attributes ?? [] { return code }
        return nil
    }

    static func single() -> VirtualNetwork {
        var network = VirtualNetwork([Party.left.side(.controlling)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        return network
    }

    @Test("wrong names and passwords are refused, and cause nothing")
    func unauthenticated() throws {
        var network = Self.single()
        for packet in [
            try Self.request(password: "wrong"), try Self.request(username: "other:user2"),
            try Self.request(username: "user1"), try Self.request(username: "user12:user2"),
        ] {
            let answer = try Self.answer(to: packet, in: &network)
            #expect(Self.error(answer) == .unauthenticated)
        }
        #expect(network.sides[0].agent.statistics.unauthenticatedPackets == 4)
        #expect(network.sides[0].agent.statistics.pairs.isEmpty)
        #expect(requests(network.sides[0].sent).isEmpty)
    }

    @Test("incomplete requests are bad requests, or none at all")
    func incomplete() throws {
        var network = Self.single()
        var plain = STUNMessage(.request, id: Self.id, attributes: [.username("user1:user2")])
        var bytes = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(bytes.mutableSpan)
        try STUNWriter.begin(.request, id: Self.id, to: &writer)
        try STUNWriter.append(.username, [UInt8]("user1:user2".utf8).span, to: &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let length = writer.offset
        let unsigned = try Self.answer(to: [UInt8](bytes.prefix(length)), in: &network)
        #expect(Self.error(unsigned) == .badRequest)
        // Without FINGERPRINT it is no connectivity check, and an answer would be an echo.
        let unmarked = try Self.answer(to: try plain.write(), in: &network)
        #expect(unmarked == nil)
        plain.attributes = []
        let empty = try Self.answer(to: try plain.write(), in: &network)
        #expect(empty == nil)
        let key = STUNKey(password: Party.left.credentials.password)
        plain.attributes = [.username("user1:user2")]
        let unranked = try Self.answer(to: try plain.write(signedWith: key), in: &network)
        #expect(Self.error(unranked) == .badRequest)
    }

    @Test("attributes that must be understood and are not are named")
    func unknownAttributes() throws {
        var network = Self.single()
        let unknown = STUNAttribute.other(STUNAttributeType(rawValue: 0x7777), [1])
        let optional = STUNAttribute.other(STUNAttributeType(rawValue: 0xC057), [0, 1, 0, 10])
        let refused = try Self.answer(to: try Self.request(extra: [unknown]), in: &network)
        #expect(Self.error(refused) == .unknownAttribute)
        let names = [STUNAttributeType(rawValue: 0x7777)]
        #expect(refused?.attributes.contains(.unknownAttributes(names)) == true)
        let accepted = try Self.answer(to: try Self.request(extra: [optional]), in: &network)
        #expect(accepted?.messageClass == .success)
        let source = Party.right.address(9)
        #expect(accepted?.attributes.first == .xorMappedAddress(source))
    }

    @Test("a repeated request is answered each time, and checked once")
    func repeatedRequest() throws {
        var network = Self.single()
        let packet = try Self.request()
        for _ in 0..<10 {
            let answer = try Self.answer(to: packet, in: &network)
            #expect(answer?.messageClass == .success)
        }
        #expect(requests(network.sides[0].sent).count == 1)
    }

    @Test("a flood of peer-reflexive sources fills a bounded state")
    func peerReflexiveFlood() throws {
        var network = Self.single()
        for number in 0..<1_000 as Range<UInt32> {
            let source = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
            let id = STUNTransactionID(high: number, low: 3)
            let answer = try Self.answer(to: try Self.request(id: id), from: source, in: &network)
            #expect(answer?.messageClass == .success)
        }
        let statistics = network.sides[0].agent.statistics
        #expect(statistics.pairs.count <= 100)
        #expect(statistics.droppedAtLimits >= 900)
        #expect(requests(network.sides[0].sent).count <= 100)
        let hasSlot = network.sides[0].agent.deadline != nil
        #expect(hasSlot)
    }

    @Test("ten thousand remote candidates are as many as a hundred")
    func manyCandidates() {
        var network = Self.single()
        network.with(0) { agent, now in
            for number in 0..<10_000 as Range<UInt32> {
                let address = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
                agent.add(remote: .host(address), to: 0, at: now)
            }
        }
        #expect(network.sides[0].agent.statistics.pairs.count == 100)
        #expect(network.sides[0].agent.statistics.droppedAtLimits == 9_900)
        network.run(for: .seconds(60))
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("a remote that points us at a victim costs it no more than paced checks")
    func victim() throws {
        var network = HostileTests.single()
        let victim = try #require(IPAddress("203.0.113.9"))
        network.with(0) { agent, now in
            for port in 1...10_000 as ClosedRange<UInt16> {
                agent.add(remote: .host(SocketAddress(victim, port: port)), to: 0, at: now)
            }
        }
        network.run(for: .seconds(7_200))
        let sent = network.sides[0].sent
        #expect(sent.allSatisfy { $0.datagram.destination.address == victim })
        // All pairs share a foundation: one is tried after the other, 7 requests each.
        #expect(sent.count <= 7 * 100)
        Self.expectPace(sent)
        #expect(network.sides[0].agent.deadline == nil)
    }

    @Test("not even if each candidate has a foundation of its own", arguments: [1, 4])
    func victimOfManyFoundations(hosts: Int) throws {
        var network = VirtualNetwork([Party.left.side(.controlling, hosts: hosts)])
        let victim = try #require(IPAddress("203.0.113.9"))
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            for port in 1...10_000 as ClosedRange<UInt16> {
                var candidate = Candidate.host(SocketAddress(victim, port: port))
                candidate.foundation = "\(port)"
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: .seconds(600))
        let sent = network.sides[0].sent
        #expect(sent.count <= 7 * 100)
        Self.expectPace(sent)
        // It stops when all have been tried, and nothing wakes the agent any more.
        #expect(try #require(sent.last).at < Instant.zero.advanced(by: .seconds(90)))
        #expect(network.sides[0].agent.deadline == nil)
    }

    /// First checks and repetitions, all together: one each Ta.
    static func expectPace(_ sent: [(at: Instant, datagram: Datagram)]) {
        let times = sent.map(\.at)
        let gaps = zip(times, times.dropFirst()).map { $0.duration(to: $1) }
        #expect(gaps.allSatisfy { $0 >= .milliseconds(50) })
    }

    @Test("many addresses of one flood leave at the pace, too", arguments: [1, 4])
    func pace(hosts: Int) {
        var network = VirtualNetwork([Party.left.side(.controlling, hosts: hosts)])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            for number in 0..<10_000 as Range<UInt32> {
                var candidate = Candidate.host(
                    SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
                )
                candidate.foundation = "\(number)"
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: .seconds(10))
        let firsts = Dictionary(grouping: network.sides[0].sent) {
            [$0.datagram.source, $0.datagram.destination]
        }
        // The first at once, one each Ta after it.
        #expect(firsts.count <= 201)
        #expect(network.sides[0].agent.statistics.pairs.count <= 100)
    }

    @Test("a flood of TCP candidates asks for connections at the pace, and gives them back")
    func connectionFlood() {
        var network = VirtualNetwork([Party.left.side(.controlling)])
        network.listens = { _ in false }
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            agent.add(local: TCPTests.tcp(.left, .active), to: 0, at: now)
            for number in 0..<10_000 as Range<UInt32> {
                let address = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
                var candidate = Candidate.host(address, transport: .tcp(.passive))
                candidate.foundation = "\(number)"
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: .seconds(1))
        #expect((15...21).contains(network.sides[0].opened.count))
        network.run(for: .seconds(60))
        #expect(network.sides[0].opened.count <= 100)
    }

    @Test("a connected agent keeps few pairs, however many have worked")
    func keepsFewPairs() {
        var network = VirtualNetwork.pair(hosts: 8)
        network.connect()
        network.run(for: .seconds(30))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.sides.allSatisfy { $0.agent.statistics.pairs.count <= 9 })
    }

    @Test("early checks are remembered up to a limit")
    func earlyFlood() throws {
        var network = VirtualNetwork([Party.left.side(.controlling)])
        for number in 0..<100 as Range<UInt32> {
            let source = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
            let id = STUNTransactionID(high: number, low: 3)
            _ = try Self.answer(to: try Self.request(id: id), from: source, in: &network)
        }
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        #expect(requests(network.sides[0].sent).count == 16)
    }

    @Test(
        "candidates that lead nowhere, or to everybody, are ignored",
        arguments: [
            "0.0.0.0:5", "224.0.0.1:5", "192.0.2.1:0", "[ff02::1]:5", "[::]:5",
        ]
    )
    func impossibleCandidates(_ address: String) throws {
        var network = Self.single()
        let candidate = Candidate.host(try #require(SocketAddress(address)))
        network.with(0) { $0.add(remote: candidate, to: 0, at: $1) }
        #expect(network.sides[0].agent.statistics.pairs.isEmpty)
    }

    @Test("random datagrams and mutated checks never trap", arguments: 0..<20 as Range<UInt64>)
    func mutations(seed: UInt64) throws {
        var network = VirtualNetwork.pair(seed: seed)
        network.connect()
        var generator = SplitMix64(seed: seed)
        let recorded = network.sides[1].sent.map(\.datagram)
        for _ in 0..<300 {
            guard var datagram = recorded.randomElement(using: &generator) else { return }
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: datagram.payload.indices, using: &generator)
                datagram.payload[index] = .random(in: 0...255, using: &generator)
            }
            let length = Int.random(in: 0...datagram.payload.count, using: &generator)
            if generator.next() % 4 == 0 { datagram.payload = [UInt8](datagram.payload[..<length]) }
            network.inject(datagram)
        }
        network.run(for: .seconds(1))
        #expect(network.sides[0].agent.state == .completed)
        #expect(network.brokenLaws.isEmpty)
    }
}
