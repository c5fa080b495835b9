import STUN
import TURN
import Testing
import Wire

@Suite("Streams of clients and strangers")
struct ClientStreamTests {
    private static func at(_ seconds: Int64) -> Instant { .zero.advanced(by: .seconds(seconds)) }

    private static func path(_ client: IPAddress, _ port: UInt16 = 1) -> TURNPath {
        TURNPath(
            from: SocketAddress(client, port: port),
            to: Scene.serverAddress,
            over: .stream
        )
    }

    private static func v4(_ number: Int) -> TURNPath {
        path(IPAddress(v4: 0x0B00_0000 + UInt32(number)))
    }

    @Test("A stranger is gone after a minute, a client stays as long as its allocation")
    func patience() {
        var streams = ClientStreams()
        let (stranger, client) = (Self.v4(1), Self.v4(2))
        #expect(streams.admit(stranger, at: Self.at(0)) == .admitted(instead: nil))
        #expect(streams.admit(client, at: Self.at(0)) == .admitted(instead: nil))
        streams.noteAllocation(on: client, at: Self.at(1))
        var closed: [TURNPath: Int64] = [:]
        for second in 0..<1_000 {
            let now = Self.at(Int64(second))
            let overdue = streams.takeOverdue(at: now) { $0 == client && second < 500 }
            for path in overdue { closed[path] = Int64(second) }
            #expect(streams.deadline.map { $0 > now } ?? true)
        }
        #expect(closed[stranger] == 60)
        let end = closed[client] ?? 0
        #expect(560...620 ~= end, "a minute or two to ask for another allocation")
        #expect(streams.deadline == nil)
    }

    @Test("What a stranger may cost is little until there is an allocation")
    func allowance() throws {
        var streams = ClientStreams()
        let path = Self.v4(1)
        _ = streams.admit(path, at: Self.at(0))
        let before = try #require(streams.holders[path])
        #expect(before.longestFrame == 2_048)
        #expect(before.longestQueue == 16_384)
        streams.noteAllocation(on: path, at: Self.at(1))
        let after = try #require(streams.holders[path])
        #expect(after.longestFrame == 65_536)
        #expect(after.longestQueue == 524_288)
    }

    @Test("A host has a hundred streams, from however many addresses of its /64")
    func perHost() {
        var streams = ClientStreams()
        let network: UInt64 = 0x2001_0DB8_0000_0001
        for number in 0..<150 {
            let six = IPAddress(v6High: network, low: UInt64(number) &* 0x1_0000_0001)
            let four = IPAddress(v4: 0x0B00_0001)
            let isRoom = number < 100
            let admission: ClientStreams.Admission = isRoom ? .admitted(instead: nil) : .refused
            #expect(streams.admit(Self.path(six), at: Self.at(0)) == admission)
            #expect(streams.admit(Self.path(four, UInt16(number)), at: Self.at(0)) == admission)
        }
        let neighbour = IPAddress(v6High: network + 1, low: 1)
        #expect(streams.admit(Self.path(neighbour), at: Self.at(0)) == .admitted(instead: nil))
        streams.remove(Self.path(IPAddress(v4: 0x0B00_0001), 7))
        let again = Self.path(IPAddress(v4: 0x0B00_0001), 1_000)
        #expect(streams.admit(again, at: Self.at(0)) == .admitted(instead: nil))
    }

    @Test("When all places are taken the oldest stranger makes room, and no client does")
    func room() {
        var streams = ClientStreams()
        for number in 0..<1_000 {
            _ = streams.admit(Self.v4(number), at: .zero.advanced(by: .milliseconds(number)))
        }
        for number in 0..<1_000 where number != 7 && number != 9 {
            streams.noteAllocation(on: Self.v4(number), at: Self.at(2))
        }
        let now = Self.at(3)
        #expect(streams.admit(Self.v4(1_000), at: now) == .admitted(instead: Self.v4(7)))
        #expect(streams.admit(Self.v4(1_001), at: now) == .admitted(instead: Self.v4(9)))
        streams.noteAllocation(on: Self.v4(1_000), at: now)
        streams.noteAllocation(on: Self.v4(1_001), at: now)
        #expect(streams.admit(Self.v4(1_002), at: now) == .refused)
        #expect(streams.holders.count == 1_000)
    }
}
