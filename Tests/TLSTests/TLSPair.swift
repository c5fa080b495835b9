import TLS
import Wire

/// A client and a server whose bytes reach each other at once, until nobody has more to say.
struct TLSPair: ~Copyable {
    var client: TLSConnection
    var server: TLSConnection
    private(set) var toClient: [TLSConnection.Output] = []
    private(set) var toServer: [TLSConnection.Output] = []
    /// How many bytes travel at a time.
    var chunk = Int.max

    init(client: consuming TLSConnection, server: consuming TLSConnection) {
        self.client = client
        self.server = server
    }

    /// Starts both and carries bytes until all is quiet.
    mutating func shakeHands() {
        client.start(at: .zero)
        server.start(at: .zero)
        settle()
    }

    mutating func settle() {
        while true {
            var moved = false
            while let output = client.popOutput() {
                moved = true
                guard case .transmit(let bytes) = output else {
                    toClient.append(output)
                    continue
                }
                for part in bytes.cut(chunk) { server.receive(part.span, at: .zero) }
            }
            while let output = server.popOutput() {
                moved = true
                guard case .transmit(let bytes) = output else {
                    toServer.append(output)
                    continue
                }
                for part in bytes.cut(chunk) { client.receive(part.span, at: .zero) }
            }
            guard moved else { return }
        }
    }

    /// All data the client has received.
    var dataAtClient: [UInt8] { toClient.data }
    /// All data the server has received.
    var dataAtServer: [UInt8] { toServer.data }
}

extension [TLSConnection.Output] {
    var data: [UInt8] {
        flatMap { output -> [UInt8] in
            if case .received(let bytes) = output { bytes } else { [] }
        }
    }

    /// Why it failed, if it did.
    var failure: TLSError? {
        for case .failed(let error) in self { return error }
        return nil
    }

    /// What the handshake agreed on, if it was done.
    var session: TLSSession? {
        for case .connected(let session) in self { return session }
        return nil
    }
}

extension [UInt8] {
    func cut(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: Swift.min(size, count)).map {
            [UInt8](self[$0..<Swift.min($0 + Swift.min(size, count), count)])
        }
    }
}

/// An authority, and servers it vouches for.
struct Lab {
    let authority: TLSAuthority
    let trust: TLSTrust

    init() throws(TLSError) {
        authority = try TLSAuthority(named: "Lab", validFrom: someDay - 86_400)
        trust = try TLSTrust.certificates(pem: authority.certificatePEM)
    }

    func identity(
        for names: [String],
        validFrom: Int64 = someDay - 86_400,
        days: Int = 90
    ) throws(TLSError) -> TLSIdentity {
        var list: [TLSServerName] = []
        for name in names { list.append(try TLSServerName(name)) }
        let issued = try authority.issue(for: list, validFrom: validFrom, days: days)
        return try TLSIdentity(
            certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        )
    }

    /// A client of `name` that trusts the lab, and a server with `identity`.
    func pair(
        _ name: String,
        _ identity: TLSIdentity,
        trust: TLSTrust? = nil,
        client: TLSConfiguration = onSomeDay,
        server: TLSConfiguration = .init()
    ) throws(TLSError) -> TLSPair {
        TLSPair(
            client: try TLSConnection(
                client: TLSServerName(name),
                trust: trust ?? self.trust,
                configuration: client
            ),
            server: try TLSConnection(server: identity, configuration: server)
        )
    }
}

let someDay: Int64 = 1_750_000_000

/// Certificates are checked on ``someDay``, whatever the clock says.
let onSomeDay: TLSConfiguration = {
    var configuration = TLSConfiguration()
    configuration.date = someDay
    return configuration
}()
