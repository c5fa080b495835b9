import STUN
import Support
import Testing
import Wire

@Suite("STUN retransmission, RFC 8489 §6.2.1")
struct ClientTransactionTests {
    static func request() throws -> [UInt8] {
        try STUNMessage(.request, id: STUNPacketTests.id).write()
    }

    /// The schedule the RFC spells out for RTO = 500 ms, Rc = 7, Rm = 16.
    @Test func followsTheScheduleInTheRFC() throws {
        let request = try Self.request()
        var transaction = try ClientTransaction(request: request, at: .zero)
        let run = transaction.run(for: .seconds(100))
        let sent = run.outputs.filter { $0.output == .transmit(request) }
            .map { Instant.zero.duration(to: $0.at) }
        #expect(sent == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500].map { .milliseconds($0) })
        #expect(run.outputs.last?.output == .timedOut)
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .milliseconds(39_500)))
        #expect(run.brokenLaws.isEmpty)
        #expect(transaction.deadline == nil)
    }

    @Test func theFirstAnswerEndsIt() throws {
        let request = try Self.request()
        var transaction = try ClientTransaction(request: request, at: .zero)
        let later = Instant.zero.advanced(by: .milliseconds(80))
        let stray = try STUNMessage(.success, id: STUNTransactionID(high: 9, low: 9)).write()
        transaction.receive(stray.span, at: later)
        let echo = try Self.request()
        transaction.receive(echo.span, at: later)
        #expect(transaction.deadline != nil)
        let response = try STUNMessage(.error, id: STUNPacketTests.id).write()
        transaction.receive(response.span, at: later)
        transaction.receive(response.span, at: later)
        #expect(transaction.deadline == nil)
        _ = transaction.popOutput()
        #expect(
            transaction.popOutput()
                == .answered(response: response, roundTripTime: .milliseconds(80))
        )
        #expect(transaction.popOutput() == nil)
    }

    @Test func anAnswerToOneOfSeveralRequestsTellsNoRoundTrip() throws {
        let request = try Self.request()
        var transaction = try ClientTransaction(request: request, at: .zero)
        let later = Instant.zero.advanced(by: .milliseconds(500))
        transaction.advance(to: later)
        let response = try STUNMessage(.success, id: STUNPacketTests.id).write()
        transaction.receive(response.span, at: later)
        var last: ClientTransaction.Output?
        transaction.drain { last = $0 }
        #expect(last == .answered(response: response, roundTripTime: nil))
    }

    @Test(
        "extreme configurations still move on",
        arguments: [
            (Duration.zero, 0, 0), (.seconds(-1), 1, 16), (.milliseconds(50), 3, 2),
        ]
    )
    func extremes(_ rto: Duration, _ requests: Int, _ multiplier: Int) {
        var schedule = RetransmissionSchedule(
            initialRTO: rto,
            maximumRequests: requests,
            finalWaitMultiplier: multiplier,
            at: .zero
        )
        var now = Instant.zero
        var sent = 1
        while true {
            #expect(schedule.deadline > now)
            now = schedule.deadline
            let expiry = schedule.expire(at: now)
            guard expiry == .retransmit else { break }
            sent += 1
        }
        #expect(sent == max(requests, 1))
    }
}
