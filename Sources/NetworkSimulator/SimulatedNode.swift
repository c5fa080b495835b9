public import Wire

/// Something that lives at a host of a simulated network: a machine, a whole peer, a server.
///
/// The simulation calls ``receive(_:at:)`` and ``advance(to:)`` on virtual time, then pops transmits
/// until nil, then reads ``deadline``. Nodes may be noncopyable.
///
/// ```swift
/// struct Echo: SimulatedNode {
///     var replies = Queue<Datagram>()
///     var deadline: Instant? { nil }
///     mutating func receive(_ datagram: Datagram, at now: Instant) {
///         replies.append(
///             Datagram(
///                 from: datagram.destination,
///                 to: datagram.source,
///                 payload: datagram.payload
///             )
///         )
///     }
///     mutating func advance(to now: Instant) {}
///     mutating func popTransmit() -> Datagram? { replies.popFirst() }
/// }
/// ```
public protocol SimulatedNode: ~Copyable {
    /// When to call ``advance(to:)`` if nothing else happens first; nil when idle.
    var deadline: Instant? { get }

    /// A datagram has reached the host.
    ///
    /// Its source is the one seen here, behind all translations.
    mutating func receive(_ datagram: Datagram, at now: Instant)

    /// Runs every timer due at `now`. Afterwards ``deadline`` must be nil or later than `now`.
    mutating func advance(to now: Instant)

    /// Removes and returns the oldest datagram to send.
    ///
    /// Its source must be an address of the host.
    mutating func popTransmit() -> Datagram?

    /// The host now has `addresses`, all interfaces together; an operating system would tell as much.
    ///
    /// Called after a scheduled address change. Does nothing unless implemented.
    mutating func addressesChanged(to addresses: [IPAddress], at now: Instant)
}

extension SimulatedNode where Self: ~Copyable {
    public mutating func addressesChanged(to addresses: [IPAddress], at now: Instant) {}
}

/// A host of a ``Simulation``, and the way to the node that lives there.
public struct Host<Node: SimulatedNode & ~Copyable> {
    /// The name it was added under.
    public let name: String
    let index: Int
    let box: NodeBox<Node>
}

/// A node of any type, as the simulation drives it.
protocol Station: AnyObject {
    var deadline: Instant? { get }
    func receive(_ datagram: Datagram, at now: Instant)
    func advance(to now: Instant)
    func popTransmit() -> Datagram?
    func addressesChanged(to addresses: [IPAddress], at now: Instant)
}

/// Gives a node, which may be noncopyable, a place that arrays and handles can refer to.
final class NodeBox<Node: SimulatedNode & ~Copyable>: Station {
    var node: Node

    init(_ node: consuming Node) { self.node = node }

    var deadline: Instant? { node.deadline }
    func receive(_ datagram: Datagram, at now: Instant) { node.receive(datagram, at: now) }
    func advance(to now: Instant) { node.advance(to: now) }
    func popTransmit() -> Datagram? { node.popTransmit() }
    func addressesChanged(to addresses: [IPAddress], at now: Instant) {
        node.addressesChanged(to: addresses, at: now)
    }
}
