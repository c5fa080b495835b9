import Testing
import Wire

@Suite("Datagrams that leave together")
struct DatagramBatchTests {
    private static let local = SocketAddress(.loopback4, port: 1)
    private static let remote = SocketAddress(.loopback4, port: 2)
    private static let other = SocketAddress(.loopback6, port: 3)

    private struct Refusal: Error, Equatable { var code: Int }

    /// Appends `count` times `value`, with more room than needed.
    private func append(_ value: UInt8, count: Int, to batch: inout DatagramBatch) {
        batch.append(from: Self.local, to: Self.remote, capacity: count + 5) { slot in
            for index in 0..<count { slot[index] = value }
            return count
        }
    }

    @Test("a new batch has nothing to send")
    func empty() {
        let batch = DatagramBatch()
        #expect(batch.isEmpty)
        #expect(batch.count == 0)
        #expect(batch.bytes.isEmpty)
        #expect(batch.entries.isEmpty)
    }

    @Test("a datagram keeps what carries it; UDP unless said otherwise")
    func transport() {
        let stream = Datagram(from: Self.local, to: Self.other, over: .tcp, payload: [1])
        var batch = DatagramBatch()
        append(0xAA, count: 1, to: &batch)
        batch.append(stream)
        batch.append(from: Self.local, to: Self.other, over: .tcp, capacity: 1) { _ in 1 }
        batch.append(from: Self.local, to: Self.other, over: .tcp, copying: [2].span)
        #expect(batch.entries.map(\.transport) == [.udp, .tcp, .tcp, .tcp])
        #expect(batch.datagram(at: 1) == stream)
        #expect(stream != Datagram(from: Self.local, to: Self.other, payload: [1]))
    }

    @Test("datagrams lie next to each other, in order, without the room they did not use")
    func adjacent() {
        var batch = DatagramBatch()
        append(0xAA, count: 3, to: &batch)
        batch.append(from: Self.local, to: Self.other, copying: [1, 2].span)
        batch.append(Datagram(from: Self.other, to: Self.remote, payload: [9]))
        append(0xBB, count: 2, to: &batch)
        #expect(batch.bytes == [0xAA, 0xAA, 0xAA, 1, 2, 9, 0xBB, 0xBB])
        #expect(batch.entries.map(\.range) == [0..<3, 3..<5, 5..<6, 6..<8])
        #expect(batch.entries.map(\.source) == [Self.local, Self.local, Self.other, Self.local])
        #expect(
            batch.entries.map(\.destination) == [Self.remote, Self.other, Self.remote, Self.remote]
        )
        #expect(batch.count == 4)
        #expect(!batch.isEmpty)
        #expect(
            batch.datagram(at: 1)
                == Datagram(from: Self.local, to: Self.other, payload: [1, 2])
        )
    }

    @Test("a writer is given exactly its capacity, zeroed, whatever lay there before")
    func slot() {
        var batch = DatagramBatch()
        append(0xFF, count: 64, to: &batch)
        batch.removeAll()
        for capacity in [0, 1, 48] {
            var seen: [UInt8] = []
            batch.append(from: Self.local, to: Self.remote, capacity: capacity) { slot in
                seen = [UInt8](copying: slot.span)
                return 0
            }
            #expect(seen == [UInt8](repeating: 0, count: capacity))
        }
    }

    @Test("a writer that throws leaves the batch as it was")
    func throwingWriter() {
        var batch = DatagramBatch()
        append(0xAA, count: 3, to: &batch)
        let error = #expect(throws: Refusal.self) {
            try batch.append(from: Self.local, to: Self.remote, capacity: 100) {
                slot throws(Refusal) in
                slot[0] = 0xEE
                throw Refusal(code: 7)
            }
        }
        #expect(error == Refusal(code: 7))
        #expect(batch.bytes == [0xAA, 0xAA, 0xAA])
        #expect(batch.count == 1)
        append(0xBB, count: 1, to: &batch)
        #expect(batch.bytes == [0xAA, 0xAA, 0xAA, 0xBB])
        #expect(batch.entries.last?.range == 3..<4)
    }

    @Test("a writer that writes nothing adds nothing")
    func writesNothing() {
        var batch = DatagramBatch()
        append(0xAA, count: 0, to: &batch)
        #expect(batch.isEmpty)
        #expect(batch.bytes.isEmpty)
    }

    @Test("a writer may fill its room to the last byte")
    func full() {
        var batch = DatagramBatch()
        batch.append(from: Self.local, to: Self.remote, capacity: 4) { slot in
            for index in slot.indices { slot[index] = UInt8(index) }
            return 4
        }
        #expect(batch.bytes == [0, 1, 2, 3])
    }

    @Test("a writer that claims more than its room stops the process")
    func claimsTooMuch() async {
        await #expect(processExitsWith: .failure) {
            var batch = DatagramBatch()
            let address = SocketAddress(.loopback4, port: 1)
            batch.append(from: address, to: address, capacity: 4) { _ in 5 }
        }
    }

    @Test("a flushed batch can be filled again", arguments: [0, 4_096, .max])
    func reuse(keeping: Int) {
        var batch = DatagramBatch()
        for round in 0..<3 {
            for index in 0..<40 { append(UInt8(index), count: 200, to: &batch) }
            #expect(batch.count == 40)
            #expect(batch.bytes.count == 8_000)
            #expect(batch.datagram(at: 39).payload == [UInt8](repeating: 39, count: 200))
            #expect(batch.entries[round].range == round * 200..<round * 200 + 200)
            batch.removeAll(keeping: keeping)
            #expect(batch.isEmpty)
            #expect(batch.bytes.isEmpty)
        }
    }

    @Test("memory above the limit is given back, below it is kept")
    func givesMemoryBack() {
        var batch = DatagramBatch()
        append(1, count: 20_000, to: &batch)
        batch.removeAll(keeping: 1 << 20)
        #expect(batch.bytes.capacity >= 20_000)
        append(1, count: 20_000, to: &batch)
        batch.removeAll(keeping: 10_000)
        #expect(batch.bytes.capacity == 0)
    }
}
