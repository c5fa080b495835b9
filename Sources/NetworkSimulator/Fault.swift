public import Wire

/// Something that happens to the network at a time known beforehand.
///
/// All times count from the start of the simulation.
///
/// ```swift
/// network.schedule(.outage(of: alice, from: .seconds(10), for: .seconds(3)))
/// network.schedule(.addressChange(of: alice, to: [address], on: mobile, at: .seconds(20)))
/// ```
public struct Fault {
    struct Step {
        let time: Duration
        let change: Change
    }

    let steps: [Step]

    /// Takes down the links of `host` in both directions, for good if `duration` is nil.
    ///
    /// Only one of its interfaces if `interface` says which, counted from 0.
    public static func outage<Node: SimulatedNode & ~Copyable>(
        of host: Host<Node>,
        interface: Int? = nil,
        from start: Duration,
        for duration: Duration? = nil
    ) -> Fault {
        outage(.host(host.index, interface: interface), from: start, for: duration)
    }

    /// Takes down the line between the NAT of `subnet` and the outside.
    public static func outage(
        of subnet: Subnet,
        from start: Duration,
        for duration: Duration? = nil
    ) -> Fault {
        outage(.gateway(subnet: subnet.index), from: start, for: duration)
    }

    private static func outage(
        _ place: Change.Place,
        from start: Duration,
        for duration: Duration?
    ) -> Fault {
        var steps = [Step(time: start, change: .beginOutage(place))]
        if let duration {
            steps.append(Step(time: start + duration, change: .endOutage(place)))
        }
        return Fault(steps: steps)
    }

    /// Gives an interface of `host` other addresses, on another network if `subnet` says so.
    ///
    /// The node is told by ``SimulatedNode/addressesChanged(to:at:)``.
    public static func addressChange<Node: SimulatedNode & ~Copyable>(
        of host: Host<Node>,
        interface: Int = 0,
        to addresses: [IPAddress],
        on subnet: Subnet? = nil,
        at time: Duration
    ) -> Fault {
        let change = Change.addresses(
            host: host.index,
            interface: interface,
            addresses: addresses,
            subnet: subnet?.index
        )
        return Fault(steps: [Step(time: time, change: change)])
    }

    /// Gives the NAT of `subnet` another public address; all its mappings are lost.
    public static func addressChange(
        of subnet: Subnet,
        to address: IPAddress,
        at time: Duration
    ) -> Fault {
        let change = Change.restartGateway(subnet: subnet.index, publicAddress: address)
        return Fault(steps: [Step(time: time, change: change)])
    }

    /// Restarts the NAT of `subnet`: all its mappings are lost.
    public static func natRestart(of subnet: Subnet, at time: Duration) -> Fault {
        let change = Change.restartGateway(subnet: subnet.index, publicAddress: nil)
        return Fault(steps: [Step(time: time, change: change)])
    }

    /// Changes the conditions on the links of `host`; `uplink` is as in
    /// ``Simulation/addHost(_:addresses:on:link:uplink:node:)``.
    public static func linkChange<Node: SimulatedNode & ~Copyable>(
        of host: Host<Node>,
        interface: Int? = nil,
        to link: Link,
        uplink: Link? = nil,
        at time: Duration
    ) -> Fault {
        let place = Change.Place.host(host.index, interface: interface)
        let change = Change.links(place, up: uplink ?? link, down: link)
        return Fault(steps: [Step(time: time, change: change)])
    }

    /// Changes the conditions on the line between the NAT of `subnet` and the outside.
    public static func linkChange(
        of subnet: Subnet,
        to link: Link,
        uplink: Link? = nil,
        at time: Duration
    ) -> Fault {
        let place = Change.Place.gateway(subnet: subnet.index)
        let change = Change.links(place, up: uplink ?? link, down: link)
        return Fault(steps: [Step(time: time, change: change)])
    }
}

/// What a fault does, at one instant.
enum Change {
    /// Where the links are that a change is about.
    enum Place {
        case host(Int, interface: Int?)
        case gateway(subnet: Int)
    }

    case beginOutage(Place)
    case endOutage(Place)
    case links(Place, up: Link, down: Link)
    case addresses(host: Int, interface: Int, addresses: [IPAddress], subnet: Int?)
    case restartGateway(subnet: Int, publicAddress: IPAddress?)
}
