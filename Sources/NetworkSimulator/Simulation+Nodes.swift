public import Wire

extension Simulation {
    /// Lets `body` do something with the node at `host`, then sends what the node wants to send.
    ///
    /// This is how user actions reach a node. `body` may use other hosts of the simulation, but not
    /// the same one again.
    public func with<Node: SimulatedNode & ~Copyable, Success: ~Copyable, Failure: Error>(
        _ host: Host<Node>,
        _ body: (inout Node, Instant) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        precondition(owns(host), "\(host.name) belongs to another simulation")
        let seed = hosts[host.index].random.next()
        defer { arrangeWake(of: host.index) }
        return try openSSLFollowing(seed: seed) { () throws(Failure) -> Success in
            defer { collectTransmits(of: host.index) }
            return try body(&host.box.node, now)
        }
    }

    /// Lets `body` look at the node at `host`.
    public func read<Node: SimulatedNode & ~Copyable, Success: ~Copyable, Failure: Error>(
        _ host: Host<Node>,
        _ body: (borrowing Node) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try body(host.box.node)
    }

    private func owns<Node: SimulatedNode & ~Copyable>(_ host: Host<Node>) -> Bool {
        host.index < hosts.count && hosts[host.index].station === host.box
    }

    /// Calls a node, collects what it sends, and arranges its next deadline.
    func call(_ host: Int, _ body: (any Station) -> Void) {
        let seed = hosts[host].random.next()
        openSSLFollowing(seed: seed) {
            body(hosts[host].station)
            collectTransmits(of: host)
        }
        arrangeWake(of: host)
    }

    /// Lets OpenSSL's clock and randomness on this thread follow the simulation during `body`.
    ///
    /// Randomness starts anew with each call of a node, from a seed of the node's own: it depends
    /// neither on other nodes nor on what OpenSSL did on this thread before.
    func openSSLFollowing<Success: ~Copyable, Failure: Error>(
        seed: UInt64,
        _ body: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try SimulatedOpenSSL.withSimulation(seed: seed) { () throws(Failure) -> Success in
            SimulatedOpenSSL.setTime(now)
            return try body()
        }
    }

    private func collectTransmits(of host: Int) {
        let station = hosts[host].station
        var count = 0
        while let datagram = station.popTransmit() {
            send(datagram, from: host)
            count += 1
            guard count < largestBurst else {
                isRunaway = true
                return
            }
        }
    }

    /// Puts the deadline of `host` on the agenda, unless an earlier look at it is there anyway.
    func arrangeWake(of host: Int) {
        guard let deadline = hosts[host].station.deadline else { return }
        let time = max(deadline, now)
        if let earliest = hosts[host].wakes.last, earliest <= time { return }
        hosts[host].wakes.append(time)
        agenda.add(.wake(host), at: time)
    }

    /// Runs the timers of `host` if they are due.
    func wake(_ host: Int) {
        hosts[host].wakes.removeLast()
        guard isDue(host) else { return arrangeWake(of: host) }
        call(host) { $0.advance(to: now) }
        precondition(
            !isDue(host),
            "\(hosts[host].name): after advance(to:) the deadline must be nil or later than now"
        )
    }

    func isDue(_ host: Int) -> Bool {
        guard let deadline = hosts[host].station.deadline else { return false }
        return deadline <= now
    }
}

/// No node has a reason to send more than this at one instant.
private let largestBurst = 100_000
