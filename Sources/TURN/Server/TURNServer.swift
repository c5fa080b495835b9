import STUN
public import Wire

/// A TURN server for many clients (RFC 8656), which answers STUN Binding requests as well.
///
/// It has no sockets: the owner hands in what arrives on the server's address and on the relays it
/// was told to open, and sends what comes out.
///
/// ```swift
/// var server = TURNServer(configuration, unixTime: secondsSince1970, at: now, entropy: .system)
/// if let forward = server.receive(message.span, on: path, at: now) {
///     relays[forward.relay]?.send(message.span.extracting(forward.payload), to: forward.peer)
/// }
/// if let delivery = server.receive(count: packet.count, from: peer, at: relay, at: now) {
///     // write delivery.framing around the packet, send it to delivery.path.client
/// }
/// // then pop outputs: .transmit, .openRelay, .closeRelay
/// ```
///
/// Nothing is kept for anybody who has not shown a password. An end of an allocation may be put off
/// by a refresh only; permissions and channels run out by themselves.
public struct TURNServer: Machine, Sendable {
    /// One thing the owner must do or may want to know.
    public enum Output: Hashable, Sendable {
        /// Send this to the client of the path.
        case transmit([UInt8], TURNPath)
        /// Bind a UDP socket to this address, then call ``TURNServer/relayOpened(_:at:)`` or
        /// ``TURNServer/relayFailed(_:at:)``.
        case openRelay(TURNRelayID, SocketAddress)
        /// Close the socket of this relay.
        case closeRelay(TURNRelayID)
        /// For a log.
        case event(TURNServerEvent)
    }

    /// Whom it serves, and how much.
    public let configuration: TURNServerConfiguration
    /// What it has done.
    public internal(set) var statistics = TURNServerStatistics()

    /// All addresses of the machine beside those in the configuration.
    ///
    /// Packets go to none of them, which no firewall would see: of the machine's own addresses peers
    /// have those of relays, and their ports alone. `TURNService` keeps it up to date.
    public var machineAddresses: Set<IPAddress> = [] {
        didSet { own = OwnAddresses(configuration, and: machineAddresses) }
    }

    private(set) var own: OwnAddresses
    let verifier: LongTermVerifier
    let wallClock: WallClock
    var allocations = AllocationTable()
    var strangers: StrangerLimit
    var outputs = Queue<Output>()
    var entropy: Entropy
    var identifiers: SplitMix64
    /// The newest time seen: time never goes backwards.
    var clock: Instant

    /// What time it is outside, for credentials that run out.
    struct WallClock: Sendable {
        let unixTime: Int64
        let start: Instant

        func seconds(at now: Instant) -> Int64 {
            unixTime &+ start.duration(to: now).components.seconds
        }
    }

    /// A server with no allocations; `unixTime` is `now` in seconds since 1970.
    public init(
        _ configuration: TURNServerConfiguration,
        unixTime: Int64,
        at now: Instant,
        entropy: Entropy
    ) {
        self.configuration = configuration
        own = OwnAddresses(configuration, and: [])
        self.entropy = entropy
        verifier = LongTermVerifier(
            realm: configuration.realm,
            nonceLifetime: configuration.limits.nonceLifetime,
            entropy: &self.entropy
        )
        wallClock = WallClock(unixTime: unixTime, start: now)
        strangers = StrangerLimit(
            rate: configuration.limits.strangerAnswersPerSecond,
            seed: self.entropy.next()
        )
        identifiers = SplitMix64(seed: self.entropy.next())
        clock = now
    }

    public var deadline: Instant? { allocations.deadline }

    public mutating func advance(to now: Instant) {
        note(now)
        while let place = allocations.popExpired(at: clock) { release(place, .expired) }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    mutating func note(_ now: Instant) { clock = max(clock, now) }

    /// Whether the client of `path` has an allocation, or one on its way.
    public func hasAllocation(on path: TURNPath) -> Bool { allocations.place(of: path) != nil }

    /// Ends all allocations.
    public mutating func stop(at now: Instant) {
        note(now)
        for path in allocations.paths { release(path, .stopped) }
    }

    /// The stream of `path` is gone, and its allocation with it (RFC 8656 §3.1).
    public mutating func disconnected(_ path: TURNPath, at now: Instant) {
        note(now)
        release(path, .disconnected)
    }

    private mutating func release(_ path: TURNPath, _ reason: TURNServerRelease) {
        if let place = allocations.place(of: path) { release(place, reason) }
    }

    mutating func release(_ place: Int, _ reason: TURNServerRelease) {
        guard let allocation = allocations.remove(at: place) else { return }
        statistics.allocations = allocations.count
        for relay in allocation.relays {
            outputs.append(.closeRelay(id(of: relay, in: allocation, at: place)))
        }
        guard allocation.isOpen else { return }
        let event = TURNServerEvent.released(
            allocation.path,
            user: allocation.owner.username,
            reason
        )
        outputs.append(.event(event))
    }

    func id(
        of relay: ServerAllocation.Relay,
        in allocation: ServerAllocation,
        at place: Int
    ) -> TURNRelayID {
        TURNRelayID(slot: place, generation: allocation.generation, family: relay.family)
    }
}
