import STUN
import Wire

extension TURNServer {
    /// RFC 8656 §5: everything but Binding is for those who know a password.
    mutating func receiveRequest(_ packet: STUNPacket, _ bytes: Span<UInt8>, _ path: TURNPath) {
        guard !packet.hasFingerprint || packet.hasValidFingerprint(in: bytes) else { return }
        switch packet.method {
        case .binding: answerBinding(packet, bytes, path)
        case .allocate, .refresh, .createPermission, .channelBind:
            guard let (caller, answer) = authenticate(packet, bytes, path) else { return }
            let unknown = packet.unknownRequiredAttributes(
                in: bytes,
                understanding: [.binding, .relay]
            )
            guard unknown.isEmpty else { return refuse(answer, unknown: unknown) }
            serve(caller, packet, bytes, answer)
        default: break
        }
    }

    private mutating func answerBinding(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ path: TURNPath
    ) {
        guard admitsStranger(path) else { return }
        let answer = Answer(packet, path, signature: nil)
        let unknown = packet.unknownRequiredAttributes(in: bytes, understanding: .binding)
        guard unknown.isEmpty else { return refuse(answer, unknown: unknown) }
        send(answer, .success) { writer throws(WriteError) in
            try STUNWriter.appendMapped(path.client, id: packet.transactionID, to: &writer)
        }
    }

    /// RFC 8489 §9.2.4: nil if the request was not signed rightly, and has been answered so.
    private mutating func authenticate(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ path: TURNPath
    ) -> (Account, Answer)? {
        var account: Account?
        let verdict = verifier.verify(packet, in: bytes, from: path.client, at: clock) { identity in
            guard case .name(let name) = identity else { return nil }
            let found = credentials(of: name)
            account = found?.account
            return found?.credentials
        }
        switch verdict {
        case .authentic(let user):
            guard let account else { return nil }
            return (account, Answer(packet, path, signature: user.signature))
        case .refused(let code):
            guard admitsStranger(path) else { return nil }
            if code == .unauthenticated, packet.hasIntegrity || packet.hasStrongIntegrity {
                outputs.append(.event(.unauthorized(path)))
            }
            let (verifier, now) = (verifier, clock)
            compose(path) { writer throws(WriteError) in
                try verifier.writeRefusal(
                    code,
                    of: packet,
                    to: path.client,
                    at: now,
                    into: &writer
                )
            }
            return nil
        }
    }

    private mutating func admitsStranger(_ path: TURNPath) -> Bool {
        guard strangers.admits(path.client.address, at: clock) else {
            statistics.unanswered &+= 1
            return false
        }
        return true
    }

    private func credentials(
        of name: String
    ) -> (credentials: STUNCredentials, account: Account)? {
        if let password = configuration.users[name] {
            let credentials = STUNCredentials(username: name, password: password)
            guard let prepared = try? credentials.prepared() else { return nil }
            return (prepared, Account(key: "user:\(name)", username: name))
        }
        guard let secret = configuration.sharedSecret else { return nil }
        let time = wallClock.seconds(at: clock)
        guard let found = RESTCredentials.lookUp(name, at: time, secret: secret) else { return nil }
        let user = name.drop { $0 != ":" }
        let key = user.count > 1 ? "time\(user)" : "time:\(name)"
        return (found, Account(key: key, username: name))
    }

    private mutating func serve(
        _ caller: Account,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ answer: Answer
    ) {
        let place = allocations.place(of: answer.path)
        guard packet.method != .allocate else {
            return allocate(for: caller, packet, bytes, answer, existing: place)
        }
        // RFC 8656 §8.2, §10.2, §12.2.
        guard let place, let allocation = allocations[place], allocation.isOpen else {
            return refuse(answer, .allocationMismatch, caller)
        }
        guard allocation.owner.key == caller.key else {
            return refuse(answer, .wrongCredentials, caller)
        }
        switch packet.method {
        case .refresh: refresh(place, packet, bytes, answer, caller)
        case .createPermission: permit(place, packet, bytes, answer, caller)
        default: bind(place, packet, bytes, answer, caller)
        }
    }

