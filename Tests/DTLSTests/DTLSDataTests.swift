import DTLS
import NetworkSimulator
import Testing
import Wire

@Suite("DTLS records and closing, RFC 6347 §4.1 and RFC 5246 §7.2.1")
struct DTLSDataTests {
    static func connected<Success: ~Copyable>(
        seed: UInt64 = 1,
        _ body: (inout Pair) throws -> Success
    ) throws -> Success {
        try SimulatedOpenSSL.withSimulation(seed: seed) {
            var pair = try Pair()
            pair.shakeHands()
            return try body(&pair)
        }
    }

    @Test func messagesKeepTheirBoundariesBothWays() throws {
        try Self.connected { pair in
            let largest = pair.client.maximumMessageSize
            let messages = [1, 12, 1_000, largest].map { [UInt8](repeating: 7, count: $0) }
            for message in messages {
                try pair.client.send(message.span, at: pair.now)
                try pair.server.send(message.span, at: pair.now)
            }
            pair.run(for: .milliseconds(20))
            #expect(pair.messages(of: .server) == messages)
            #expect(pair.messages(of: .client) == messages)
            #expect(pair.transcript.allSatisfy { $0.count <= 1_200 })
        }
    }

    @Test func aRecordIsSealedWhereItWillBeSentFrom() throws {
        try Self.connected { pair in
            let message = [UInt8](repeating: 9, count: 100)
            var packet = [UInt8](repeating: 0xEE, count: 200)
            var span = packet.mutableSpan
            let length = try pair.client.seal(message.span, into: &span, at: pair.now)
            #expect(length == 100 + DTLSConnection.maximumOverhead)
            #expect(packet[length...].allSatisfy { $0 == 0xEE })
            pair.server.receive(packet.span.extracting(0..<length), at: pair.now)
            pair.collect()
            #expect(pair.messages(of: .server) == [message])
        }
    }

    @Test func aRecordIsOpenedInItsOwnPlace() throws {
        try Self.connected { pair in
            let message = [UInt8](repeating: 9, count: 100)
            try pair.client.send(message.span, at: pair.now)
            guard case .transmit(var datagram)? = pair.client.popOutput() else { return }
            // Two records in one datagram: the second is an output.
            try pair.client.send([1, 2].span, at: pair.now)
            guard case .transmit(let second)? = pair.client.popOutput() else { return }
            datagram += second
            var span = datagram.mutableSpan
            let opened = pair.server.open(&span, length: span.count, at: pair.now)
            #expect(opened == 100)
            #expect([UInt8](datagram[..<100]) == message)
            pair.collect()
            #expect(pair.messages(of: .server) == [[1, 2]])
            var goodbye: [UInt8] = []
            pair.client.close(at: pair.now)
            while case .transmit(let datagram)? = pair.client.popOutput() { goodbye = datagram }
            var last = goodbye.mutableSpan
            let none = pair.server.open(&last, length: last.count, at: pair.now)
            #expect(none == 0)
            pair.collect()
            #expect(pair.outputs[.server]?.last == .closed)
        }
    }

    @Test func tooLargeMessagesAndTooSmallPacketsAreRefused() throws {
        try Self.connected { pair in
            let limit = pair.client.maximumMessageSize
            let message = [UInt8](repeating: 0, count: limit + 1)
            #expect(throws: DTLSError.messageTooLarge(limit: limit)) {
                try pair.client.send(message.span, at: pair.now)
            }
            var packet = [UInt8](repeating: 0, count: 137)
            #expect(throws: DTLSError.noRoom(need: 138)) {
                var span = packet.mutableSpan
                let part = message.span.extracting(0..<101)
                _ = try pair.client.seal(part, into: &span, at: pair.now)
            }
            try pair.client.send([UInt8]().span, at: pair.now)
            pair.run(for: .milliseconds(20))
            #expect(pair.messages(of: .server).isEmpty)
        }
    }

    @Test func nothingIsSentBeforeTheHandshakeOrAfterTheEnd() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var pair = try Pair()
            #expect(throws: DTLSError.notConnected) {
                try pair.client.send([1].span, at: pair.now)
            }
            pair.shakeHands()
            pair.client.close(at: pair.now)
            #expect(throws: DTLSError.notConnected) {
                try pair.client.send([1].span, at: pair.now)
            }
        }
    }

    @Test func dataThatOvertakesTheLastFlightIsDelivered() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var pair = try Pair()
            pair.server.start(roundTripTime: .milliseconds(20), at: pair.now)
            pair.client.start(roundTripTime: .milliseconds(20), at: pair.now)
            var held: [[UInt8]] = []
            for _ in 0..<8 where held.isEmpty {
                while case .transmit(let datagram)? = pair.client.popOutput() {
                    pair.server.receive(datagram.span, at: pair.now)
                }
                let isDone = pair.server.isConnected
                while let output = pair.server.popOutput() {
                    guard case .transmit(let datagram) = output else { continue }
                    if isDone {
                        held.append(datagram)
                    } else {
                        pair.client.receive(datagram.span, at: pair.now)
                    }
                }
            }
            let large = [UInt8](repeating: 5, count: 1_100)
            try pair.server.send(large.span, at: pair.now)
            while case .transmit(let datagram)? = pair.server.popOutput() {
                pair.client.receive(datagram.span, at: pair.now)
            }
            let isEarly = pair.client.isConnected
            #expect(!isEarly)
            for datagram in held { pair.client.receive(datagram.span, at: pair.now) }
            pair.collect()
            #expect(pair.messages(of: .client) == [large])
        }
    }

    @Test func closingIsSeenByThePeerAndAnswered() throws {
        try Self.connected { pair in
            pair.client.close(at: pair.now)
            pair.client.close(at: pair.now)
            pair.run(for: .milliseconds(50))
            #expect(pair.outputs[.server]?.last == .closed)
            #expect(pair.outputs[.client]?.contains(.closed) == false)
            let (clientDeadline, serverDeadline) = (pair.client.deadline, pair.server.deadline)
            #expect(clientDeadline == nil && serverDeadline == nil)
            let isConnected = pair.server.isConnected
            #expect(!isConnected)
            // One close_notify each way.
            #expect(pair.transcript.suffix(2).allSatisfy { $0[0] == 21 })
        }
    }

    @Test func closingDuringTheHandshakeIsSilent() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            var pair = try Pair()
            pair.client.start(roundTripTime: nil, at: pair.now)
            pair.client.close(at: pair.now)
            let deadline = pair.client.deadline
            #expect(deadline == nil)
            pair.collect()
            #expect(pair.transcript.count == 1)
        }
    }

    @Test func anIdleConnectionStillSendsReceivesAndCloses() throws {
        try Self.connected { pair in
            pair.run(for: .seconds(10))
            let deadline = pair.client.deadline
            #expect(deadline == nil)
            try pair.client.send([1, 2].span, at: pair.now)
            pair.run(for: .seconds(10))
            #expect(pair.messages(of: .server) == [[1, 2]])
            pair.server.close(at: pair.now)
            pair.run(for: .seconds(1))
            #expect(pair.outputs[.client]?.last == .closed)
        }
    }

    @Test func aRepeatedRecordIsDeliveredOnce() throws {
        try Self.connected { pair in
            pair.link.duplication = 1
            try pair.client.send([4].span, at: pair.now)
            pair.run(for: .milliseconds(50))
            #expect(pair.messages(of: .server) == [[4]])
        }
    }
}
