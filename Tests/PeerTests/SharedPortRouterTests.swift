import ICE
import Peer
import Testing
import Wire

private let here = SocketAddress(.loopback4, port: 3_478)

private func there(_ port: UInt16) -> SocketAddress { SocketAddress(.loopback4, port: port) }

@Suite("Telling apart the sessions that share a port")
struct SharedPortRouterTests {
    private typealias Presences = [Int: ICEPresence]

    /// A Binding message without integrity: routing does not look at it.
    private func message(_ kind: [UInt8], id: UInt8 = 7, attributes: [UInt8] = []) -> [UInt8] {
        kind + [0, UInt8(attributes.count), 0x21, 0x12, 0xA4, 0x42]
            + [UInt8](repeating: id, count: 12) + attributes
    }

    private func request(_ name: String, id: UInt8 = 7) -> [UInt8] {
        var value = [UInt8](name.utf8)
        let length = value.count
        while value.count % 4 != 0 { value.append(0) }
        return message([0, 1], id: id, attributes: [0, 6, 0, UInt8(length)] + value)
    }

    private func route(
        _ router: SharedPortRouter,
        _ bytes: [UInt8],
        _ port: UInt16
    )
        -> SharedPortRouter.Route
    {
        router.route(bytes.span, from: there(port), on: here)
    }

    private func makeRouter() -> SharedPortRouter {
        var router = SharedPortRouter()
        router.add("abcd", of: 1)
        router.add("efgh", of: 2)
        return router
    }

    @Test func theUserNameNamesTheSessionAndProofBindsTheAddress() {
        var router = makeRouter()
        #expect(route(router, request("abcd:xyz"), 9) == .claimed(1))
        #expect(route(router, request("efgh:xyz"), 9) == .claimed(2))
        #expect(route(router, request("nobody:xyz"), 9) == .nobody)
        #expect(route(router, [128, 0, 0, 0], 9) == .nobody)
        // What the session has not found authentic proves nothing.
        router.bind(there(9), on: here, to: 1, by: .request) { _, _, _ in .unknown }
        #expect(route(router, [128, 0, 0, 0], 9) == .nobody)
        router.bind(there(9), on: here, to: 1, by: .request) { _, _, _ in .heard }
        #expect(route(router, [128, 0, 0, 0], 9) == .known(1))
        #expect(route(router, request("abcd:xyz"), 9) == .known(1))
        #expect(route(router, request("efgh:xyz"), 9) == .claimed(2))
        #expect(route(router, [128, 0, 0, 0], 9) == .known(1))
    }

    @Test(
        "an address that a session counts on moves with an answer only",
        arguments: [ICEPresence.heard, .answered, .selected]
    )
    func counted(presence: ICEPresence) {
        var router = makeRouter()
        let presences: Presences = [1: presence, 2: .heard]
        func bind(_ member: Int, _ proof: SharedPortRouter.Proof, _ known: Presences) {
            router.bind(there(9), on: here, to: member, by: proof) { who, _, _ in
                known[who] ?? .unknown
            }
        }
        bind(1, .request, presences)
        bind(2, .request, presences)
        #expect(route(router, [128, 0], 9) == .known(1))
        bind(2, .answer, presences)
        #expect(route(router, [128, 0], 9) == .known(2))
        bind(1, .request, presences)
        #expect(route(router, [128, 0], 9) == .known(2))
        // The session has given it up.
        bind(1, .request, [1: .heard, 2: .unknown])
        #expect(route(router, [128, 0], 9) == .known(1))
        #expect(router.counts.addresses == 1)
    }

    @Test func answersGoToWhoHasAskedWhosesoeverTheAddressIs() {
        var router = makeRouter()
        router.bind(there(9), on: here, to: 1, by: .answer) { _, _, _ in .answered }
        func ask(_ id: UInt8, _ member: Int) {
            let bytes = request("x:y", id: id)
            router.expectAnswer(to: bytes.span, from: there(9), on: here, of: member)
        }
        ask(3, 2)
        ask(4, 1)
        #expect(route(router, message([1, 1], id: 3), 9) == .claimed(2))
        #expect(route(router, message([1, 0x11], id: 3), 9) == .claimed(2))
        #expect(route(router, message([1, 1], id: 4), 9) == .known(1))
        #expect(route(router, message([1, 1], id: 5), 9) == .known(1))
        #expect(route(router, message([1, 1], id: 5), 8) == .nobody)
        // An answer takes nobody's address before its session has found it authentic.
        #expect(route(router, [128, 0], 9) == .known(1))
        router.remove(2)
        #expect(route(router, message([1, 1], id: 3), 9) == .known(1))
    }

