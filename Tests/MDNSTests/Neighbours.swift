import MDNS
import Wire

let link = MDNSLink(prefixes: [
    MDNSLink.Prefix(address("192.0.2.1"), length: 24),
    MDNSLink.Prefix(address("2001:db8:1::1"), length: 64),
])
let neighbour = SocketAddress(address("192.0.2.7"), port: 5353)
let stranger = SocketAddress(address("198.51.100.7"), port: 5353)

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .any4 }

func name(_ text: String) -> MDNSName {
    var entropy = Entropy.seed(0)
    return MDNSName(text) ?? .random(&entropy)
}

func seconds(_ count: Double) -> Instant { .zero.advanced(by: .seconds(count)) }

func response(
    _ name: MDNSName,
    _ addresses: [String],
    timeToLive: UInt32 = 120
) throws -> [UInt8] {
    try DNSMessage(
        isResponse: true,
        answers: addresses.map {
            DNSRecord(
                name.dnsName,
                .address(address($0)),
                timeToLive: timeToLive,
                flushesCache: true
            )
        }
    ).write()
}

func query(
    _ name: MDNSName,
    _ types: [DNSRecordType] = [.a, .aaaa],
    wantsUnicast: Bool = false,
    id: UInt16 = 0,
    known: [DNSRecord] = []
) throws -> [UInt8] {
    try DNSMessage(
        id: id,
        questions: types.map { DNSQuestion(name.dnsName, $0, wantsUnicast: wantsUnicast) },
        answers: known
    ).write()
}

extension MDNSQuerier {
    mutating func hear(_ bytes: [UInt8], from source: SocketAddress, at now: Instant) {
        receive(bytes.span, from: source, at: now)
    }

    mutating func take() -> [Output] {
        var outputs: [Output] = []
        while let output = popOutput() { outputs.append(output) }
        return outputs
    }
}

extension MDNSResponder {
    mutating func hear(_ bytes: [UInt8], from source: SocketAddress, at now: Instant) {
        receive(bytes.span, from: source, at: now)
    }

    mutating func take() -> [Output] {
        var outputs: [Output] = []
        while let output = popOutput() { outputs.append(output) }
        return outputs
    }
}

extension MDNSResponder.Output {
    var multicast: DNSMessage? {
        guard case .transmit(let bytes) = self else { return nil }
        return try? DNSMessage(parsing: bytes.span)
    }

    var reply: DNSMessage? {
        guard case .reply(let bytes, _) = self else { return nil }
        return try? DNSMessage(parsing: bytes.span)
    }
}
