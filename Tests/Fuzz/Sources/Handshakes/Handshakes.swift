import DTLS
import Wire

/// Any datagrams to both sides of a DTLS handshake: nothing traps, a deadline lies ahead.
///
/// Each begins with two bytes that say how long it is; an even length goes to the server.
@c(LLVMFuzzerTestOneInput)
public func fuzzHandshakes(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    guard let certificate = shared, var client = try? connection(.client, certificate),
        var server = try? connection(.server, certificate)
    else { return 0 }
    var now = Instant.zero
    client.start(roundTripTime: nil, at: now)
    server.start(roundTripTime: nil, at: now)
    var reader = ByteReader(input)
    while let length = try? reader.read(UInt16.self),
        let datagram = try? reader.read(count: min(Int(length % 2_048), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(20))
        if length % 2 == 0 {
            server.receive(datagram, at: now)
        } else {
            client.receive(datagram, at: now)
        }
        advance(&client, to: now)
        advance(&server, to: now)
    }
    precondition(!client.isConnected && !server.isConnected, "nobody proved who they are")
    return 0
}

private func advance(_ connection: inout DTLSConnection, to now: Instant) {
    connection.advance(to: now)
    while connection.popOutput() != nil {}
    precondition(connection.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
}

private func connection(
    _ role: DTLSRole,
    _ certificate: Certificate
) throws -> DTLSConnection {
    let stranger = CertificateFingerprint(
        function: "sha-256",
        bytes: [UInt8](repeating: 7, count: 32)
    )
    return try DTLSConnection(
        role: role,
        certificate: certificate,
        peerFingerprints: [stranger]
    )
}

private let shared = try? Certificate.selfSigned(validFrom: 1_700_000_000)
