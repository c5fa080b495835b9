import TLS
import Wire

/// Any bytes to both sides of a TLS handshake, in any pieces: nothing traps, nobody is believed.
///
/// Each piece begins with two bytes that say how long it is; an even length goes to the server. A piece
/// of length 0 or 1 is replaced by what the other side has really sent, so that handshakes get further.
@c(LLVMFuzzerTestOneInput)
public func fuzzSecureStreams(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count).span
    guard let setup = shared, let name = try? TLSServerName("fuzz.example"),
        var client = try? TLSConnection(client: name, trust: setup.trust),
        var server = try? TLSConnection(server: setup.identity)
    else { return 0 }
    var toServer: [UInt8] = []
    var toClient: [UInt8] = []
    var now = Instant.zero
    client.start(at: now)
    var reader = ByteReader(input)
    while let length = try? reader.read(UInt16.self),
        let piece = try? reader.read(count: min(Int(length / 2 % 2_048), reader.remaining))
    {
        now = now.advanced(by: .milliseconds(20))
        if length == 0 {
            server.receive(toServer.span, at: now)
            toServer = []
        } else if length == 1 {
            client.receive(toClient.span, at: now)
            toClient = []
        } else if length % 2 == 0 {
            server.receive(piece, at: now)
        } else {
            client.receive(piece, at: now)
        }
        toServer += advance(&client, to: now)
        toClient += advance(&server, to: now)
    }
    // The client trusts another authority.
    precondition(!client.isConnected, "a stranger was believed")
    return 0
}

private func advance(_ connection: inout TLSConnection, to now: Instant) -> [UInt8] {
    connection.advance(to: now)
    var sent: [UInt8] = []
    while let output = connection.popOutput() {
        if case .transmit(let bytes) = output { sent += bytes }
    }
    precondition(connection.deadline.map { $0 > now } ?? true, "a deadline lies ahead")
    return sent
}

private let shared: (trust: TLSTrust, identity: TLSIdentity)? = {
    guard let authority = try? TLSAuthority(named: "a", validFrom: 1_700_000_000, days: 36_000),
        let other = try? TLSAuthority(named: "b", validFrom: 1_700_000_000, days: 36_000),
        let name = try? TLSServerName("fuzz.example"),
        let issued = try? other.issue(for: [name], validFrom: 1_700_000_000, days: 36_000),
        let identity = try? TLSIdentity(
            certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        ), let trust = try? TLSTrust.certificates(pem: authority.certificatePEM)
    else { return nil }
    return (trust, identity)
}()