    @Test func questionsTakeNoAddressesAndOnlySoManyAreRemembered() {
        var router = makeRouter()
        for id in 0...200 as ClosedRange<UInt8> {
            let bytes = request("x:y", id: id)
            router.expectAnswer(to: bytes.span, from: there(9), on: here, of: 1)
            _ = route(router, request("stranger:x"), UInt16(id) + 1)
        }
        #expect(router.counts.addresses == 0)
        let remembered = (0...200 as ClosedRange<UInt8>).filter {
            route(router, message([1, 1], id: $0), 9) == .claimed(1)
        }
        #expect(remembered == Array(73...200))
    }

    @Test func theAddressInUseIsKeptWhateverComes() {
        var router = makeRouter()
        let chosen = there(1)
        for port in 1...1_000 as ClosedRange<UInt16> {
            router.bind(there(port), on: here, to: 1, by: .answer) { _, source, _ in
                source == chosen ? .selected : port % 2 == 0 ? .answered : .heard
            }
            #expect(route(router, [128, 0], 1) == .known(1))
            #expect(route(router, [128, 0], port) == .known(1))
        }
        #expect(router.counts.addresses == 64)
        router.remove(1)
        #expect(router.counts.members == 1 && router.counts.addresses == 0)
        #expect(route(router, request("abcd:xyz"), 9) == .nobody)
        // Who is gone takes nothing any more.
        router.bind(there(9), on: here, to: 1, by: .answer) { _, _, _ in .answered }
        #expect(router.counts.addresses == 0)
    }

    @Test func waysGoWithTheirSocket() {
        var router = makeRouter()
        router.bind(there(9), on: here, to: 1, by: .answer) { _, _, _ in .answered }
        router.bind(there(9), on: there(5), to: 1, by: .answer) { _, _, _ in .answered }
        router.remove(here)
        #expect(route(router, [128, 0], 9) == .nobody)
        #expect(router.counts.addresses == 1)
    }
}

/// Forged sources, and NATs that give mappings away, as agents see them.
@Suite("Whose an address of a shared port is (RFC 8445 §7.2.2, §7.2.5.3)")
struct SharedPortSceneTests {
    @Test("a forged source takes nobody's address away", arguments: [false, true])
    func forgedSource(isLite: Bool) {
        var scene = PortScene(isLite: isLite)
        scene.run(for: .seconds(10))
        #expect(scene.owner(of: 1) == .known(1))
        for _ in 0..<90 {
            scene.attack(as: 0, at: 1)
            scene.run(for: .seconds(1))
            #expect(scene.owner(of: 1) == .known(1))
        }
        #expect(scene.isConnected(0) && scene.isConnected(1))
    }

    @Test func anAddressTakenBeforehandIsGivenToWhoAnswersThere() {
        var scene = PortScene()
        scene.clients[1].isThere = false
        for _ in 0..<5 {
            scene.attack(as: 0, at: 1)
            scene.run(for: .milliseconds(200))
        }
        #expect(scene.owner(of: 1) == .known(0))
        scene.clients[1].isThere = true
        scene.run(for: .seconds(5))
        #expect(scene.owner(of: 1) == .known(1))
        #expect(scene.isConnected(0) && scene.isConnected(1))
    }

    @Test func aMappingThatANATGivesAwayMovesAtOnce() {
        var scene = PortScene()
        scene.run(for: .seconds(10))
        scene.clients[1].isThere = false
        scene.move(0, to: scene.clients[1].address)
        scene.run(for: .seconds(1))
        #expect(scene.owner(of: 1) == .known(0))
    }

    @Test func withoutQuestionsAMappingMovesWhenItsSessionHasGivenItUp() {
        var scene = PortScene(isLite: true)
        scene.run(for: .seconds(10))
        scene.clients[1].isThere = false
        scene.move(0, to: scene.clients[1].address)
        scene.run(for: .seconds(10))
        #expect(scene.owner(of: 1) == .known(1))
        scene.run(for: .seconds(30))
        #expect(scene.owner(of: 1) == .known(0))
    }
}

/// Two agents on one port, their peers with addresses of their own, and a network without delay.
private struct PortScene {
    struct Client {
        var agent: ICEAgent
        var address: SocketAddress
        let credentials: ICECredentials
        /// Whether it sends and hears.
        var isThere = true
    }

