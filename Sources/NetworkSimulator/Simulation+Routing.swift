public import Wire

extension Simulation {
    /// Drops every datagram that `predicate` picks, as it leaves its sender.
    ///
    /// For the loss of one particular message. Rules add up.
    public func drop(where predicate: @escaping (Datagram, Instant) -> Bool) {
        dropRules.append(predicate)
    }

    /// Forgets all rules of ``drop(where:)``.
    public func removeDropRules() { dropRules.removeAll() }

    /// A node at `host` sends `datagram`.
    func send(_ datagram: Datagram, from host: Int) {
        statistics.sent += 1
        capture.record(datagram, at: now, .sent)
        for rule in dropRules where rule(datagram, now) { return drop(datagram, .rule) }
        let (source, destination) = (datagram.source.address, datagram.destination.address)
        guard source.family == destination.family else { return drop(datagram, .noRoute) }
        if destination.isLoopback || owns(host, destination) {
            return sendLocally(datagram, on: host)
        }
        let interface = hosts[host].interfaces.first {
            topology.interfaces[$0].addresses.contains(source)
        }
        guard let interface else { return drop(datagram, .foreignSource) }
        let (lane, subnet) = (
            topology.interfaces[interface].uplink, topology.interfaces[interface].subnet
        )
        carry(datagram, over: lane, to: .subnet(subnet))
    }

    private func sendLocally(_ datagram: Datagram, on host: Int) {
        let source = datagram.source.address
        guard source.isLoopback || owns(host, source) else { return drop(datagram, .foreignSource) }
        guard datagram.packetSize <= largestPacket else { return drop(datagram, .tooLarge) }
        agenda.add(.arrival(datagram, .loopback(host)), at: now.advanced(by: loopbackDelay))
    }

    private func owns(_ host: Int, _ address: IPAddress) -> Bool {
        hosts[host].interfaces.contains { topology.interfaces[$0].addresses.contains(address) }
    }

    /// Puts `datagram` on one direction of a link.
    private func carry(_ datagram: Datagram, over lane: Int, to hop: Hop) {
        switch topology.lanes[lane].carry(datagram.packetSize, at: now) {
        case .dropped(let reason):
            drop(datagram, reason)
        case .arrives(let time, let copyTime):
            agenda.add(.arrival(datagram, hop), at: time)
            guard let copyTime else { return }
            statistics.duplicated += 1
            agenda.add(.arrival(datagram, hop), at: copyTime)
        }
    }

    /// `datagram` has come to the end of a link.
    func arrive(_ datagram: Datagram, at hop: Hop) {
        switch hop {
        case .subnet(let subnet): route(datagram, on: subnet)
        case .gateway(let gateway): comeIn(datagram, through: gateway)
        case .loopback(let host): deliver(datagram, to: host)
        case .interface(let index):
            let interface = topology.interfaces[index]
            // It may have lost its address while the packet was on its way.
            guard interface.addresses.contains(datagram.destination.address) else {
                return drop(datagram, .noRoute)
            }
            deliver(datagram, to: interface.host)
        }
    }

    private func deliver(_ datagram: Datagram, to host: Int) {
        statistics.delivered += 1
        capture.record(datagram, at: now, .delivered)
        call(host) { $0.receive(datagram, at: now) }
    }

    /// A datagram from within a subnet is on its way to a host there, or out of it.
    private func route(_ datagram: Datagram, on subnet: Int) {
        if passOn(datagram, on: subnet) { return }
        guard let gateway = topology.segments[subnet].gateway else {
            return drop(datagram, .noRoute)
        }
        goOut(datagram, through: gateway)
    }

    /// Sends `datagram` to its destination if that is on `subnet`.
    private func passOn(_ datagram: Datagram, on subnet: Int) -> Bool {
        switch topology.segments[subnet].attachments[datagram.destination.address] {
        case .interface(let index):
            carry(datagram, over: topology.interfaces[index].downlink, to: .interface(index))
        case .gateway(let index):
            carry(datagram, over: topology.gateways[index].downlink, to: .gateway(index))
        case nil:
            return false
        }
        return true
    }

    private func goOut(_ datagram: Datagram, through index: Int) {
        let gateway = topology.gateways[index]
        let nat = gateway.table.nat
        let isTranslated = datagram.source.address.family == nat.publicAddress.family
        guard isTranslated || topology.isGlobal(datagram.source.address) else {
            return drop(datagram, .noRoute)
        }
        let isHairpin = datagram.destination.address == nat.publicAddress
        guard nat.hairpin || !isHairpin else { return drop(datagram, .hairpin) }
        let outside = topology.gateways[index].table.outbound(
            from: datagram.source,
            to: datagram.destination,
            at: now
        )
        guard let outside else { return drop(datagram, .noMapping) }
        var translated = datagram
        translated.source = outside
        // RFC 4787 §6, REQ-9 a): a hairpinned packet comes from the sender's outside endpoint.
        guard !isHairpin else { return comeIn(translated, through: index) }
        carry(translated, over: gateway.uplink, to: .subnet(gateway.outside))
    }

    private func comeIn(_ datagram: Datagram, through index: Int) {
        let passage = topology.gateways[index].table.inbound(
            from: datagram.source,
            to: datagram.destination,
            at: now
        )
        switch passage {
        case .dropped(let reason):
            drop(datagram, reason)
        case .passes(let inside):
            var translated = datagram
            translated.destination = inside
            // The inside host may be gone; what came in never goes out again.
            guard !passOn(translated, on: topology.gateways[index].inside) else { return }
            drop(translated, .noRoute)
        }
    }

    private func drop(_ datagram: Datagram, _ reason: DropReason) {
        statistics.countDrop(reason)
        capture.record(datagram, at: now, .dropped)
    }
}

extension Datagram {
    /// The length of the IP packet that carries this datagram.
    var packetSize: Int {
        switch source.address.family {
        case .v4: payload.count + 28
        case .v6: payload.count + 48
        }
    }
}

/// Enough for two nodes of one host not to answer each other without any time passing.
private let loopbackDelay = Duration.microseconds(10)
/// The length fields of IP have 16 bits.
private let largestPacket = 65_535
