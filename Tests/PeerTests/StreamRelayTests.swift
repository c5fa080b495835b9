import ICE
import Peer
import STUN
import TURN
import Testing
import Wire

@Suite("Streams to relays, one for each interface (RFC 8445 §5.1.1.2)")
struct StreamRelayTests {
    private let homes = [address("192.168.1.2"), address("10.0.0.2")]

    /// A session that has begun to gather on two interfaces, with a relay behind TCP.
    private func makeSession(_ url: String = "turn:192.0.2.10?transport=tcp") throws -> PeerSession
    {
        var configuration = PeerConfiguration()
        configuration.iceServers = [
            try ICEServer(urls: [url], username: "alice", credential: "secret")
        ]
        var session = try PeerTests.makeSession(configuration: configuration)
        _ = try session.addTransceiver(.audio, at: .zero)
        _ = try session.offer()
        while let output = session.popOutput() {
            guard case .gather(let stream) = output else { continue }
            for home in homes {
                let socket = SocketAddress(home, port: 50_000)
                session.addLocalAddress(socket, to: stream, at: .zero)
            }
            session.endOfLocalAddresses(of: stream, at: .zero)
            break
        }
        return session
    }

    private func requests(_ session: inout PeerSession) -> [NetworkRequest] {
        var requests: [NetworkRequest] = []
        while let output = session.popOutput() {
            if case .network(let request) = output { requests.append(request) }
        }
        return requests
    }

    private func streams(_ session: inout PeerSession) -> [StreamRequest] {
        requests(&session).compactMap { request in
            guard case .openStream(let stream) = request else { return nil }
            return stream
        }
    }

    @Test(arguments: ["turn:192.0.2.10?transport=tcp", "turns:192.0.2.10"])
    func eachLeavesFromItsOwnAddress(url: String) throws {
        var session = try makeSession(url)
        let found = streams(&session)
        #expect(found.map(\.local) == homes)
        #expect(Set(found.map(\.id)).count == 2)
    }

    @Test func isClosedWithTheAddressItLeavesFrom() throws {
        var session = try makeSession()
        let opened = streams(&session)
        session.removeLocalAddress(SocketAddress(homes[0], port: 50_000), at: .zero)
        let closed = requests(&session)
        #expect(closed == [.closeStream(opened[0].id)])
        // It opens too late: nobody needs it any more.
        session.streamOpened(opened[0].id, on: SocketAddress(homes[0], port: 40_000), at: .zero)
        let late = requests(&session)
        #expect(late == [.closeStream(opened[0].id)])
    }

    /// RFC 8656 §7.4: the server takes our path for that of somebody who was here before.
    @Test func anotherStreamIsOpenedWhenTheServerKnowsThisOne() throws {
        var session = try makeSession()
        var number = streams(&session)[0].id
        for port in 40_000..<40_002 as Range<UInt16> {
            session.streamOpened(number, on: SocketAddress(homes[0], port: port), at: .zero)
            let request = try #require(sent(&session).first).payload
            let asked = try STUNPacket(parsing: request.span)
            let refusal = try STUNMessage(
                .error,
                .allocate,
                id: asked.transactionID,
                attributes: [.errorCode(STUNErrorCode(rawValue: 437), reason: "")]
            ).write()
            session.receive(refusal.span, fromStream: number, at: .zero)
            let next = requests(&session)
            #expect(next.first == .closeStream(number))
            guard case .openStream(let stream) = next.last else {
                Issue.record("\(next)")
                return
            }
            #expect(stream.id != number && stream.local == homes[0])
            number = stream.id
        }
        // A server that takes every path for a known one is not asked for ever.
        session.streamClosed(number, at: .zero)
        let last = requests(&session)
        #expect(last.isEmpty)
    }

    private func sent(_ session: inout PeerSession) -> [Datagram] {
        var datagrams: [Datagram] = []
        session.takeOutgoing { batch in
            datagrams = (0..<batch.count).map { batch.datagram(at: $0) }
        }
        return datagrams
    }

    @Test func goesWithItsWholeHost() throws {
        var session = try makeSession()
        let opened = streams(&session)
        session.removeLocalHost(homes[1], at: .zero)
        let closed = requests(&session)
        #expect(closed == [.closeStream(opened[1].id)])
        let left = session.statistics(at: .zero).transports.flatMap(\.localCandidates)
        #expect(!left.isEmpty && left.allSatisfy { $0.base.address == homes[0] })
    }

    /// A listener, the address active connections leave from, and the UDP socket beside them.
    @Test func candidatesOfTCPGoWithTheirHost() throws {
        var session = try makeSession()
        let stream = 0
        for home in homes {
            let listener = SocketAddress(home, port: 40_001)
            for (place, kind) in [
                (listener, CandidateTransport.tcp(.passive)),
                (SocketAddress(home, port: 50_000), .tcp(.active)),
            ] { session.addLocalAddress(place, to: stream, over: kind, at: .zero) }
        }
        #expect(session.statistics(at: .zero).transports.flatMap(\.localCandidates).count == 6)
        session.removeLocalHost(homes[0], at: .zero)
        let left = session.statistics(at: .zero).transports.flatMap(\.localCandidates)
        #expect(left.count == 3 && left.allSatisfy { $0.base.address == homes[1] })
    }
}
