import MDNS
import Wire

/// Any datagram as a DNS message, and to a querier and a responder.
@c(LLVMFuzzerTestOneInput)
public func fuzzNeighbourMessages(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    if let message = try? DNSMessage(parsing: input), let written = try? message.write(),
        let again = try? DNSMessage(parsing: written.span)
    {
        precondition(again.questions == message.questions, "written, then read")
        precondition(again.answers.count == message.answers.count, "written, then read")
    }
    guard let name = MDNSName("ab.local"), let ours = IPAddress("192.0.2.1") else { return 0 }
    let link = MDNSLink(prefixes: [MDNSLink.Prefix(ours, length: 24)])
    var querier = MDNSQuerier(on: link)
    var responder = MDNSResponder(on: link)
    querier.resolve(name, at: .zero)
    responder.publish(name, ours, at: .zero)
    var now = Instant.zero
    for port in [5353, 40_000] as [UInt16] {
        let source = SocketAddress(ours, port: port)
        querier.receive(input, from: source, at: now)
        responder.receive(input, from: source, at: now)
        now = now.advanced(by: .milliseconds(700))
        querier.advance(to: now)
        responder.advance(to: now)
        precondition(querier.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        precondition(responder.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
        var sent = 0
        while let output = responder.popOutput() {
            switch output {
            case .transmit(let bytes), .reply(let bytes, _): sent += bytes.count
            }
        }
        precondition(sent < 4_096, "a datagram makes no more than a few")
        while querier.popOutput() != nil {}
    }
    return 0
}
