import STUN
import Wire

extension TURNClient {
    /// RFC 8656 §7.3, §8.3, §10.3 and §12.3, behind the checks of RFC 8489 §9.2.5.
    mutating func receiveAnswer(_ packet: STUNPacket, _ bytes: Span<UInt8>) {
        guard let index = requests.index(of: packet.transactionID) else { return }
        let request = requests.entries[index]
        guard packet.method == request.purpose.method else { return }
        switch signing.judge(packet, bytes, answering: request) {
        // RFC 8489 §9.2.5: as if it had never come. The request is repeated until the true answer.
        case .forged: return
        case .again:
            _ = requests.remove(at: index)
            guard request.round < maximumRounds else {
                return conclude(request, with: .unauthorized)
            }
            ask(request.purpose, round: request.round + 1)
        // The server's clock may be ahead: what the new credentials are told decides.
        case .refused(.unauthorized) where request.purpose != .renew && requests.contains(.renew):
            return
        case .refused(let error):
            _ = requests.remove(at: index)
            noteReason(packet, bytes)
            conclude(request, with: error)
        case .genuine:
            _ = requests.remove(at: index)
            guard packet.messageClass == .error else { return succeed(request, packet, bytes) }
            noteReason(packet, bytes)
            guard let code = packet.errorCode(in: bytes) else {
                return conclude(request, with: .malformedAnswer)
            }
            refuse(request, code, packet, bytes)
        }
    }

    private mutating func noteReason(_ packet: STUNPacket, _ bytes: Span<UInt8>) {
        let reason = packet.errorReason(in: bytes)
        serverReason = reason.isEmpty ? nil : String(reason.prefix(longestReason))
    }

    // MARK: - Success

    private mutating func succeed(
        _ request: RequestTable.Entry,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>
    ) {
        switch request.purpose {
        case .allocate: takeAllocation(packet, bytes)
        case .refresh, .renew:
            guard case .allocated(let allocation) = phase else { return }
            // The configured time is what was asked for: a server that does not say grants that.
            grant(packet.lifetime(in: bytes) ?? configuration.lifetime, to: allocation)
            if request.purpose == .renew, signing.adopt() {
                outputs.append(.credentialsAccepted)
                askAnewUnderNewCredentials()
            }
        case .release: end(with: .closed)
        case .permit(let addresses):
            for address in addresses where permissions.install(address, at: clock) {
                outputs.append(.permitted(address))
            }
        case .bind(let number):
            guard let peer = channels.peer(at: number) else { return }
            // RFC 8656 §12: a binding is a permission too.
            if permissions.install(peer.address, at: clock) {
                outputs.append(.permitted(peer.address))
            }
            if channels.bind(number, at: clock) { outputs.append(.channelBound(peer)) }
        }
    }

    /// RFC 8489 §9.2.5: answers are checked by the key of their requests, which is none of ours any
    /// more, and a server that has forgotten it would refuse them (401).
    private mutating func askAnewUnderNewCredentials() {
        // The grant of new credentials is a refresh.
        for purpose in requests.takeAll() where purpose != .refresh { ask(purpose) }
    }

    /// RFC 8656 §7.3.
    private mutating func takeAllocation(_ packet: STUNPacket, _ bytes: Span<UInt8>) {
        guard case .allocating(let attempt) = phase else { return }
        let relayed = packet.maskedAddresses(.xorRelayedAddress, in: bytes, limit: 2) ?? []
        guard let mapped = packet.mappedAddress(in: bytes),
            isAcceptable(relayed, as: attempt.families)
        else {
            return end(with: .failed(.malformedAnswer))
        }
        let sorted =
            relayed.filter { $0.address.family == .v4 }
            + relayed.filter { $0.address.family == .v6 }
        let allocation = Allocation(
            relayed: sorted,
            mapped: mapped.unmapped,
            doesNotFragment: attempt.doesNotFragment,
            expiresAt: clock
        )
        grant(packet.lifetime(in: bytes) ?? configuration.lifetime, to: allocation)
        startKeepalives()
        outputs.append(.allocated(relayed: sorted, mapped: mapped.unmapped))
        for entry in permissions.entries where !allocation.hasFamily(of: entry.address) {
            permissions.remove(entry.address)
            outputs.append(.denied(entry.address, .peerAddressFamilyMismatch))
        }
    }

