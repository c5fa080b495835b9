import DTLS
import NetworkSimulator
import Support
import Testing
import Wire

@Suite("DTLS retransmission timer, RFC 6347 §4.2.4")
struct DTLSTimerTests {
    /// A client that nobody answers: when its hello left, and how it ended.
    static func schedule(
        roundTrip: Duration?
    ) throws -> (sent: [Duration], ending: DTLSError?, at: Duration) {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            let certificate = try Certificate.selfSigned(validFrom: someDay)
            var client = try DTLSConnection(
                role: .client,
                certificate: certificate,
                peerFingerprints: [certificate.fingerprint]
            )
            client.start(roundTripTime: roundTrip, at: .zero)
            var (now, sent, ending) = (Instant.zero, [Duration](), DTLSError?.none)
            while true {
                while let output = client.popOutput() {
                    if case .transmit = output { sent.append(Instant.zero.duration(to: now)) }
                    if case .failed(let error) = output { ending = error }
                }
                guard let due = client.deadline else { break }
                // A microsecond early nothing happens.
                let early = due.advanced(by: .microseconds(-1))
                SimulatedOpenSSL.setTime(early)
                client.advance(to: early)
                let unmoved = client.deadline
                #expect(unmoved == due)
                now = due
                SimulatedOpenSSL.setTime(now)
                client.advance(to: now)
            }
            return (sent, ending, Instant.zero.duration(to: now))
        }
    }

    @Test func doublesFromFiftyMillisecondsOnAShortPath() throws {
        let (sent, ending, end) = try Self.schedule(roundTrip: .milliseconds(5))
        let expected = [0, 50, 150, 350, 750, 1_550, 3_150, 6_350, 11_350, 16_350, 21_350]
        #expect(sent.prefix(11) == expected.map { .milliseconds($0) }[...])
        #expect(sent.count == 13)
        #expect(ending == .timedOut)
        #expect(end == .milliseconds(36_350))
    }

    @Test(arguments: zip([100, 400] as [Int?], [200, 800]))
    func beginsWithTwoRoundTrips(roundTrip: Int?, first: Int) throws {
        let sent = try Self.schedule(roundTrip: roundTrip.map { .milliseconds($0) }).sent
        #expect(sent[1] == .milliseconds(first))
        #expect(sent[2] == .milliseconds(3 * first))
    }

    @Test func beginsWithHalfASecondWhenNothingIsKnown() throws {
        let sent = try Self.schedule(roundTrip: nil).sent
        #expect(sent[1] == .milliseconds(500))
        #expect(sent[2] == .milliseconds(1_500))
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(1_000_000_000_000), .nanoseconds(1)])
    func anAbsurdRoundTripIsLimited(roundTrip: Duration) throws {
        let sent = try Self.schedule(roundTrip: roundTrip).sent
        #expect(.milliseconds(50) ... .seconds(5) ~= sent[1])
    }

    @Test func keepsTheLawsWhenTheWallClockStandsStill() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            let certificate = try Certificate.selfSigned(validFrom: someDay)
            var client = try DTLSConnection(
                role: .client,
                certificate: certificate,
                peerFingerprints: [certificate.fingerprint]
            )
            client.start(roundTripTime: .milliseconds(20), at: .zero)
            let run = client.run(for: .seconds(5))
            #expect(run.brokenLaws.isEmpty)
            #expect(run.outputs.count == 1)
        }
    }

    @Test func anOlderTimeIsTakenForTheNewest() throws {
        try SimulatedOpenSSL.withSimulation(seed: 1) {
            let certificate = try Certificate.selfSigned(validFrom: someDay)
            var client = try DTLSConnection(
                role: .client,
                certificate: certificate,
                peerFingerprints: [certificate.fingerprint]
            )
            client.advance(to: .zero.advanced(by: .seconds(10)))
            client.start(roundTripTime: nil, at: .zero)
            let deadline = client.deadline
            #expect(deadline == .zero.advanced(by: .milliseconds(10_500)))
        }
    }
}
