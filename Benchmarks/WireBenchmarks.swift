import Wire

let wireBenchmarks = checksumBenchmarks + fieldBenchmarks + batchBenchmarks + stateBenchmarks

private let checksumBenchmarks = [
    Benchmark("wire/crc32c-1200B-by-instruction", goal: .atMost(200, mallocs: 0)) {
        let packet = [UInt8](repeating: 7, count: 1_200)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                use(CRC32C.checksum(bytes.span))
            }
        }
    },
    Benchmark("wire/crc32c-1200B-by-table", goal: .atMost(900, mallocs: 0)) {
        let packet = [UInt8](repeating: 7, count: 1_200)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                use(CRC32C.checksumByTable(bytes.span))
            }
        }
    },
    Benchmark("wire/crc32-80B", goal: .atMost(80, mallocs: 0)) {
        let message = [UInt8](repeating: 7, count: 80)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(message)
                use(CRC32.checksum(bytes.span))
            }
        }
    },
]

/// The fixed part of an RTP header: 1, 1, 2, 4 and 4 bytes.
private let fieldBenchmarks = [
    Benchmark("wire/read-12-byte-header", goal: .atMost(15, mallocs: 0)) {
        let packet = [UInt8](0..<64)
        return { iterations in
            for _ in 0..<iterations {
                let bytes = hide(packet)
                var reader = ByteReader(bytes.span)
                let flags = try reader.read(UInt8.self)
                let kind = try reader.read(UInt8.self)
                let sequence = try reader.read(UInt16.self)
                let timestamp = try reader.read(UInt32.self)
                let source = try reader.read(UInt32.self)
                use(UInt32(flags) ^ UInt32(kind) ^ UInt32(sequence) ^ timestamp ^ source)
            }
        }
    },
    Benchmark("wire/write-12-byte-header-in-place", goal: .atMost(25, mallocs: 0)) {
        { iterations in
            var packet = [UInt8](repeating: 0, count: 64)
            for index in 0..<iterations {
                var writer = SpanWriter(packet.mutableSpan)
                try writer.write(UInt8(0x80))
                try writer.write(UInt8(111))
                try writer.write(UInt16(truncatingIfNeeded: index))
                try writer.write(UInt32(truncatingIfNeeded: index))
                try writer.write(UInt32(0x1234_5678))
                use(writer.offset)
            }
        }
    },
    Benchmark("wire/write-12-byte-header-to-array", goal: .atMost(100, mallocs: 1)) {
        { iterations in
            for index in 0..<iterations {
                var writer = ByteWriter(reserving: 12)
                try writer.write(UInt8(0x80))
                try writer.write(UInt8(111))
                try writer.write(UInt16(truncatingIfNeeded: index))
                try writer.write(UInt32(truncatingIfNeeded: index))
                try writer.write(UInt32(0x1234_5678))
                use(writer.bytes.count)
            }
        }
    },
    Benchmark("wire/read-ipv6-text", goal: .atMost(250, mallocs: 1)) {
        let text = "2001:db8:85a3::8a2e:370:7334"
        return { iterations in
            for _ in 0..<iterations { use(IPAddress(text)?.scope ?? 1) }
        }
    },
]

private let batchBenchmarks = [
    Benchmark("wire/batch-1200B-in-place", goal: .atMost(80, mallocs: 0)) {
        let address = SocketAddress(.loopback4, port: 9)
        let packet = [UInt8](repeating: 7, count: 1_200)
        return { iterations in
            var batch = DatagramBatch()
            for _ in 0..<iterations {
                batch.append(from: address, to: address, capacity: 1_500) { slot in
                    slot.replace(at: 0, with: packet.span)
                    return packet.count
                }
                if batch.count == 48 { batch.removeAll(keeping: .max) }
            }
        }
    },
    Benchmark("wire/batch-1200B-copied", goal: .atMost(60, mallocs: 0)) {
        let address = SocketAddress(.loopback4, port: 9)
        let packet = [UInt8](repeating: 7, count: 1_200)
        return { iterations in
            var batch = DatagramBatch()
            for _ in 0..<iterations {
                batch.append(from: address, to: address, copying: packet.span)
                if batch.count == 48 { batch.removeAll(keeping: .max) }
            }
        }
    },
]

/// A state with two arrays, as a machine has them: a transition must not copy either.
private enum Phase {
    case idle
    case running(Transfer)
    case closing(Transfer, attempts: Int)

    struct Transfer {
        var sent: [UInt32]
        var received: [UInt32]
    }

    consuming func receiving(_ number: UInt32) -> (Self, UInt32) {
        switch consume self {
        case .running(var transfer):
            let index = Int(number) & 63
            transfer.sent[index] = number
            transfer.received[index] &+= number
            let sum = transfer.received[index]
            return (.running(transfer), sum)
        case .idle: return (.idle, 0)
        case .closing(let transfer, let attempts):
            return (.closing(transfer, attempts: attempts), 0)
        }
    }
}

private enum TimerName: Int, CaseIterable { case retransmission, expiry, keepAlive }

private let stateBenchmarks = [
    Benchmark("wire/transition", goal: .atMost(25, mallocs: 0)) {
        { iterations in
            let numbers = [UInt32](repeating: 0, count: 64)
            var phase = Phase.running(.init(sent: numbers, received: numbers))
            for index in 0..<iterations {
                use(step(&phase) { $0.receiving(UInt32(truncatingIfNeeded: index)) })
            }
        }
    },
    Benchmark("wire/queue-append-pop", goal: .atMost(20, mallocs: 0)) {
        { iterations in
            var queue = Queue<Int>()
            for index in 0..<3 { queue.append(index) }
            for index in 0..<iterations {
                queue.append(index)
                use(queue.popFirst() ?? 0)
            }
        }
    },
    Benchmark("wire/timers-set-next-pop", goal: .atMost(40, mallocs: 0)) {
        { iterations in
            var timers = Timers<TimerName>()
            timers.set(.expiry, to: Instant(nanoseconds: .max))
            for index in 0..<iterations {
                let now = Instant(nanoseconds: Int64(index))
                timers.set(.retransmission, to: now)
                use(timers.next?.nanoseconds ?? 0)
                use(timers.popDue(at: now)?.rawValue ?? 9)
            }
        }
    },
    Benchmark("wire/unwrap-sequence-number", goal: .atMost(10, mallocs: 0)) {
        { iterations in
            var unwrapper = SequenceUnwrapper<UInt16>()
            for index in 0..<iterations {
                use(unwrapper.unwrap(UInt16(truncatingIfNeeded: index)))
            }
        }
    },
]
