import MDNS
import Wire

let mdnsBenchmarks = [
    Benchmark("mdns/parse-response", goal: .atMost(1_200)) {
        let bytes = try announcement()
        return { iterations in
            for _ in 0..<iterations { use(try DNSMessage(parsing: bytes.span).answers.count) }
        }
    },
    Benchmark("mdns/answer-question", goal: .atMost(3_000)) {
        let query = try DNSMessage(
            questions: [DNSQuestion(name.dnsName, .a), DNSQuestion(name.dnsName, .aaaa)]
        ).write()
        let asker = SocketAddress(IPAddress(v4: 0xC000_0202), port: 5353)
        return { iterations in
            var responder = MDNSResponder(on: link)
            responder.publish(name, ours, at: .zero)
            for index in 0..<iterations {
                let now = Instant.zero.advanced(by: .seconds(Int64(index) * 3))
                responder.receive(query.span, from: asker, at: now)
                while let output = responder.popOutput() { use(output == .transmit([])) }
            }
        }
    },
]

private let ours = IPAddress(v4: 0xC000_0201)
private let link = MDNSLink(prefixes: [MDNSLink.Prefix(ours, length: 24)])
private let name: MDNSName = {
    var entropy = Entropy.seed(1)
    return .random(&entropy)
}()

private func announcement() throws -> [UInt8] {
    try DNSMessage(
        isResponse: true,
        answers: [
            DNSRecord(name.dnsName, .address(ours), timeToLive: 120, flushesCache: true),
            DNSRecord(name.dnsName, .types([.a]), timeToLive: 120, flushesCache: true),
        ]
    ).write()
}