    /// Whether these are of the families asked for, at most one of each.
    private func isAcceptable(
        _ relayed: [SocketAddress],
        as families: TURNAddressFamilies
    ) -> Bool {
        let v4 = relayed.count { $0.address.family == .v4 }
        let v6 = relayed.count - v4
        guard relayed.allSatisfy({ $0.port != 0 && !$0.address.isUnspecified }) else {
            return false
        }
        return switch families {
        case .ipv4: (v4, v6) == (1, 0)
        case .ipv6: (v4, v6) == (0, 1)
        case .both: v4 <= 1 && v6 <= 1 && v4 + v6 > 0
        }
    }

    // MARK: - Errors

    private mutating func refuse(
        _ request: RequestTable.Entry,
        _ code: STUNErrorCode,
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>
    ) {
        guard request.purpose == .allocate else { return conclude(request, with: TURNError(code)) }
        guard case .allocating(var attempt) = phase else { return }
        switch code.rawValue {
        case 300: goElsewhere(packet, bytes)
        case 420 where attempt.doesNotFragment:
            // RFC 8656 §7.4: the server cannot keep datagrams whole.
            attempt.doesNotFragment = false
            phase = .allocating(attempt)
            ask(.allocate)
        case 440 where attempt.families == .both:
            // RFC 8656 §7.2 lets a server without IPv4 refuse whoever does not ask for IPv6 alone.
            attempt.families = .ipv6
            phase = .allocating(attempt)
            ask(.allocate)
        case 437 where attempt.mismatches < maximumMismatches:
            // RFC 8656 §7.4: this port is somebody's who was here before.
            attempt.mismatches += 1
            phase = .pathless(attempt, until: clock.advanced(by: pathWait))
            outputs.append(.needsNewPath)
        default: end(with: .failed(TURNError(code)))
        }
    }

    /// RFC 8489 §10: another server, under fresh nonces.
    private mutating func goElsewhere(_ packet: STUNPacket, _ bytes: Span<UInt8>) {
        guard case .allocating(var attempt) = phase else { return }
        guard let other = packet.address(.alternateServer, in: bytes)?.unmapped, isUsable(other),
            !attempt.servers.contains(other), attempt.servers.count <= maximumRedirections
        else { return end(with: .failed(.unusableAlternate)) }
        attempt.servers.append(other)
        attempt.families = configuration.families
        server = other
        signing.forgetServer()
        outputs.append(.redirected(other))
        switch configuration.transport {
        case .datagram:
            phase = .allocating(attempt)
            ask(.allocate)
        case .stream: phase = .pathless(attempt, until: clock.advanced(by: pathWait))
        }
    }

    /// An answer to the first request is not signed: anybody may have named this address.
    private func isUsable(_ other: SocketAddress) -> Bool {
        let address = other.address
        guard other.port != 0, !address.isUnspecified, !address.isMulticast else { return false }
        // A server on the network does not send its clients to services of their own machine.
        guard !address.isLoopback || configuration.server.address.isLoopback else { return false }
        return configuration.allowsOtherFamily
            || address.family == configuration.server.address.unmapped.family
    }

    /// A request has failed for good.
    mutating func conclude(_ request: RequestTable.Entry, with error: TURNError) {
        switch request.purpose {
        case .allocate: end(with: .failed(error))
        case .release: end(with: .closed)
        case .refresh: end(with: .lost(error))
        case .renew:
            guard error != .allocationMismatch else { return end(with: .lost(error)) }
            signing.abandon()
            outputs.append(.credentialsRefused(error))
        case .permit(let addresses):
            guard error != .allocationMismatch else { return end(with: .lost(error)) }
            // RFC 8656 §10.2: one that is refused takes the others of its request with it.
            guard addresses.count == 1 || error == .unanswered else {
                return permissions.wantAlone(addresses)
            }
            for address in addresses where permissions.index(of: address) != nil {
                permissions.remove(address)
                channels.drop(address: address)
                outputs.append(.denied(address, error))
            }
        case .bind(let number):
            guard error != .allocationMismatch else { return end(with: .lost(error)) }
            guard let peer = channels.peer(at: number) else { return }
            let wasInUse = channels.isInUse(by: peer)
            channels.drop(number)
            if wasInUse { outputs.append(.channelRefused(peer, error)) }
        }
    }
}

/// How often one question is asked again because of its nonce: once for the realm, once or twice
/// because the nonce has become stale on the way.
private let maximumRounds = 3
private let maximumRedirections = 3
private let maximumMismatches = 2
private let pathWait = Duration.seconds(10)
/// RFC 8489 §14.8: fewer than 128 characters.
private let longestReason = 127
