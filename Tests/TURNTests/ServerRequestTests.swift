import STUN
import Support
import TURN
import Testing
import Wire

@Suite("RFC 8656 §7–12: the server's answers")
struct ServerRequestTests {
    private typealias Body = (inout SpanWriter, STUNTransactionID) throws(WriteError) -> Void

    private func allocate(
        _ server: RawServer,
        _ attributes: [STUNAttribute]
    ) -> STUNMessage? {
        server.request(.allocate) { writer, id throws(WriteError) in
            for attribute in attributes { try STUNWriter.append(attribute, id: id, to: &writer) }
        }
    }

    @Test(
        "An Allocate request that is wrong is told why",
        arguments: [
            ([], 400),
            ([.requestedTransport(6)], 442),
            ([.requestedTransport(17), .dontFragment], 420),
            ([.requestedTransport(17), .reservationToken([1, 2, 3, 4, 5, 6, 7, 8])], 508),
            (
                [
                    .requestedTransport(17), .evenPort(reservesNext: false),
                    .reservationToken([1, 2, 3, 4, 5, 6, 7, 8]),
                ], 400
            ),
            ([.requestedTransport(17), .evenPort(reservesNext: true)], 508),
            (
                [
                    .requestedTransport(17), .requestedAddressFamily(.v6),
                    .additionalAddressFamily(.v6),
                ], 400
            ),
            ([.requestedTransport(17), .additionalAddressFamily(.v4)], 400),
            ([.requestedTransport(17), .other(.requestedAddressFamily, [9, 0, 0, 0])], 440),
            ([.requestedTransport(17), .other(STUNAttributeType(rawValue: 0x7FFF), [])], 420),
        ] as [([STUNAttribute], Int)]
    )
    func refusesAllocate(_ attributes: [STUNAttribute], _ code: Int) {
        let server = RawServer()
        #expect(allocate(server, attributes)?.code == code)
        #expect(server.server.statistics.allocations == 0)
        #expect(server.relays.isEmpty)
    }

    @Test("EVEN-PORT gets an even port")
    func evenPort() throws {
        let server = RawServer()
        let answer = allocate(server, [.requestedTransport(17), .evenPort(reservesNext: false)])
        let port = try #require(answer?.relayed.first?.port)
        #expect(port % 2 == 0)
    }

    @Test(
        "A lifetime is at least the server's own and at most its limit",
        arguments: [
            (nil, 600), (1, 600), (600, 600), (1_000, 1_000), (86_400, 3_600), (.max, 3_600),
        ]
            as [(UInt32?, UInt32)]
    )
    func lifetimes(_ wanted: UInt32?, _ granted: UInt32) {
        let server = RawServer()
        let attributes = wanted.map { [STUNAttribute.lifetime($0)] } ?? []
        #expect(allocate(server, [.requestedTransport(17)] + attributes)?.lifetime == granted)
    }

    @Test("A second Allocate on one path is refused (437), the first one repeated is not")
    func twice() {
        let server = RawServer()
        let id = STUNTransactionID(high: 1, low: 2)
        let body: Body = { writer, _ throws(WriteError) in
            try STUNWriter.append(.requestedTransport, UInt32(17 << 24), to: &writer)
        }
        let first = server.request(.allocate, id: id, body)
        let again = server.request(.allocate, id: id, body)
        let other = server.request(.allocate, body)
        #expect(first?.relayed == again?.relayed)
        #expect(other?.code == 437)
        #expect(server.server.statistics.allocations == 1)
    }

    @Test("Without an allocation everything is refused with 437")
    func withoutAllocation() {
        let server = RawServer()
        #expect(server.refresh(600)?.code == 437)
        #expect(server.permit(Scene.peerAddress) == 437)
        #expect(server.bind(0x4000, to: Scene.peerAddress) == 437)
    }

    @Test("Somebody else's credentials are refused with 441")
    func otherUser() {
        let server = RawServer()
        _ = server.allocate()
        server.signIn("bob", "word")
        #expect(server.refresh(600)?.code == 441)
        #expect(server.permit(Scene.peerAddress) == 441)
        #expect(server.server.statistics.allocations == 1)
    }

