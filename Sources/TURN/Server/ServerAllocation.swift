import STUN
import Wire

/// What a server keeps for one client (RFC 8656 §3.2).
struct ServerAllocation: Sendable {
    let path: TURNPath
    let owner: Account
    /// The request that made it: the same again is answered the same way (RFC 8656 §7.2).
    let transactionID: STUNTransactionID
    let generation: UInt64
    var phase: Phase
    var expiresAt: Instant
    /// When it is looked at whether it has run out; never later than that.
    var examinedAt = Instant(nanoseconds: .max)
    var relays: [Relay]
    var missing: Missing?
    var permissions: [IPAddress: Instant] = [:]
    var channels = ServerChannels()
    var budget: Budget

    /// The family that was asked for and could not be had (RFC 8656 §18.10).
    struct Missing: Sendable {
        let family: IPAddress.Family
        let code: STUNErrorCode
    }

    /// What the client may still send, and receive.
    struct Budget: Sendable {
        var outgoing: TokenBucket
        var incoming: TokenBucket
    }

    enum Phase: Sendable {
        /// Waits for the owner of the machine to open the relays.
        case opening(Answer)
        case open
    }

    /// One relayed address.
    struct Relay: Sendable {
        let family: IPAddress.Family
        /// What is bound on this machine.
        var local: SocketAddress
        /// What clients and peers know it as.
        var external: SocketAddress
        var isOpen = false
        /// Ports left to try when one cannot be bound.
        var attempts: Int
        /// A port must be even (RFC 8656 §18.5).
        let isEven: Bool
    }

    func relay(of family: IPAddress.Family) -> Int? {
        relays.firstIndex { $0.family == family }
    }

    /// Whether packets of `address` pass.
    @inline(__always)
    func permits(_ address: IPAddress, at now: Instant) -> Bool {
        permissions[address].map { $0 > now } ?? false
    }
}

/// Who an allocation belongs to.
struct Account: Hashable, Sendable {
    /// What quotas count by, and what a request must share with the one that made the allocation.
    ///
    /// For time-limited credentials the part behind the time: the next ones of the same user may
    /// take over, though RFC 8656 §5 would let a server insist on the very name.
    let key: String
    /// The name as it was sent.
    let username: String
}

/// The channels of one allocation (RFC 8656 §12), found from both sides.
struct ServerChannels: Sendable {
    struct Binding: Sendable {
        let peer: SocketAddress
        var expiresAt: Instant
    }

    private var bindings: [UInt16: Binding] = [:]
    private var numbers: [SocketAddress: UInt16] = [:]

    var count: Int { bindings.count }

    @inline(__always)
    func peer(of number: UInt16, at now: Instant) -> SocketAddress? {
        guard let binding = bindings[number], binding.expiresAt > now else { return nil }
        return binding.peer
    }

    @inline(__always)
    func number(for peer: SocketAddress, at now: Instant) -> UInt16? {
        guard let number = numbers[peer], let binding = bindings[number], binding.expiresAt > now
        else { return nil }
        return number
    }

    mutating func bind(_ number: UInt16, to peer: SocketAddress, until instant: Instant) {
        bindings[number] = Binding(peer: peer, expiresAt: instant)
        numbers[peer] = number
    }

    mutating func removeExpired(at now: Instant) {
        bindings = bindings.filter { $0.value.expiresAt > now }
        numbers = numbers.filter { bindings[$0.value] != nil }
    }
}

/// Where an answer goes and how it is signed.
struct Answer: Sendable {
    let path: TURNPath
    let method: STUNMethod
    let id: STUNTransactionID
    /// Nil for answers to strangers.
    let signature: STUNSignature?
    /// Whether the request had one (RFC 8489 §7).
    let hasFingerprint: Bool
}
