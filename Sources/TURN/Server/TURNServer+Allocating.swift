import STUN
public import Wire

extension TURNServer {
    /// RFC 8656 §7.2, in its order.
    mutating func allocate(
        for caller: Account,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        _ answer: Answer,
        existing place: Int?
    ) {
        if let place { return answerAgain(place, caller, answer) }
        let wish: Wish
        do throws(Refusal) {
            wish = try self.wish(of: packet, in: bytes)
        } catch {
            return error.code == .unknownAttribute
                ? refuse(answer, unknown: [.dontFragment])
                : refuse(answer, error.code, caller)
        }
        if configuration.alternate != nil { return refuse(answer, .tryAlternate, caller) }
        guard allocations.count(of: caller.key) < configuration.limits.allocationsPerUser else {
            return refuse(answer, .allocationQuotaReached, caller)
        }
        guard allocations.count < configuration.limits.allocations else {
            return refuse(answer, .insufficientCapacity, caller)
        }
        open(wish, for: caller, answer)
    }

    /// What a client asks for, checked.
    private struct Wish {
        var families: TURNAddressFamilies
        var lifetime: Duration
        var isEven: Bool
    }

    private struct Refusal: Error { let code: STUNErrorCode }

    private func wish(
        of packet: STUNPacket,
        in bytes: Span<UInt8>
    ) throws(Refusal) -> Wish {
        guard packet.has(.requestedTransport, in: bytes),
            let transport = packet.shortNumber(.requestedTransport, in: bytes)
        else { throw Refusal(code: .badRequest) }
        guard transport == udpProtocol else { throw Refusal(code: .unsupportedTransport) }
        // Which datagrams the kernel cuts is not ours to say: the client may ask again without.
        guard !packet.has(.dontFragment, in: bytes) else { throw Refusal(code: .unknownAttribute) }
        let evenPort = packet.range(of: .evenPort, in: bytes)
        if packet.has(.reservationToken, in: bytes) {
            let isAlone =
                evenPort == nil && !packet.has(.requestedAddressFamily, in: bytes)
                && !packet.has(.additionalAddressFamily, in: bytes)
            // No port is ever reserved here.
            throw Refusal(code: isAlone ? .insufficientCapacity : .badRequest)
        }
        let families = try wantedFamilies(packet, bytes)
        // The R bit wants the next port as well, which makes no sense for two (RFC 8656 §7.2, 8).
        if let evenPort, !evenPort.isEmpty, bytes[evenPort.lowerBound] & 0x80 != 0 {
            throw Refusal(code: families == .both ? .badRequest : .insufficientCapacity)
        }
        let wanted = packet.lifetime(in: bytes)
        return Wish(
            families: families,
            lifetime: lifetime(wanted: wanted == .zero ? nil : wanted),
            isEven: evenPort != nil
        )
    }

    /// RFC 8656 §7.2, points 6, 7 and 9.
    private func wantedFamilies(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>
    ) throws(Refusal) -> TURNAddressFamilies {
        let isAdditional = packet.has(.additionalAddressFamily, in: bytes)
        if packet.has(.requestedAddressFamily, in: bytes) {
            let wanted = try family(.requestedAddressFamily, packet, bytes)
            guard !isAdditional else { throw Refusal(code: .badRequest) }
            guard relayAddress(of: wanted) != nil else {
                throw Refusal(code: .addressFamilyNotSupported)
            }
            return wanted == .v4 ? .ipv4 : .ipv6
        }
        guard isAdditional else {
            guard relayAddress(of: .v4) != nil else {
                throw Refusal(code: .addressFamilyNotSupported)
            }
            return .ipv4
        }
        // RFC 8656 §18.11: nothing but IPv6.
        guard try family(.additionalAddressFamily, packet, bytes) == .v6 else {
            throw Refusal(code: .badRequest)
        }
        return .both
    }

    private func family(
        _ type: STUNAttributeType,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>
    ) throws(Refusal) -> IPAddress.Family {
        switch packet.shortNumber(type, in: bytes) {
        case FamilyNumber.v4: return .v4
        case FamilyNumber.v6: return .v6
        case nil: throw Refusal(code: .badRequest)
        default: throw Refusal(code: .addressFamilyNotSupported)
        }
    }

    private func relayAddress(
        of family: IPAddress.Family
    ) -> TURNServerConfiguration.RelayAddress? {
        configuration.relays.first { $0.local.family == family }
    }

    /// The request that made the allocation has come again, or one that has no place here.
    private mutating func answerAgain(_ place: Int, _ caller: Account, _ answer: Answer) {
        guard let allocation = allocations[place], allocation.transactionID == answer.id,
            allocation.owner.key == caller.key
        else { return refuse(answer, .allocationMismatch, caller) }
        // While the relays are being opened the answer is on its way already.
        if allocation.isOpen { announce(allocation, answer) }
    }

