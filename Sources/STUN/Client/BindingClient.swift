public import Wire

/// Asks servers for the address they see us under (RFC 8489 §2), any number of them in parallel.
///
/// ```swift
/// var client = BindingClient(entropy: .system)
/// for server in servers { client.query(server, at: now) }
/// client.drain { output in
///     switch output {
///     case .transmit(let bytes, let server): socket.send(bytes, to: server)
///     case .mapped(let address, let server, let roundTripTime): use(address)
///     case .failed(let failure, let server): report(failure)
///     }
/// }
/// ```
///
/// One client belongs to one local socket: its answers are about that one.
public struct BindingClient: Machine, Sendable {
    /// One thing the owner must do or know.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8], to: SocketAddress)
        /// The server sees us under this address. The round trip is known when nothing was sent
        /// twice.
        case mapped(SocketAddress, by: SocketAddress, roundTripTime: Duration?)
        case failed(STUNFailure, server: SocketAddress)
    }

    private var queries: [BindingQuery] = []
    private var entropy: Entropy
    private var outputs = Queue<Output>()

    /// A client that asks nobody yet.
    public init(entropy: Entropy) { self.entropy = entropy }

    /// Asks `server`; not again while it is being asked, and not more than 64 at once.
    ///
    /// Credentials are for servers that want them, which few do.
    public mutating func query(
        _ server: SocketAddress,
        over transport: STUNTransport = .datagram,
        timing: RetransmissionTiming? = nil,
        authenticator: LongTermAuthenticator? = nil,
        at now: Instant
    ) {
        guard queries.count < maximumQueries, !queries.contains(where: { $0.server == server })
        else { return }
        let query = BindingQuery(
            server: server,
            transport: transport,
            timing: timing ?? .standard(over: transport),
            authenticator: authenticator
        )
        queries.append(query)
        send(queries.count - 1, at: now)
    }

    /// Forgets a server; there will be no output about it any more.
    public mutating func cancel(_ server: SocketAddress) {
        queries.removeAll { $0.server == server }
    }

    /// Nothing gets through to `server`.
    public mutating func reportUnreachable(_ server: SocketAddress) {
        guard let index = queries.firstIndex(where: { $0.server == server }) else { return }
        fail(index, .unreachable)
    }

    /// Takes a packet from `source`; what answers no question of ours is ignored.
    public mutating func receive(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant
    ) {
        guard let response = try? STUNPacket(parsing: packet),
            let index = queries.firstIndex(where: { $0.isAnswered(by: response, from: source) })
        else { return }
        // RFC 8489 §7.3: a wrong checksum means that this is no STUN at all.
        if response.hasFingerprint, !response.hasValidFingerprint(in: packet) { return }
        switch queries[index].judge(response, in: packet) {
        case .ignore: break
        case .again: send(index, at: now)
        case .fail(let failure): fail(index, failure)
        case .succeed(let address):
            let time = queries[index].roundTripTime(to: packet, at: now)
            let server = queries.remove(at: index).server
            outputs.append(.mapped(address, by: server, roundTripTime: time))
        }
    }

    public var deadline: Instant? { queries.compactMap { $0.transaction?.deadline }.min() }

    public mutating func advance(to now: Instant) {
        for index in queries.indices.reversed() {
            queries[index].transaction?.advance(to: now)
            flush(index)
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    private mutating func send(_ index: Int, at now: Instant) {
        guard queries[index].start(at: now, using: &entropy) else {
            return fail(index, .unusableAnswer)
        }
        flush(index)
    }

    /// Passes on what the transaction wants.
    private mutating func flush(_ index: Int) {
        while let output = queries[index].transaction?.popOutput() {
            switch output {
            case .transmit(let bytes):
                outputs.append(.transmit(bytes, to: queries[index].target))
            case .timedOut: return fail(index, .timedOut)
            case .answered: break
            }
        }
    }

    private mutating func fail(_ index: Int, _ failure: STUNFailure) {
        outputs.append(.failed(failure, server: queries.remove(at: index).server))
    }
}

private let maximumQueries = 64
