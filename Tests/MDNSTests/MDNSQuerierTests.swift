import MDNS
import Support
import Testing
import Wire

@Suite("Asking for .local names (RFC 6762 §5)")
struct MDNSQuerierTests {
    @Test func bothFamiliesAreAskedForAtOnceAndAgainWithDoublingPauses() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        let run = querier.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        let times = run.outputs.compactMap { entry -> Instant? in
            guard case .transmit = entry.output else { return nil }
            return entry.at
        }
        #expect(times == [0, 1, 3, 7].map { seconds($0) })
        let last = try #require(run.outputs.last)
        #expect(last.output == .failed(name("ab.local"), .noAnswer))
        #expect(last.at == seconds(10))
        #expect(run.outputs.first?.output == .transmit(try query(name("ab.local"))))
        #expect(querier.deadline == nil)
    }

    @Test func anAnswerEndsTheSearch() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        querier.resolve(name("ab.local"), at: .zero)
        #expect(querier.take().count == 1)
        let answer = try response(name("AB.local"), ["192.0.2.9", "2001:db8::9", "192.0.2.9"])
        querier.hear(answer, from: neighbour, at: seconds(0.1))
        #expect(
            querier.take() == [
                .resolved(name("ab.local"), [address("192.0.2.9"), address("2001:db8::9")])
            ]
        )
        #expect(querier.deadline == nil)
        querier.hear(answer, from: neighbour, at: seconds(0.2))
        #expect(querier.popOutput() == nil)
    }

    @Test func onlyNeighboursAndTheirPortAreBelieved() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        _ = querier.take()
        let answer = try response(name("ab.local"), ["192.0.2.9"])
        querier.hear(answer, from: stranger, at: .zero)
        let otherPort = SocketAddress(neighbour.address, port: 5354)
        querier.hear(answer, from: otherPort, at: .zero)
        querier.hear(try query(name("ab.local")), from: neighbour, at: .zero)
        let other = try response(name("cd.local"), ["192.0.2.9"])
        querier.hear(other, from: neighbour, at: .zero)
        let goodbye = try response(name("ab.local"), ["192.0.2.9"], timeToLive: 0)
        querier.hear(goodbye, from: neighbour, at: .zero)
        #expect(querier.popOutput() == nil)
        let neighbour6 = SocketAddress(address("fe80::7").scoped(to: 3), port: 5353)
        querier.hear(answer, from: neighbour6, at: .zero)
        #expect(querier.take() == [.resolved(name("ab.local"), [address("192.0.2.9")])])
    }

    @Test func addressesThatLeadNowhereAreLeftOut() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        _ = querier.take()
        let useless = ["127.0.0.1", "::1", "0.0.0.0", "224.0.0.1", "ff02::1", "::ffff:192.0.2.1"]
        let answer = try response(name("ab.local"), useless)
        querier.hear(answer, from: neighbour, at: .zero)
        #expect(querier.popOutput() == nil)
        let many = (1...20).map { "192.0.2.\($0)" }
        querier.hear(try response(name("ab.local"), many), from: neighbour, at: .zero)
        guard case .resolved(_, let addresses)? = querier.popOutput() else {
            Issue.record("not resolved")
            return
        }
        #expect(addresses.count == 8)
    }

    @Test func aLinkLocalAddressGetsTheInterfaceItWasHeardOn() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        _ = querier.take()
        let source = SocketAddress(address("fe80::7").scoped(to: 3), port: 5353)
        let answer = try response(name("ab.local"), ["fe80::9"])
        querier.hear(answer, from: source, at: .zero)
        #expect(
            querier.take() == [.resolved(name("ab.local"), [address("fe80::9").scoped(to: 3)])]
        )
    }

    @Test func thousandsOfNamesStayAFewDatagrams() throws {
        var querier = MDNSQuerier(on: link)
        var refused = 0
        for number in 0..<10_000 {
            querier.resolve(name("n\(number).local"), at: .zero)
            for case .failed(_, .tooManyNames) in querier.take() { refused += 1 }
        }
        #expect(refused == 10_000 - 64)
        querier.advance(to: seconds(1))
        let datagrams = querier.take()
        #expect(datagrams.count == 6)
        for case .transmit(let bytes) in datagrams { #expect(bytes.count <= 1_200) }
    }

    @Test func theFirstQuestionMayAskForUnicast() throws {
        var configuration = MDNSQuerier.Configuration()
        configuration.wantsUnicast = true
        var querier = MDNSQuerier(on: link, configuration: configuration)
        querier.resolve(name("ab.local"), at: .zero)
        #expect(querier.take() == [.transmit(try query(name("ab.local"), wantsUnicast: true))])
        querier.advance(to: seconds(1))
        #expect(querier.take() == [.transmit(try query(name("ab.local")))])
    }

    @Test func whoIsCancelledIsNotHeardOf() throws {
        var querier = MDNSQuerier(on: link)
        querier.resolve(name("ab.local"), at: .zero)
        _ = querier.take()
        querier.cancel(name("ab.local"))
        #expect(querier.deadline == nil)
        querier.hear(
            try response(name("ab.local"), ["192.0.2.9"]),
            from: neighbour,
            at: .zero
        )
        #expect(querier.popOutput() == nil)
    }
}