    private var router = SharedPortRouter()
    private var members: [ICEAgent] = []
    private var names: [ICECredentials] = []
    var clients: [Client] = []
    private var now = Instant(nanoseconds: 0)
    private var entropy = Entropy.seed(3)

    init(isLite: Bool = false) {
        var configuration = ICEConfiguration()
        configuration.isLite = isLite
        for index in 0..<2 {
            let own = ICECredentials.random(using: &entropy)
            let theirs = ICECredentials.random(using: &entropy)
            var member = ICEAgent(
                role: .controlled,
                configuration: configuration,
                entropy: entropy.split()
            )
            member.addStream(0, credentials: own)
            member.add(local: .host(here), to: 0, at: now)
            member.setRemote(theirs, of: 0, at: now)
            members.append(member)
            names.append(own)
            router.add(own.usernameFragment, of: index)
            let address = there(UInt16(5_000 + index))
            let agent = makeAgent(of: index, theirs, at: address)
            clients.append(Client(agent: agent, address: address, credentials: theirs))
        }
    }

    private mutating func makeAgent(
        of index: Int,
        _ credentials: ICECredentials,
        at address: SocketAddress
    ) -> ICEAgent {
        var agent = ICEAgent(role: .controlling, entropy: entropy.split())
        agent.addStream(0, credentials: credentials)
        agent.add(local: .host(address), to: 0, at: now)
        agent.setRemote(names[index], of: 0, at: now)
        agent.add(remote: .host(here), to: 0, at: now)
        return agent
    }

    func owner(of client: Int) -> SharedPortRouter.Route {
        let media: [UInt8] = [128, 0, 0, 0]
        return router.route(media.span, from: clients[client].address, on: here)
    }

    func isConnected(_ index: Int) -> Bool {
        members[index].selectedPair(of: ICEComponent(stream: 0))?.remote.address
            == clients[index].address
    }

    /// The peer begins anew, from another address.
    mutating func move(_ index: Int, to address: SocketAddress) {
        clients[index].agent = makeAgent(of: index, clients[index].credentials, at: address)
        clients[index].address = address
    }

    /// The peer of `index` sends a check as if from the address of another.
    mutating func attack(as index: Int, at victim: Int) {
        let address = clients[victim].address
        var forger = makeAgent(of: index, clients[index].credentials, at: address)
        forger.advance(to: now)
        while let output = forger.popOutput() {
            guard case .transmit(let datagram) = output else { continue }
            arrive(datagram.payload, from: address)
        }
    }

    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        while true {
            for index in members.indices { members[index].advance(to: now) }
            for index in clients.indices { clients[index].agent.advance(to: now) }
            deliver()
            let agents = members + clients.map(\.agent)
            guard let next = agents.compactMap(\.deadline).min(), next <= end else { break }
            now = max(now, next)
        }
        now = end
    }

    private mutating func deliver() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for index in clients.indices {
                while let output = clients[index].agent.popOutput() {
                    isQuiet = false
                    guard case .transmit(let sent) = output, clients[index].isThere else {
                        continue
                    }
                    arrive(sent.payload, from: sent.source)
                }
            }
            for index in members.indices {
                while let output = members[index].popOutput() {
                    isQuiet = false
                    guard case .transmit(let sent) = output else { continue }
                    leave(sent, of: index)
                }
            }
        }
    }

    private mutating func leave(_ sent: Datagram, of member: Int) {
        let bytes = sent.payload
        router.expectAnswer(to: bytes.span, from: sent.destination, on: here, of: member)
        for index in clients.indices
        where clients[index].isThere && clients[index].address == sent.destination {
            clients[index].agent.receive(bytes.span, from: here, on: sent.destination, at: now)
        }
    }

    private mutating func arrive(_ bytes: [UInt8], from source: SocketAddress) {
        let component = ICEComponent(stream: 0)
        switch router.route(bytes.span, from: source, on: here) {
        case .nobody: break
        case .known(let index): members[index].receive(bytes.span, from: source, on: here, at: now)
        case .claimed(let index):
            let before = members[index].answers(from: source, on: here, component: component)
            members[index].receive(bytes.span, from: source, on: here, at: now)
            let after = members[index].answers(from: source, on: here, component: component)
            let members = members
            router.bind(source, on: here, to: index, by: after > before ? .answer : .request) {
                members[$0].presence(of: $1, on: $2, component: component)
            }
        }
    }
}
