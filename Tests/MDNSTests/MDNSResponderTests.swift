import MDNS
import Support
import Testing
import Wire

@Suite("Answering for our .local names (RFC 6762 §6, §8.3, §10.1)")
struct MDNSResponderTests {
    private static let ours = name("1f4712db-ea17-4bcf-a596-105139dfd8bf.local")

    /// A responder whose announcements are over.
    private func settled(_ addressText: String = "192.0.2.1") -> MDNSResponder {
        var responder = MDNSResponder(on: link)
        responder.publish(Self.ours, address(addressText), at: .zero)
        responder.advance(to: seconds(1))
        _ = responder.take()
        return responder
    }

    @Test func aNameIsAnnouncedTwice() throws {
        var responder = MDNSResponder(on: link)
        let isNew = responder.publish(Self.ours, address("192.0.2.1"), at: .zero)
        let isNewAgain = responder.publish(Self.ours, address("192.0.2.2"), at: .zero)
        #expect(isNew && !isNewAgain)
        let run = responder.run(for: .seconds(600))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.map(\.at) == [seconds(0), seconds(1)])
        let message = try #require(run.outputs.first?.output.multicast)
        #expect(message.isResponse && message.id == 0 && message.questions.isEmpty)
        #expect(
            message.answers == [
                DNSRecord(
                    Self.ours.dnsName,
                    .address(address("192.0.2.1")),
                    timeToLive: 120,
                    flushesCache: true
                ),
                DNSRecord(Self.ours.dnsName, .types([.a]), timeToLive: 120, flushesCache: true),
            ]
        )
    }

    @Test func aQuestionIsAnsweredToAllOnceASecond() throws {
        var responder = settled()
        let question = try query(Self.ours)
        responder.hear(question, from: neighbour, at: seconds(5))
        #expect(responder.take().compactMap(\.multicast).count == 1)
        for _ in 0..<100 { responder.hear(question, from: neighbour, at: seconds(5.2)) }
        #expect(responder.take().isEmpty)
        #expect(responder.deadline == seconds(6))
        responder.advance(to: seconds(6))
        #expect(responder.take().compactMap(\.multicast).count == 1)
        #expect(responder.deadline == nil)
    }

    @Test func whoAsksForUnicastGetsItUnlessOthersHaveNotHeardForLong() throws {
        var responder = settled()
        let question = try query(Self.ours, wantsUnicast: true)
        responder.hear(question, from: neighbour, at: seconds(10))
        let outputs = responder.take()
        #expect(outputs.count == 1)
        let reply = try #require(outputs.first?.reply)
        #expect(reply.answers.map(\.type) == [.a, .nsec])
        guard case .reply(_, let target)? = outputs.first else { return }
        #expect(target == neighbour)
        responder.hear(question, from: neighbour, at: seconds(31))
        #expect(responder.take().compactMap(\.multicast).count == 1)
    }

    @Test func whatTheAskerKnowsIsNotRepeated() throws {
        var responder = settled()
        var known = DNSRecord(
            Self.ours.dnsName,
            .address(address("192.0.2.1")),
            timeToLive: 60
        )
        responder.hear(
            try query(Self.ours, known: [known]),
            from: neighbour,
            at: seconds(5)
        )
        #expect(responder.take().isEmpty && responder.deadline == nil)
        known.timeToLive = 59
        responder.hear(
            try query(Self.ours, known: [known]),
            from: neighbour,
            at: seconds(5)
        )
        #expect(responder.take().count == 1)
    }

    @Test func aProgramThatKnowsOnlyDNSIsAnsweredInItsWay() throws {
        var responder = settled("2001:db8:1::1")
        let source = SocketAddress(neighbour.address, port: 40_000)
        responder.hear(
            try query(Self.ours, [.aaaa], id: 77),
            from: source,
            at: seconds(5)
        )
        let outputs = responder.take()
        let reply = try #require(outputs.first?.reply)
        #expect(reply.id == 77)
        #expect(reply.questions == [DNSQuestion(Self.ours.dnsName, .aaaa)])
        #expect(reply.answers.first?.content == .address(address("2001:db8:1::1")))
        #expect(reply.answers.allSatisfy { $0.timeToLive == 10 && !$0.flushesCache })
    }

    @Test func aFamilyThatWeDoNotHaveIsDenied() throws {
        var responder = settled("192.0.2.1")
        let source = SocketAddress(neighbour.address, port: 40_000)
        responder.hear(try query(Self.ours, [.aaaa]), from: source, at: seconds(5))
        let reply = try #require(responder.take().first?.reply)
        #expect(reply.answers.map(\.content) == [.types([.a])])
    }

    @Test func strangersGetNoAnswer() throws {
        var responder = settled()
        let question = try query(Self.ours)
        for port in [5353, 40_000] as [UInt16] {
            responder.hear(
                question,
                from: SocketAddress(stranger.address, port: port),
                at: seconds(5)
            )
        }
        responder.hear(
            try query(name("other.local")),
            from: neighbour,
            at: seconds(5)
        )
        responder.hear(
            try response(Self.ours, ["192.0.2.66"]),
            from: neighbour,
            at: seconds(5)
        )
        #expect(responder.take().isEmpty)
        #expect(responder.deadline == nil)
    }

    @Test func repliesToSingleAskersAreLimited() throws {
        var responder = settled()
        let question = try query(Self.ours, id: 1)
        var replies = 0
        for number in 0..<1_000 {
            let source = SocketAddress(neighbour.address, port: UInt16(10_000 + number))
            responder.hear(question, from: source, at: seconds(5))
            replies += responder.take().count
        }
        #expect(replies == 50)
        responder.hear(
            question,
            from: SocketAddress(neighbour.address, port: 9),
            at: seconds(6)
        )
        #expect(responder.take().count == 1)
    }

    @Test func aNameThatGoesSaysGoodbye() throws {
        var responder = settled()
        responder.publish(name("other.local"), address("192.0.2.1"), at: seconds(2))
        _ = responder.take()
        responder.withdraw(Self.ours, at: seconds(2))
        let goodbye = try #require(responder.take().first?.multicast)
        #expect(goodbye.answers.map(\.timeToLive) == [0])
        #expect(goodbye.answers.map(\.name) == [Self.ours.dnsName])
        responder.hear(try query(Self.ours), from: neighbour, at: seconds(3))
        #expect(
            responder.take().allSatisfy { $0.multicast?.answers.first?.name != Self.ours.dnsName }
        )
        responder.close(at: seconds(4))
        #expect(responder.take().count == 1)
        #expect(responder.names.isEmpty && responder.deadline == nil)
        responder.close(at: seconds(5))
        #expect(responder.take().isEmpty)
    }

    @Test func manyNamesFitTheirDatagrams() throws {
        var responder = MDNSResponder(on: link)
        var entropy = Entropy.seed(1)
        for number in 0..<100 {
            let isPublished = responder.publish(
                .random(&entropy),
                address("2001:db8:1::1"),
                at: .zero
            )
            #expect(isPublished == (number < 64))
        }
        _ = responder.take()
        responder.advance(to: seconds(1))
        let datagrams = responder.take()
        #expect(datagrams.count == 8)
        for case .transmit(let bytes) in datagrams { #expect(bytes.count <= 1_452) }
    }

    @Test func aQuerierAndAResponderFindEachOther() throws {
        var responder = settled()
        var querier = MDNSQuerier(on: link)
        querier.resolve(Self.ours, at: seconds(5))
        for case .transmit(let bytes) in querier.take() {
            responder.hear(bytes, from: neighbour, at: seconds(5))
        }
        let us = SocketAddress(address("192.0.2.1"), port: 5353)
        for case .transmit(let bytes) in responder.take() {
            querier.hear(bytes, from: us, at: seconds(5))
        }
        #expect(querier.take() == [.resolved(Self.ours, [address("192.0.2.1")])])
    }
}
