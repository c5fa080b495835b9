import DTLS
import NegotiationSupport
import Peer
import Testing
import Wire

@Suite("Descriptions of 64 KiB cost a bounded amount, whatever they repeat")
struct HostileDescriptionTests {
    private let certificate: Certificate
    private let limits = PeerConfiguration()

    init() throws { certificate = try .selfSigned(validFrom: 1_700_000_000) }

    private func exchange(
        _ description: HostileDescription,
        at moment: HostileExchange.Moment
    ) -> HostileExchange? {
        HostileExchange(
            description,
            at: moment,
            capabilities: .full,
            certificate: certificate
        )
    }

    @Test("offers bring no more transports, transceivers, lookups and reports than there may be")
    func offers() {
        var answered = 0
        for description in HostileDescription.offers {
            #expect(description.text.utf8.count <= 65_536, "\(description.name)")
            guard let exchange = exchange(description, at: .offer) else { continue }
            if let size = exchange.perform() {
                answered += 1
                #expect(size <= 2 * 65_536, "\(description.name)")
            }
            let outputs = exchange.takeOutputs()
            #expect(outputs.transports <= limits.maximumTransports, "\(description.name)")
            #expect(outputs.lookups <= 16 * max(outputs.transports, 1), "\(description.name)")
            #expect(outputs.tracks <= limits.maximumSections, "\(description.name)")
            #expect(outputs.deviations <= 256, "\(description.name)")
            #expect(outputs.all <= 1_000, "\(description.name)")
            #expect(exchange.transceiverCount <= limits.maximumSections, "\(description.name)")
        }
        #expect(answered > 100)
    }

    @Test("the same offer again and again, restarting ICE, leaves no more behind than once")
    func repetition() throws {
        var repeated = 0
        for (index, description) in HostileDescription.offers.enumerated() where index % 9 == 0 {
            guard let exchange = exchange(description, at: .offer), let first = exchange.perform()
            else { continue }
            let count = exchange.transceiverCount
            _ = exchange.takeOutputs()
            for _ in 0..<3 {
                let size = try #require(exchange.performAgain(), "\(description.name)")
                // Versions and credentials differ, and our own candidates are in it by now.
                #expect(size <= first + 64 * 1_024, "\(description.name)")
                #expect(exchange.transceiverCount == count, "\(description.name)")
                #expect(exchange.takeOutputs().all <= 1_000, "\(description.name)")
            }
            repeated += 1
        }
        #expect(repeated > 10)
    }

    @Test("an offer that follows another, or collides with one, leaves only its own sections")
    func replacements() {
        for moment in [HostileExchange.Moment.secondOffer, .collision] {
            for (index, description) in HostileDescription.offers.enumerated()
            where index % 17 == 0 {
                guard let exchange = exchange(description, at: moment) else { continue }
                _ = exchange.perform()
                let own = moment == .collision ? 200 : 0
                #expect(
                    exchange.transceiverCount <= limits.maximumSections + own,
                    "\(description.name)"
                )
            }
        }
    }

    @Test("answers to a large offer of ours agree to what was offered and no more")
    func answers() throws {
        var accepted = 0
        for (index, answer) in HostileAnswer.all.enumerated() where index % 7 == 0 {
            #expect(answer.text.utf8.count <= 65_536, "\(answer.name)")
            let exchange = try answer.exchange(capabilities: .full, certificate: certificate)
            guard exchange.perform() else { continue }
            accepted += 1
            #expect(exchange.agreedSections <= answer.sections, "\(answer.name)")
        }
        #expect(accepted > 20)
    }
}

@Suite("A session has no more transports than it may (RFC 9143 §6, RFC 9429 §5.3.1)")
struct TransportLimitTests {
    private func makeLimited(
        _ policy: BundlePolicy,
        atMost most: Int
    ) throws -> PeerSession {
        var configuration = fullConfiguration()
        configuration.bundlePolicy = policy
        configuration.maximumTransports = most
        return try makeSession(configuration: configuration)
    }

    @Test("sections of our offer beyond them are bundle-only")
    func offer() throws {
        var session = try makeLimited(.maxCompat, atMost: 3)
        for _ in 0..<5 { _ = try session.addTransceiver(.audio, at: .zero) }
        let offer = try session.setLocalDescription(at: .zero)
        #expect(offer.sdp.split(separator: "\r\n").count { $0 == "a=bundle-only" } == 2)
        #expect(offer.sdp.split(separator: "\r\n").count { $0.hasPrefix("m=audio 9 ") } == 3)
        var gathered = 0
        while let output = session.popOutput() {
            if case .gather = output { gathered += 1 }
        }
        #expect(gathered == 3)
    }

    @Test("sections of the peer's offer that would need more are rejected; a group needs one")
    func answer() throws {
        var offerer = try makeLimited(.maxCompat, atMost: 64)
        for _ in 0..<5 { _ = try offerer.addTransceiver(.audio, at: .zero) }
        let offer = try offerer.setLocalDescription(at: .zero)
        var grouped = try makeLimited(.maxCompat, atMost: 1)
        try grouped.setRemoteDescription(offer, at: .zero)
        let bundled = try grouped.createAnswer(at: .zero).sdp
        #expect(!bundled.contains("m=audio 0 "))

        var apart = try makeLimited(.maxCompat, atMost: 2)
        let lines = offer.sdp.split(separator: "\r\n").filter { !$0.hasPrefix("a=group:") }
        let text = lines.joined(separator: "\r\n") + "\r\n"
        try apart.setRemoteDescription(SessionDescription(.offer, sdp: text), at: .zero)
        let answer = try apart.createAnswer(at: .zero).sdp
        #expect(answer.split(separator: "\r\n").count { $0.hasPrefix("m=audio 0 ") } == 3)
        #expect(answer.split(separator: "\r\n").count { $0.hasPrefix("m=audio 9 ") } == 2)
    }
}