    @Test("A refresh to nothing ends the allocation")
    func release() {
        let server = RawServer()
        _ = server.allocate()
        #expect(server.refresh(0)?.lifetime == 0)
        #expect(server.relays.isEmpty)
        #expect(server.server.statistics.allocations == 0)
        #expect(server.refresh(0)?.code == 437)
    }

    @Test("A refresh for a family that the allocation does not have is refused with 443")
    func refreshFamily() {
        let server = RawServer()
        _ = server.allocate()
        let answer = server.request(.refresh) { writer, id throws(WriteError) in
            try STUNWriter.append(.requestedAddressFamily(.v6), id: id, to: &writer)
        }
        #expect(answer?.code == 443)
    }

    @Test("Permissions: no peer 400, another family 443, a forbidden one 403")
    func permissions() {
        let server = RawServer()
        _ = server.allocate()
        #expect(server.permit() == 400)
        #expect(server.permit(endpoint("[2001:db8::7]:1")) == 443)
        #expect(server.permit(endpoint("10.0.0.1:1")) == 403)
        #expect(server.permit(Scene.peerAddress, endpoint("10.0.0.1:1")) == 403)
        #expect(server.permit(Scene.peerAddress) == 0)
    }

    @Test("Channels: numbers out of range and bindings to two peers are refused with 400")
    func channels() {
        let server = RawServer()
        _ = server.allocate()
        let other = endpoint("203.0.113.8:1")
        for number in [0, 0x3FFF, 0x8000, 0xFFFF] as [UInt16] {
            #expect(server.bind(number, to: Scene.peerAddress) == 400)
        }
        #expect(server.bind(0x4000, to: Scene.peerAddress) == 0)
        #expect(server.bind(0x4000, to: Scene.peerAddress) == 0, "a refresh")
        #expect(server.bind(0x4000, to: other) == 400)
        #expect(server.bind(0x4001, to: Scene.peerAddress) == 400)
        #expect(server.bind(0x7FFF, to: other) == 0, "clients of RFC 5766 take these too")
        #expect(server.bind(0x4002, to: SocketAddress(other.address, port: 0)) == 400)
        #expect(server.bind(0x4002, to: endpoint("127.0.0.1:1")) == 403)
    }

    @Test("A channel that has run out carries nothing, and its number is free again")
    func channelExpiry() {
        let server = RawServer()
        _ = server.allocate()
        #expect(server.bind(0x4000, to: Scene.peerAddress) == 0)
        let message: [UInt8] = [0x40, 0, 0, 1, 9]
        #expect(server.server.receive(message.span, on: RawServer.path, at: .zero) != nil)
        _ = server.refresh(3_600)
        server.now = Instant.zero.advanced(by: .seconds(600))
        #expect(server.server.receive(message.span, on: RawServer.path, at: server.now) == nil)
        #expect(server.bind(0x4000, to: endpoint("203.0.113.8:1")) == 0)
    }

    @Test("Binding requests are answered by anybody's server")
    func binding() throws {
        let server = RawServer()
        let id = STUNTransactionID(high: 3, low: 4)
        let request = try STUNMessage(.request, id: id).write()
        let answer = try #require(server.exchange(request))
        let message = try STUNMessage(parsing: answer.span)
        #expect(message.attributes == [.xorMappedAddress(Scene.clientAddress)])
    }

    @Test("The server keeps the laws of machines")
    func laws() {
        let server = RawServer()
        for port in 1...50 as ClosedRange<UInt16> {
            let client = SocketAddress(Scene.clientAddress.address, port: port)
            _ = server.allocate(on: TURNPath(from: client, to: Scene.serverAddress))
            server.now = server.now.advanced(by: .seconds(1))
        }
        #expect(server.server.statistics.allocations == 20, "the quota of one user")
        let run = server.server.run(from: server.now, for: .seconds(5_000))
        #expect(run.brokenLaws.isEmpty)
        #expect(server.server.statistics.allocations == 0)
        #expect(server.server.deadline == nil)
    }
}
