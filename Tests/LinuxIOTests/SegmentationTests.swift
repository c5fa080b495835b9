import LinuxIO
import Testing
import Wire

@Suite("UDP segmentation and coalescing", .timeLimit(.minutes(1)))
struct SegmentationTests {
    /// `count` datagrams of 1200 bytes, each with its number in front.
    private static func packets(_ count: Int, size: Int = 1_200) -> [[UInt8]] {
        (0..<count).map {
            [UInt8(truncatingIfNeeded: $0)] + [UInt8](repeating: 0xA5, count: size - 1)
        }
    }

    @Test("several segments leave and arrive as one", arguments: UDPSocketTests.families)
    func runsAreCoalesced(address: IPAddress) async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open(address)
            let destination = try await receiver.open(address)
            await sender.send(Self.packets(48), to: destination)
            #expect(await receiver.next(48).map(\.payload) == Self.packets(48))
            #expect(await sender.statistics.largestSegmentedRun == 48)
            #expect(await receiver.statistics.largestCoalescedRun == 48)
        }
    }

    @Test(
        "54 datagrams of 1200 bytes fit one run and the 55th begins the next",
        arguments: [54, 55, 120]
    )
    func longestRun(count: Int) async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            let destination = try await receiver.open()
            await sender.send(Self.packets(count), to: destination)
            #expect(await receiver.next(count).map(\.payload) == Self.packets(count))
            let statistics = await sender.statistics
            #expect(statistics.largestSegmentedRun == 54)
            #expect(statistics.sent == UInt64(count))
            #expect(statistics.lastError == nil)
        }
    }

    @Test func atMost64SmallSegmentsMakeARun() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            let destination = try await receiver.open()
            await sender.send(Self.packets(200, size: 50), to: destination)
            #expect(await receiver.next(200).map(\.payload) == Self.packets(200, size: 50))
            #expect(await sender.statistics.largestSegmentedRun == 64)
        }
    }

    @Test func onlyTheLastOfARunMayBeShorter() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            let destination = try await receiver.open()
            let payloads = [900, 900, 400, 900, 900, 1_200, 0, 300].enumerated().map {
                [UInt8](repeating: UInt8($0.offset), count: $0.element)
            }
            await sender.send(payloads, to: destination)
            #expect(await receiver.next(8).map(\.payload) == payloads)
            #expect(await sender.statistics.largestSegmentedRun == 3)
        }
    }

    @Test func withoutCoalescingDatagramsArriveOneByOne() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            var options = UDPSocketOptions()
            options.coalescing = .never
            let destination = try await receiver.open(options: options)
            await sender.send(Self.packets(100), to: destination)
            #expect(await receiver.next(100).map(\.payload) == Self.packets(100))
            #expect(await receiver.statistics.largestCoalescedRun <= 1)
        }
    }

    @Test func coalescingBeginsWhenManyWaitAtATime() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            var options = UDPSocketOptions()
            options.coalescing = .whenBusy
            let destination = try await receiver.open(options: options)
            await sender.send(Self.packets(4), to: destination)
            #expect(await receiver.next(4).map(\.payload) == Self.packets(4))
            await sender.send(Self.packets(32), to: destination)
            #expect(await receiver.next(32).map(\.payload) == Self.packets(32))
            #expect(await receiver.statistics.largestCoalescedRun <= 1)
            await sender.send(Self.packets(32), to: destination)
            #expect(await receiver.next(32).map(\.payload) == Self.packets(32))
            #expect(await receiver.statistics.largestCoalescedRun == 32)
        }
    }

    @Test func whatTheKernelRefusesToCutGoesOneByOne() async throws {
        try await withLoop { loop in
            let (sender, receiver) = (Station(on: loop), Station(on: loop))
            _ = try await sender.open()
            let destination = try await receiver.open()
            try await sender.hold { sender in
                let descriptor = try #require(sender.socket?.systemDescriptor)
                #expect(disableChecksums(descriptor))
            }
            await sender.send(Self.packets(40), to: destination)
            await sender.send(Self.packets(40), to: destination)
            #expect(await receiver.next(80).map(\.payload) == Self.packets(40) + Self.packets(40))
            let statistics = await sender.statistics
            #expect(statistics.segmentationRefused == 1)
            #expect(statistics.sent == 80)
            #expect(statistics.lastError?.name == "EINVAL")
        }
    }

    @Test func moreThanADatagramCanHoldIsCountedAndDropped() async throws {
        try await withLoop { loop in
            let station = Station(on: loop)
            let address = try await station.open()
            await station.send([[UInt8](repeating: 0, count: 65_508), [1]], to: address)
            #expect(await station.next(1).map(\.payload) == [[1]])
            let statistics = await station.statistics
            #expect(statistics.undeliverable == 1)
            #expect(statistics.lastError?.name == "EMSGSIZE")
        }
    }

    @Test func theLargestDatagramArrives() async throws {
        try await withLoop { loop in
            let station = Station(on: loop)
            let address = try await station.open()
            let payload = (0..<65_507).map { UInt8(truncatingIfNeeded: $0) }
            await station.send([payload], to: address)
            #expect(await station.next(1).map(\.payload) == [payload])
        }
    }
}
