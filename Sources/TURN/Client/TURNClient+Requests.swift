import STUN
import Wire

extension TURNClient {
    /// Sends a request; `round` counts how often the same was asked before under other nonces.
    mutating func ask(_ purpose: RequestTable.Purpose, round: Int = 0) {
        let id = STUNTransactionID(using: &entropy)
        guard signing.isUsable(for: purpose), let bytes = compose(purpose, id: id) else {
            // Credentials that no key can be made of (RFC 8265), or of thousands of bytes.
            let failed = RequestTable.Entry(
                id: id,
                purpose: purpose,
                bytes: [],
                schedule: schedule(for: purpose),
                round: round,
                isSigned: false
            )
            return conclude(failed, with: .unauthorized)
        }
        requests.add(
            RequestTable.Entry(
                id: id,
                purpose: purpose,
                bytes: bytes,
                schedule: schedule(for: purpose),
                round: round,
                isSigned: signing.canSign(purpose)
            )
        )
        transmit(bytes)
    }

    private func schedule(for purpose: RequestTable.Purpose) -> RetransmissionSchedule {
        let initialRTO = configuration.initialRTO
        switch configuration.transport {
        case .datagram:
            // Nobody waits for the answer to a release.
            let limit = purpose == .release ? 3 : configuration.maximumRequests
            return RetransmissionSchedule(
                initialRTO: initialRTO,
                maximumRequests: limit,
                finalWaitMultiplier: purpose == .release ? 4 : 16,
                at: clock
            )
        case .stream:
            // RFC 8489 §6.2.2: sent once, and given up after Ti = 39.5 s.
            return RetransmissionSchedule(
                initialRTO: initialRTO,
                maximumRequests: 1,
                finalWaitMultiplier: purpose == .release ? 4 : 79,
                at: clock
            )
        }
    }

    private mutating func compose(
        _ purpose: RequestTable.Purpose,
        id: STUNTransactionID
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: requestCapacity)
        var writer = SpanWriter(bytes.mutableSpan)
        do throws(WriteError) {
            try STUNWriter.begin(.request, purpose.method, id: id, to: &writer)
            try write(purpose, id: id, to: &writer)
            if let software = configuration.software {
                try STUNWriter.append(.software, text: software, to: &writer)
            }
            try signing.close(purpose, &writer)
        } catch {
            return nil
        }
        let length = writer.offset
        bytes.removeLast(bytes.count - length)
        return bytes
    }

    private func write(
        _ purpose: RequestTable.Purpose,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        switch purpose {
        case .allocate: try writeAllocation(to: &writer)
        case .refresh, .renew: try STUNWriter.append(.lifetime, lifetimeField, to: &writer)
        case .release: try STUNWriter.append(.lifetime, UInt32(0), to: &writer)
        case .permit(let addresses):
            for address in addresses {
                let peer = SocketAddress(address, port: 0)
                try STUNWriter.append(.xorPeerAddress, masked: peer, id: id, to: &writer)
            }
        case .bind(let number):
            // RFC 8656 §18.1: the number, and two bytes that are reserved.
            try STUNWriter.append(.channelNumber, UInt32(number) << 16, to: &writer)
            guard let peer = channels.peer(at: number) else { return }
            try STUNWriter.append(.xorPeerAddress, masked: peer, id: id, to: &writer)
        }
    }

    /// RFC 8656 §7.1.
    private func writeAllocation(to writer: inout SpanWriter) throws(WriteError) {
        try STUNWriter.append(.requestedTransport, UInt32(udpProtocol) << 24, to: &writer)
        try STUNWriter.append(.lifetime, lifetimeField, to: &writer)
        guard case .allocating(let attempt) = phase else { return }
        switch attempt.families {
        // The default, which the oldest servers understand too.
        case .ipv4: break
        case .ipv6:
            try STUNWriter.append(
                .requestedAddressFamily,
                UInt32(FamilyNumber.v6) << 24,
                to: &writer
            )
        case .both:
            try STUNWriter.append(
                .additionalAddressFamily,
                UInt32(FamilyNumber.v6) << 24,
                to: &writer
            )
        }
        if attempt.doesNotFragment { try STUNWriter.append(.dontFragment, to: &writer) }
    }

    private var lifetimeField: UInt32 {
        UInt32(clamping: configuration.lifetime.components.seconds)
    }
}

extension RequestTable.Purpose {
    var method: STUNMethod {
        switch self {
        case .allocate: .allocate
        case .refresh, .renew, .release: .refresh
        case .permit: .createPermission
        case .bind: .channelBind
        }
    }
}

/// The largest request: sixteen IPv6 peers and the longest credentials in use.
private let requestCapacity = 2_048
