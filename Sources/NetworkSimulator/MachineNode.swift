public import Wire

/// Puts any `Machine` on a simulated network.
///
/// Outputs that are datagrams leave; all others are kept, with their time, in ``events``.
///
/// ```swift
/// let node = MachineNode(agent) { agent, datagram, now in
///     agent.receive(datagram.payload.span, from: datagram.source, on: datagram.destination, at: now)
/// } transmit: { output in
///     if case .transmit(let datagram) = output { datagram } else { nil }
/// }
/// ```
public struct MachineNode<Base: Machine & ~Copyable>: ~Copyable, SimulatedNode {
    /// An output that was no datagram, and when it came out.
    public struct Event {
        public var time: Instant
        public var output: Base.Output
    }

    /// The machine itself.
    ///
    /// ``Simulation/with(_:_:)`` is the way to give it inputs.
    public var machine: Base
    /// What the machine told the layer above, oldest first.
    public var events: [Event] = []

    private var now = Instant.zero
    private let receiveInput: (inout Base, Datagram, Instant) -> Void
    private let transmit: (Base.Output) -> Datagram?

    /// Wraps `machine`: `receive` hands it what arrives, `transmit` finds the datagram in an output.
    public init(
        _ machine: consuming Base,
        receive: @escaping (inout Base, Datagram, Instant) -> Void,
        transmit: @escaping (Base.Output) -> Datagram?
    ) {
        self.machine = machine
        self.receiveInput = receive
        self.transmit = transmit
    }

    public var deadline: Instant? { machine.deadline }

    public mutating func receive(_ datagram: Datagram, at now: Instant) {
        self.now = now
        receiveInput(&machine, datagram, now)
    }

    public mutating func advance(to now: Instant) {
        self.now = now
        machine.advance(to: now)
    }

    public mutating func popTransmit() -> Datagram? {
        while let output = machine.popOutput() {
            if let datagram = transmit(output) { return datagram }
            events.append(Event(time: now, output: output))
        }
        return nil
    }
}
