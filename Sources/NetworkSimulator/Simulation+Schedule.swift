import Wire

extension Simulation {
    /// Arranges for `faults` to happen.
    public func schedule(_ faults: Fault...) {
        for step in faults.flatMap(\.steps) {
            agenda.add(.change(step.change), at: max(now, Instant.zero.advanced(by: step.time)))
        }
    }

    /// Runs `action` when `time` has passed since the start of the simulation; at once if it has.
    ///
    /// The action may do anything: reach nodes, schedule more, change links.
    public func at(_ time: Duration, _ action: @escaping () -> Void) {
        agenda.add(.action(action), at: max(now, Instant.zero.advanced(by: time)))
    }

    /// Runs `action` when `delay` has passed from now.
    public func after(_ delay: Duration, _ action: @escaping () -> Void) {
        agenda.add(.action(action), at: max(now, now.advanced(by: delay)))
    }

    func apply(_ change: Change) {
        switch change {
        case .beginOutage(let place):
            for lane in lanes(at: place) { topology.lanes[lane].beginOutage() }
        case .endOutage(let place):
            for lane in lanes(at: place) { topology.lanes[lane].endOutage() }
        case .links(let place, let up, let down):
            for (index, lane) in lanes(at: place).enumerated() {
                topology.lanes[lane].change(to: index.isMultiple(of: 2) ? up : down)
            }
        case .addresses(let host, let interface, let addresses, let subnet):
            let index = hosts[host].interfaces[interface]
            let target = subnet ?? topology.interfaces[index].subnet
            topology.move(interface: index, to: target, addresses: addresses)
            let all = self.addresses(ofHost: host)
            call(host) { $0.addressesChanged(to: all, at: now) }
        case .restartGateway(let subnet, let publicAddress):
            guard let gateway = topology.segments[subnet].gateway else { return }
            topology.reset(gateway: gateway, publicAddress: publicAddress)
        }
    }

    /// The directions of the links at `place`, up and down by turns.
    private func lanes(at place: Change.Place) -> [Int] {
        switch place {
        case .gateway(let subnet):
            guard let gateway = topology.segments[subnet].gateway else { return [] }
            return [topology.gateways[gateway].uplink, topology.gateways[gateway].downlink]
        case .host(let host, let interface):
            let all = hosts[host].interfaces
            let chosen = interface.map { [all[$0]] } ?? all
            return chosen.flatMap {
                [topology.interfaces[$0].uplink, topology.interfaces[$0].downlink]
            }
        }
    }
}
