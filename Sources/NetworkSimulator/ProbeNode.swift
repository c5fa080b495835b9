public import Wire

/// A node that sends what it is told and remembers what it gets.
///
/// ```swift
/// network.with(alice) { probe, _ in probe.send([1, 2, 3], from: here, to: there) }
/// network.run(for: .seconds(1))
/// network.read(bob) { $0.received.count }
/// ```
public struct ProbeNode: SimulatedNode {
    /// What arrived, and when.
    public struct Arrival: Hashable, Sendable {
        public var time: Instant
        public var datagram: Datagram
    }

    /// What has arrived, oldest first.
    public private(set) var received: [Arrival] = []
    /// What the host's addresses changed to, if they did.
    public private(set) var addresses: [IPAddress]?
    /// Whether every datagram is answered with its own payload.
    public var echoes: Bool

    private var waiting = Queue<Datagram>()

    /// A probe that has nothing to send yet.
    public init(echoes: Bool = false) { self.echoes = echoes }

    /// Sends `payload` as soon as the simulation collects it.
    public mutating func send(
        _ payload: [UInt8],
        from source: SocketAddress,
        to destination: SocketAddress
    ) {
        waiting.append(Datagram(from: source, to: destination, payload: payload))
    }

    /// Forgets what has arrived.
    public mutating func removeReceived() { received.removeAll() }

    public var deadline: Instant? { nil }

    public mutating func receive(_ datagram: Datagram, at now: Instant) {
        received.append(Arrival(time: now, datagram: datagram))
        guard echoes else { return }
        send(datagram.payload, from: datagram.destination, to: datagram.source)
    }

    public mutating func advance(to now: Instant) {}

    public mutating func popTransmit() -> Datagram? { waiting.popFirst() }

    public mutating func addressesChanged(to addresses: [IPAddress], at now: Instant) {
        self.addresses = addresses
    }
}
