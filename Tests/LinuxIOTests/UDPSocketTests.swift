import LinuxIO
import Testing
import Wire

@Suite("UDP socket on loopback", .timeLimit(.minutes(1)))
struct UDPSocketTests {
    static let families: [IPAddress] = [.loopback4, .loopback6]

    @Test("datagrams arrive whole, in order and with their source", arguments: families)
    func datagramsArrive(address: IPAddress) async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            let source = try await sender.open(address)
            let destination = try await receiver.open(address)
            let payloads = (0..<100).map { [UInt8](repeating: UInt8($0), count: $0 * 13 % 1_201) }
            await sender.send(payloads, to: destination)
            let arrived = await receiver.next(100)
            #expect(arrived.map(\.payload) == payloads)
            #expect(arrived.allSatisfy { $0.source == source && $0.destination == destination })
        }
    }

    @Test func twoLoopsTalkToEachOther() async throws {
        try await withLoop { first in
            try await withLoop { second in
                let (sender, receiver) = (Station(on: first), Station(on: second))
                _ = try await sender.open()
                let destination = try await receiver.open()
                for number in 0..<100 as Range<UInt8> {
                    await sender.send([[number]], to: destination)
                    #expect(await receiver.next(1).map(\.payload) == [[number]])
                }
            }
        }
    }

    @Test func oneBatchReachesManyDestinations() async throws {
        try await withLoop { loop in
            let sender = Station(on: loop)
            let source = try await sender.open()
            let receivers = [Station(on: loop), Station(on: loop), Station(on: loop)]
            var addresses: [SocketAddress] = []
            for receiver in receivers { addresses.append(try await receiver.open()) }
            let destinations = addresses
            await sender.hold { sender in
                var batch = DatagramBatch()
                for number in 0..<90 {
                    batch.append(
                        Datagram(
                            from: source,
                            to: destinations[number % 3],
                            payload: [UInt8(number)]
                        )
                    )
                }
                sender.socket?.send(&batch)
                #expect(batch.isEmpty)
            }
            for (index, receiver) in receivers.enumerated() {
                let payloads = await receiver.next(30).map(\.payload)
                #expect(payloads == (0..<30).map { [UInt8($0 * 3 + index)] })
            }
        }
    }

    @Test func onlyTheDatagramsOfTheSocketsOwnAddressLeave() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            let source = try await sender.open()
            let destination = try await receiver.open()
            let elsewhere = SocketAddress(.loopback4, port: source.port ^ 1)
            await sender.hold { sender in
                loop.withBatch { batch in
                    batch.append(Datagram(from: source, to: destination, payload: [1]))
                    batch.append(Datagram(from: elsewhere, to: destination, payload: [2]))
                    batch.append(Datagram(from: source, to: destination, payload: [3]))
                    sender.socket?.send(from: batch)
                }
            }
            #expect(await receiver.next(2).map(\.payload) == [[1], [3]])
        }
    }

    @Test func aDatagramCanBeChangedInPlace() async throws {
        try await withLoop { loop in
            let station = Station(on: loop)
            let address = try await station.open()
            await station.setChange { datagram in
                for index in datagram.indices { datagram[index] ^= 0xFF }
            }
            await station.send([[0, 1], [2, 3]], to: address)
            #expect(await station.next(2).map(\.payload) == [[0xFF, 0xFE], [0xFD, 0xFC]])
        }
    }

    @Test func closingInTheMiddleOfABatchEndsIt() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            let destination = try await receiver.open()
            await receiver.closeAtFirst()
            await sender.send([[1], [2, 2], [3, 3, 3]], to: destination)
            #expect(await receiver.next(1).map(\.payload) == [[1]])
            await sender.send([[4]], to: destination)
            #expect(await receiver.statistics.received == 1)
        }
    }

    @Test func anEventForAClosedSocketDoesNotReachItsSuccessor() async throws {
        try await withLoop { loop in
            let (old, new) = (Station(on: loop), Station(on: loop))
            let sender = Station(on: loop)
            _ = try await sender.open()
            let destination = try await old.open()
            // Both stand in the same epoll batch; the first closes the second and opens a socket
            // that takes over its slot and its descriptor.
            let replacing = Replacement(victim: old, successor: new, on: loop)
            let trigger = try await replacing.open()
            await sender.send([[9]], to: trigger)
            await sender.send([[1]], to: destination)
            let successor = try await replacing.address()
            await sender.send([[2]], to: successor)
            #expect(await new.next(1).map(\.payload) == [[2]])
        }
    }

    @Test func anAddressInUseIsSaidByName() async throws {
        try await withLoop { loop in
            let (first, second) = (Station(on: loop), Station(on: loop))
            let address = try await first.open()
            let error = #expect(throws: SystemError.self) {
                try UDPSocket.bind(to: address, on: loop, owner: second)
            }
            #expect(error?.name == "EADDRINUSE")
            #expect(error?.operation == "bind")
            #expect(error?.description.hasPrefix("bind: EADDRINUSE (") == true)
        }
    }

    @Test func unreachableDestinationsAreCountedAndDoNotStopTheRest() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            let source = try await sender.open()
            let destination = try await receiver.open()
            let nowhere = SocketAddress(IPAddress(v4: 0xFFFF_FFFF), port: 9)
            await sender.hold { sender in
                var batch = DatagramBatch()
                batch.append(Datagram(from: source, to: destination, payload: [1]))
                batch.append(Datagram(from: source, to: nowhere, payload: [2]))
                batch.append(Datagram(from: source, to: destination, payload: [3]))
                sender.socket?.send(&batch)
            }
            #expect(await receiver.next(2).map(\.payload) == [[1], [3]])
            let statistics = await sender.statistics
            #expect(statistics.undeliverable == 1)
            #expect(statistics.sent == 2)
            #expect(statistics.lastError?.name == "EACCES")
        }
    }

    @Test func aSingleDatagramGoesWithoutABatch() async throws {
        try await withLoop { loop in
            let station = Station(on: loop)
            let address = try await station.open()
            await station.hold { station in
                station.socket?.send([7, 8].span, to: address)
            }
            #expect(await station.next(1).map(\.payload) == [[7, 8]])
        }
    }

    @Test func droppingTheLastReferenceClosesTheSocket() async throws {
        try await withLoop { loop in
            let owner = Station(on: loop)
            var socket: UDPSocket? = try UDPSocket.bind(
                to: SocketAddress(.loopback4, port: 0),
                on: loop,
                owner: owner
            )
            let address = try #require(socket?.localAddress)
            await loop.run {}
            #expect(await loop.run { loop.inspect().sources } == 1)
            socket = nil
            #expect(await loop.run { loop.inspect().sources } == 0)
            let again = try UDPSocket.bind(to: address, on: loop, owner: owner)
            #expect(again.localAddress == address)
        }
    }
}

/// Closes one station and opens another as soon as a datagram arrives.
actor Replacement: DatagramOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private let victim: Station
    private let successor: Station
    private var socket: UDPSocket?
    private nonisolated let opened = AsyncStream.makeStream(
        of: Result<SocketAddress, SystemError>.self
    )

    init(victim: Station, successor: Station, on loop: EventLoop) {
        self.victim = victim
        self.successor = successor
        self.loop = loop
    }

    func open() throws(SystemError) -> SocketAddress {
        let wanted = SocketAddress(.loopback4, port: 0)
        let socket = try UDPSocket.bind(to: wanted, on: loop, owner: self)
        self.socket = socket
        return socket.localAddress
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.replace(socket) }
    }

    private func replace(_ socket: UDPSocket) {
        socket.receive { _, _ in }
        victim.assumeIsolated { $0.close() }
        let result = successor.assumeIsolated { successor in
            Result { () throws(SystemError) in try successor.open() }
        }
        opened.continuation.yield(result)
    }

    nonisolated func address() async throws -> SocketAddress {
        for await result in opened.stream { return try result.get() }
        throw CancellationError()
    }
}