    /// RFC 8656 §8.2.
    private mutating func refresh(
        _ place: Int,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ answer: Answer,
        _ caller: Account
    ) {
        if packet.has(.requestedAddressFamily, in: bytes) {
            let family = packet.shortNumber(.requestedAddressFamily, in: bytes)
            let isServed = allocations[place]?.relays.contains { $0.family.number == family }
            guard isServed ?? false else {
                return refuse(answer, .peerAddressFamilyMismatch, caller)
            }
        }
        let lifetime = lifetime(wanted: packet.lifetime(in: bytes))
        if lifetime == .zero {
            release(place, .byClient)
        } else {
            allocations[place]?.expiresAt = clock.advanced(by: lifetime)
            // An earlier end than before would not be noticed in time otherwise.
            allocations.schedule(place)
        }
        send(answer, .success) { writer throws(WriteError) in
            try STUNWriter.append(.lifetime, UInt32(lifetime.components.seconds), to: &writer)
        }
    }

    /// RFC 8656 §7.2: what the client wants, within the server's limits; zero ends the allocation.
    func lifetime(wanted: Duration?) -> Duration {
        let limits = configuration.limits
        guard let wanted else { return limits.defaultLifetime }
        guard wanted > .zero else { return .zero }
        return min(max(wanted, limits.defaultLifetime), limits.maximumLifetime)
    }

    /// RFC 8656 §10.2.
    private mutating func permit(
        _ place: Int,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ answer: Answer,
        _ caller: Account
    ) {
        let peers = packet.maskedAddresses(.xorPeerAddress, in: bytes, limit: peersPerRequest)
        guard let peers, !peers.isEmpty else { return refuse(answer, .badRequest, caller) }
        for peer in peers {
            if let code = objection(to: peer.address, place) { return refuse(answer, code, caller) }
        }
        let addresses = peers.map(\.address)
        guard install(addresses, place) else {
            return refuse(answer, .insufficientCapacity, caller)
        }
        send(answer, .success) { _ throws(WriteError) in }
    }

    /// RFC 8656 §12.2.
    private mutating func bind(
        _ place: Int,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ answer: Answer,
        _ caller: Account
    ) {
        guard let number = packet.halfNumber(.channelNumber, in: bytes),
            ChannelData.numbersEverUsed.contains(number),
            let channels = allocations[place]?.channels,
            let peer = packet.maskedAddress(.xorPeerAddress, in: bytes), peer.port != 0
        else { return refuse(answer, .badRequest, caller) }
        let bound = channels.peer(of: number, at: clock)
        let other = channels.number(for: peer, at: clock)
        guard bound == nil || bound == peer, other == nil || other == number else {
            return refuse(answer, .badRequest, caller)
        }
        if let code = objection(to: peer.address, place) { return refuse(answer, code, caller) }
        guard mayReach(peer) else { return refuse(answer, .forbidden, caller) }
        if bound == nil {
            if channels.count >= configuration.limits.channels {
                allocations[place]?.channels.removeExpired(at: clock)
            }
            let count = allocations[place]?.channels.count ?? 0
            guard count < configuration.limits.channels else {
                return refuse(answer, .insufficientCapacity, caller)
            }
        }
        guard install([peer.address], place) else {
            return refuse(answer, .insufficientCapacity, caller)
        }
        let end = clock.advanced(by: channelLifetime)
        allocations[place]?.channels.bind(number, to: peer, until: end)
        send(answer, .success) { _ throws(WriteError) in }
    }

    /// Why packets may not go to `address`, if they may not.
    private func objection(to address: IPAddress, _ place: Int) -> STUNErrorCode? {
        guard allocations[place]?.relay(of: address.family) != nil else {
            return .peerAddressFamilyMismatch
        }
        return mayPermit(address) ? nil : .forbidden
    }

    private mutating func install(_ addresses: [IPAddress], _ place: Int) -> Bool {
        guard var permissions = allocations[place]?.permissions else { return false }
        let now = clock
        let limit = configuration.limits.permissions
        let isNew = addresses.contains { permissions[$0] == nil }
        if isNew, permissions.count + addresses.count > limit {
            permissions = permissions.filter { $0.value > now }
        }
        for address in addresses {
            permissions[address] = now.advanced(by: permissionLifetime)
        }
        guard permissions.count <= limit else { return false }
        allocations[place]?.permissions = permissions
        return true
    }
}

extension IPAddress.Family {
    /// RFC 8656 §18.4.
    var number: UInt8 {
        switch self {
        case .v4: FamilyNumber.v4
        case .v6: FamilyNumber.v6
        }
    }
}

extension ServerAllocation {
    var isOpen: Bool {
        switch phase {
        case .opening: false
        case .open: true
        }
    }
}

/// RFC 8656 §9.
private let permissionLifetime = Duration.seconds(300)
/// RFC 8656 §12.
private let channelLifetime = Duration.seconds(600)
private let peersPerRequest = 32