    private mutating func open(_ wish: Wish, for caller: Account, _ answer: Answer) {
        var relays: [ServerAllocation.Relay] = []
        var missing: ServerAllocation.Missing?
        for family in wish.families.members {
            if let relay = reserve(family, isEven: wish.isEven) {
                relays.append(relay)
            } else {
                let isServed = relayAddress(of: family) != nil
                let code =
                    isServed ? .insufficientCapacity : STUNErrorCode.addressFamilyNotSupported
                missing = ServerAllocation.Missing(family: family, code: code)
            }
        }
        // RFC 8656 §7.2, 9: half of both is better than nothing.
        guard !relays.isEmpty else { return refuse(answer, .insufficientCapacity, caller) }
        let limits = configuration.limits
        let bucket = TokenBucket(
            rate: limits.bytesPerSecond,
            // A burst of a fifth of a second, and always a few whole packets.
            burst: max((limits.bytesPerSecond ?? 0) / 5, 16_384),
            at: clock
        )
        let allocation = ServerAllocation(
            path: answer.path,
            owner: caller,
            transactionID: answer.id,
            generation: allocations.nextGeneration(),
            phase: .opening(answer),
            expiresAt: clock.advanced(by: wish.lifetime),
            relays: relays,
            missing: missing,
            budget: ServerAllocation.Budget(outgoing: bucket, incoming: bucket)
        )
        let place = allocations.add(allocation)
        statistics.allocations = allocations.count
        for relay in relays {
            outputs.append(.openRelay(id(of: relay, in: allocation, at: place), relay.local))
        }
    }

    /// Chooses a port by chance, so that nobody knows the next one (RFC 8656 §7.2).
    private mutating func reserve(
        _ family: IPAddress.Family,
        isEven: Bool,
        attempts: Int = bindAttempts
    ) -> ServerAllocation.Relay? {
        guard let address = relayAddress(of: family) else { return nil }
        let ports = configuration.ports
        let start = Int(entropy.next() % UInt64(ports.count))
        for step in 0..<ports.count {
            let port = ports.lowerBound + UInt16((start + step) % ports.count)
            guard !isEven || port % 2 == 0, port != 0 else { continue }
            let local = SocketAddress(address.local, port: port)
            guard !configuration.listening.contains(local), allocations.claim(local) else {
                continue
            }
            return ServerAllocation.Relay(
                family: family,
                local: local,
                external: SocketAddress(address.external, port: port),
                attempts: attempts,
                isEven: isEven
            )
        }
        return nil
    }

    // MARK: - What the owner says

    /// The socket of a relay is bound.
    public mutating func relayOpened(_ relay: TURNRelayID, at now: Instant) {
        note(now)
        guard let place = allocations.place(of: relay), var allocation = allocations[place],
            let index = allocation.relay(of: relay.family),
            case .opening(let answer) = allocation.phase
        else { return }
        allocation.relays[index].isOpen = true
        let isComplete = allocation.relays.allSatisfy(\.isOpen)
        if isComplete { allocation.phase = .open }
        allocations[place] = allocation
        if isComplete { announceNew(allocation, answer) }
    }

    private mutating func announceNew(_ allocation: ServerAllocation, _ answer: Answer) {
        announce(allocation, answer)
        outputs.append(
            .event(
                .allocated(
                    allocation.path,
                    user: allocation.owner.username,
                    relayed: allocation.relays.map(\.external)
                )
            )
        )
    }

    /// The socket of a relay could not be bound: another port is tried, a few times.
    public mutating func relayFailed(_ relay: TURNRelayID, at now: Instant) {
        note(now)
        guard let place = allocations.place(of: relay), let allocation = allocations[place],
            let index = allocation.relay(of: relay.family),
            case .opening(let answer) = allocation.phase
        else { return }
        let failed = allocation.relays[index]
        // The port stays claimed while another is looked for.
        let next =
            failed.attempts > 1
            ? reserve(failed.family, isEven: failed.isEven, attempts: failed.attempts - 1) : nil
        guard let next else {
            guard allocation.relays.count > 1 else {
                release(place, .stopped)
                return refuse(answer, .insufficientCapacity, allocation.owner)
            }
            return goOn(without: index, place, answer)
        }
        allocations.release(failed.local)
        allocations[place]?.relays[index] = next
        outputs.append(.openRelay(relay, next.local))
    }

    /// RFC 8656 §7.2, 9: one relay of two cannot be had.
    private mutating func goOn(without index: Int, _ place: Int, _ answer: Answer) {
        guard var allocation = allocations[place] else { return }
        let failed = allocation.relays.remove(at: index)
        allocations.release(failed.local)
        allocation.missing = ServerAllocation.Missing(
            family: failed.family,
            code: .insufficientCapacity
        )
        let isComplete = allocation.relays.allSatisfy(\.isOpen)
        if isComplete { allocation.phase = .open }
        allocations[place] = allocation
        if isComplete { announceNew(allocation, answer) }
    }

    /// RFC 8656 §7.2: the success response.
    private mutating func announce(_ allocation: ServerAllocation, _ answer: Answer) {
        let left = clock.duration(to: allocation.expiresAt)
        let seconds = UInt32(clamping: left.components.seconds)
        send(answer, .success) { writer throws(WriteError) in
            for relay in allocation.relays {
                try STUNWriter.append(
                    .xorRelayedAddress,
                    masked: relay.external,
                    id: answer.id,
                    to: &writer
                )
            }
            try STUNWriter.append(.lifetime, seconds, to: &writer)
            try STUNWriter.appendMapped(answer.path.client, id: answer.id, to: &writer)
            guard let missing = allocation.missing else { return }
            let (family, number) = (missing.family.number, missing.code.rawValue)
            let field = UInt32(family) << 24 | UInt32(number / 100) << 8 | UInt32(number % 100)
            try STUNWriter.append(.addressErrorCode, field, to: &writer)
        }
    }
}

extension TURNAddressFamilies {
    /// IPv4 first.
    fileprivate var members: [IPAddress.Family] {
        switch self {
        case .ipv4: [.v4]
        case .ipv6: [.v6]
        case .both: [.v4, .v6]
        }
    }
}

private let bindAttempts = 8
