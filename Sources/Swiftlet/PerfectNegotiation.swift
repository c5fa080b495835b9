public import Peer

/// Negotiation that either side may begin at any time (W3C WebRTC §10.7).
///
/// Signals are handed to `send` one at a time, in the order they must arrive: `send` may suspend.
///
/// When both offer at once, the impolite side ignores the other's offer and the polite side takes
/// its own back. Exactly one of the two must be polite; who called may decide it.
///
/// ```swift
/// let negotiation = PerfectNegotiation(of: peer, isPolite: true) { signal in
///     try await signaling.send(signal)
/// }
/// for await event in peer.events {
///     switch event {
///     case .negotiationNeeded: try await negotiation.offer()
///     case .candidate(let candidate): try await negotiation.send(candidate)
///     default: break
///     }
/// }
/// // and for what signaling brings:
/// try await negotiation.receive(signal)
/// ```
public actor PerfectNegotiation {
    /// What goes over signaling, in both directions.
    public enum Signal: Hashable, Sendable {
        case description(SessionDescription)
        case candidate(ICECandidate)
    }

    /// Whether this side gives way when both offer at once.
    public nonisolated let isPolite: Bool

    private let connection: PeerConnection
    private let send: @Sendable (Signal) async throws -> Void
    private var order = SignalOrder()
    private var hasIgnoredOffer = false
    /// Candidates that came before the description they belong to.
    private var early: [ICECandidate] = []

    /// Negotiates for `connection`; `send` hands a signal to the other side.
    public init(
        of connection: PeerConnection,
        isPolite: Bool,
        send: @escaping @Sendable (Signal) async throws -> Void
    ) {
        self.connection = connection
        self.isPolite = isPolite
        self.send = send
    }

    /// Makes an offer and sends it: what ``PeerConnection/Event/negotiationNeeded`` asks for.
    ///
    /// Does nothing while an offer is under way, as the event comes again behind it, and if there is
    /// nothing new to be told, as when the event has waited behind an answer.
    public func offer() async throws {
        guard await connection.isNegotiationNeeded else { return }
        await takeTurn()
        // Before the description exists: candidates found for it must not overtake it.
        let place = order.reserve()
        let offer: SessionDescription?
        do throws(PeerConnectionError) {
            // Looked at and made as one step: of two calls at once only one has something to tell.
            offer = try await connection.chained { connection throws(PeerConnectionError) in
                guard connection.isNegotiationNeeded else { return nil }
                return try connection.set(local: nil)
            }
        } catch {
            giveTurn()
            leave(place)
            throw error
        }
        giveTurn()
        guard let offer else { return leave(place) }
        try await deliver(.description(offer), at: place)
    }

    /// Sends a local candidate, behind the description it belongs to.
    public func send(_ candidate: ICECandidate) async throws {
        try await deliver(.candidate(candidate), at: order.reserve())
    }

    /// Takes over what the other side sent.
    public func receive(_ signal: Signal) async throws {
        switch signal {
        case .description(let description): try await receive(description)
        case .candidate(let candidate): try await receive(candidate)
        }
    }

    private func receive(_ description: SessionDescription) async throws {
        await takeTurn()
        let place = order.reserve()
        let reply: Reply?
        do {
            reply = try await apply(description)
        } catch {
            giveTurn()
            leave(place)
            throw error
        }
        giveTurn()
        guard let reply else { return leave(place) }
        let waiting = early
        early = []
        switch reply {
        case .nothing: leave(place)
        case .description(let answer): try await deliver(.description(answer), at: place)
        }
        // One that cannot be used does not keep the others from being used.
        var failure: (any Error)?
        for candidate in waiting {
            do {
                try await receive(candidate)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private enum Reply: Sendable {
        case nothing
        case description(SessionDescription)
    }

    /// Takes a description and makes the answer as one step; nil if the offer is ignored.
    private func apply(_ description: SessionDescription) async throws -> Reply? {
        let isPolite = isPolite
        let reply: Reply? = try await connection.chained {
            connection throws(PeerConnectionError) in
            let isOffer = description.kind == .offer
            let collides = isOffer && connection.signalingState != .stable
            guard isPolite || !collides else { return nil }
            try connection.set(remote: description)
            guard isOffer else { return .nothing }
            return .description(try connection.set(local: nil))
        }
        hasIgnoredOffer = reply == nil
        // They belong to that offer: what comes next has other sections and credentials.
        if hasIgnoredOffer { early = [] }
        return reply
    }

    // MARK: Order

    /// One description after the other, so that they are sent in the order they took effect.
    private func takeTurn() async {
        guard !order.takeTurn() else { return }
        await withCheckedContinuation { order.waitForTurn($0) }
    }

    private func giveTurn() { order.giveTurn() }

    /// Sends a signal once all that have a place before it have left.
    private func deliver(_ signal: Signal, at place: Int) async throws {
        if !order.isFirst(place) {
            await withCheckedContinuation { order.wait($0, at: place) }
        }
        defer { leave(place) }
        try await send(signal)
    }

    private func leave(_ place: Int) { order.leave(place) }

    /// Signals that are on their way or wait for those before them.
    package var pendingSignals: Int { order.count }

    private func receive(_ candidate: ICECandidate) async throws {
        guard await connection.remoteDescription != nil else {
            // W3C: the connection does not take it before a description; we hold it.
            guard !hasIgnoredOffer, early.count < maximumEarlyCandidates else { return }
            early.append(candidate)
            return
        }
        do throws(PeerConnectionError) {
            try await connection.addICECandidate(candidate)
        } catch .session(.operation(.unknownFragment)) {
            // Found for credentials that a restart has replaced meanwhile.
        } catch {
            // It belongs to an offer that was ignored.
            guard hasIgnoredOffer else { throw error }
        }
    }
}

/// No peer has more before its first description.
private let maximumEarlyCandidates = 100
