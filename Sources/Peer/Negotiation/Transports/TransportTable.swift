import ICE
import Wire

/// The transports that descriptions name or may name next, by number.
struct TransportTable: Sendable {
    private var transports: [Int: LocalTransport] = [:]
    private var nextID = 0

    subscript(id: Int) -> LocalTransport? {
        get { transports[id] }
        set { transports[id] = newValue }
    }

    /// Lowest number first.
    var ids: [Int] { transports.keys.sorted() }

    mutating func make(components: Int, entropy: inout Entropy) -> Int {
        let id = nextID
        nextID += 1
        transports[id] = LocalTransport(
            id: id,
            tlsID: Hex.encode(entropy.bytes(16)),
            credentials: .prepared(.random(using: &entropy)),
            components: components
        )
        return id
    }

    mutating func change(_ id: Int, _ change: (inout LocalTransport) -> Void) {
        guard var transport = transports[id] else { return }
        change(&transport)
        transports[id] = transport
    }

    mutating func changeAll(_ change: (inout LocalTransport) -> Void) {
        for id in ids { self.change(id, change) }
    }

    /// Takes over what `other` knows, but never uses a number twice.
    mutating func restore(_ other: TransportTable) {
        transports = other.transports
        changeAll { $0.forgetPrepared() }
    }

    mutating func keepOnly(_ used: Set<Int>) {
        transports = transports.filter { used.contains($0.key) }
    }

    /// The transport whose peer has these credentials.
    func id(ofRemote credentials: ICECredentials) -> Int? {
        ids.first { transports[$0]?.remote?.credentials == credentials }
    }
}
