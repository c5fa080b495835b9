import ICE
import Peer
import SDP
import Testing
import Wire

@Suite("Foundations that tell nothing, RFC 8445 §5.1.1.3 and RFC 8828")
struct FoundationTests {
    private static let server = SocketAddress(IPAddress(v4: 0xC633_6401), port: 3_478)

    /// The candidates of a session on `addresses`, each with a mapping of its own.
    private static func candidates(
        of session: inout PeerSession,
        on addresses: [UInt32],
        port: UInt16 = 5_000
    ) throws -> [CandidateAttribute] {
        for address in addresses {
            let local = SocketAddress(IPAddress(v4: address), port: port)
            session.addLocalAddress(local, to: 0, isShared: true, at: .zero)
            let outside = SocketAddress(IPAddress(v4: 0xCB00_7101), port: UInt16(address & 0xFFF))
            session.addMappedAddress(outside, of: local, by: server, at: .zero)
        }
        let sdp = try #require(session.localDescription?.sdp)
        let section = try #require(try SDPDescription(parsing: sdp).media.first)
        return section.candidates
    }

    private static func session(seed: UInt64) throws -> PeerSession {
        var configuration = PeerConfiguration()
        configuration.gathering.hostPrivacy = .named
        var session = try makeSession(seed: seed, configuration: configuration)
        _ = try session.addTrack(.audio, at: .zero)
        _ = try session.offer()
        return session
    }

    @Test("are the same whatever the addresses are")
    func independent() throws {
        var one = try Self.session(seed: 1)
        var other = try Self.session(seed: 1)
        let first = try Self.candidates(of: &one, on: [0x0A00_0001, 0x0A00_0002])
        let second = try Self.candidates(of: &other, on: [0xC0A8_0107, 0xAC10_0001])
        #expect(first.map(\.foundation) == second.map(\.foundation))
        // Two addresses, each as itself and as the server sees it: four groups.
        #expect(Set(first.map(\.foundation)).count == 4)
        #expect(first.count == 4)
    }

    @Test("stay those of their groups")
    func groups() throws {
        var session = try Self.session(seed: 1)
        let first = try Self.candidates(of: &session, on: [0x0A00_0001])
        let both = try Self.candidates(of: &session, on: [0x0A00_0001], port: 6_000)
        #expect(both.count == 4)
        #expect(both.suffix(2).map(\.foundation) == first.map(\.foundation))
        session.removeLocalAddress(
            SocketAddress(IPAddress(v4: 0x0A00_0001), port: 5_000),
            at: .zero
        )
        let left = try Self.candidates(of: &session, on: [])
        #expect(left.map(\.port) == both.suffix(2).map(\.port))
    }

    @Test("of the addresses that a NAT gives a socket, one after the other, the newest is told")
    func newestMapping() throws {
        var session = try Self.session(seed: 1)
        let local = SocketAddress(IPAddress(v4: 0x0A00_0001), port: 5_000)
        session.addLocalAddress(local, to: 0, isShared: true, at: .zero)
        for port in 1...100 as ClosedRange<UInt16> {
            let outside = SocketAddress(IPAddress(v4: 0xCB00_7101), port: port)
            session.addMappedAddress(outside, of: local, by: Self.server, at: .zero)
        }
        let told = try Self.candidates(of: &session, on: [])
        #expect(told.map(\.port) == [5_000, 100])
    }
}
