import Peer
import SDP
import Wire

/// Two programs that follow the pattern of perfect negotiation (W3C WebRTC §10.7), and the network
/// between them: descriptions keep their order and take their time, and both change things at will.
struct PerfectNegotiation: ~Copyable {
    /// One program.
    struct Side: ~Copyable {
        var session: PeerSession
        let capabilities: MediaCapabilities
        let isPolite: Bool
        /// The pattern's flag: an offer of the peer's was ignored.
        var hasIgnored = false
        var wantsToOffer = false
        /// Descriptions on their way here, with the step at which they arrive.
        var inbox: [(arrival: Int, description: SessionDescription)] = []
        /// The kinds and names of m-sections, as seen last: they never move.
        var order: [String] = []
        /// Rules that offers of this side broke.
        var broken: [String] = []
    }

    var left: Side
    var right: Side
    var chance: SplitMix64
    var step = 0
    var broken: [String] = []
    var collisions = 0
    var largest = 0

    init(seed: UInt64, isLeftPolite: Bool) throws {
        let certificate = try sharedCertificate.get()
        chance = SplitMix64(seed: seed)
        // One of them may know less than the other, and rejects it.
        let lesser = Self.capabilities(seed)
        let (own, other) = seed % 2 == 0 ? (lesser, .full) : (.full, lesser)
        left = Side(
            session: makeSession(
                certificate,
                seed: seed,
                configuration: fullConfiguration { $0.capabilities = own }
            ),
            capabilities: own,
            isPolite: isLeftPolite
        )
        right = Side(
            session: makeSession(
                certificate,
                seed: seed &+ 99,
                configuration: fullConfiguration { $0.capabilities = other }
            ),
            capabilities: other,
            isPolite: !isLeftPolite
        )
    }

    private static func capabilities(_ seed: UInt64) -> MediaCapabilities {
        var lesser = MediaCapabilities.full
        switch seed / 2 % 5 {
        case 1: lesser.data = nil
        case 2: lesser.video = MediaCapabilities.Kind()
        case 3: lesser.video.receivedEncodings = 0
        case 4: lesser = .present
        default: break
        }
        return lesser
    }

    mutating func pick(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }

    /// Something happens on one of the sides.
    mutating func advance() throws {
        step += 1
        if pick(2) == 0 {
            try Self.turn(&left, to: &right, &chance, step, &broken, &collisions)
        } else {
            try Self.turn(&right, to: &left, &chance, step, &broken, &collisions)
        }
        largest = max(largest, left.order.count, right.order.count)
    }

    /// Nobody changes anything any more: what is on its way arrives, and both come to rest.
    mutating func settle() throws {
        // What was begun is ended, and what either wants is said, in a few rounds.
        for _ in 0..<12 {
            step += 20
            var idle = 0
            try Self.deliver(&left, to: &right, &chance, step, &broken, &collisions)
            if try !Self.offer(&left, to: &right, &chance, step) { idle += 1 }
            try Self.deliver(&right, to: &left, &chance, step, &broken, &collisions)
            if try !Self.offer(&right, to: &left, &chance, step) { idle += 1 }
            if idle == 2, left.inbox.isEmpty, right.inbox.isEmpty { return }
        }
        broken.append("step \(step): the two never come to rest")
    }
}

extension PerfectNegotiation {
    private static func turn(
        _ side: inout Side,
        to other: inout Side,
        _ chance: inout SplitMix64,
        _ step: Int,
        _ broken: inout [String],
        _ collisions: inout Int
    ) throws {
        switch chance.next() % 5 {
        case 0, 1: try change(&side, &chance)
        case 2: _ = try offer(&side, to: &other, &chance, step)
        default: try deliver(&side, to: &other, &chance, step, &broken, &collisions)
        }
        note(&side)
    }

    /// What the program is told; W3C: events come between other things, not within them.
    private static func note(_ side: inout Side) {
        while let output = side.session.popOutput() {
            if case .event(.negotiationNeeded) = output { side.wantsToOffer = true }
        }
        side.session.takeOutgoing { _ in }
    }

    /// negotiationneeded: makes and sends an offer.
    private static func offer(
        _ side: inout Side,
        to other: inout Side,
        _ chance: inout SplitMix64,
        _ step: Int
    ) throws -> Bool {
        note(&side)
        if side.session.signalingState == .haveLocalPranswer {
            send(try side.session.setLocalDescription(at: .zero), to: &other, &chance, step)
            var broken: [String] = []
            check(&side, step, &broken)
            side.broken += broken
            return true
        }
        guard side.wantsToOffer else { return false }
        side.wantsToOffer = false
        guard side.session.signalingState == .stable else { return false }
        let local = try side.session.currentLocalDescription.map { description in
            try SDPDescription(parsing: description.sdp)
        }
        let remote = try side.session.currentRemoteDescription.map { description in
            try SDPDescription(parsing: description.sdp)
        }
        if chance.next() % 8 == 0 {
            // The program changes its mind before the offer is sent.
            try side.session.setLocalDescription(at: .zero)
            try keepingEncodings(&side, step) { session in
                try session.setLocalDescription(.rollback, at: .zero)
            }
        }
        let offer = try side.session.setLocalDescription(at: .zero)
        var agreed: OfferValidator.Agreed?
        if let local, let remote { agreed = OfferValidator.Agreed(local: local, remote: remote) }
        let described = try SDPDescription(parsing: offer.sdp, mode: .strict)
        let violations =
            step % 5 == 0 ? OfferValidator.violations(of: described, after: agreed) : []
        for violation in violations {
            side.broken.append("step \(step): offer: \(violation.description)")
        }
        note(&side)
        send(offer, to: &other, &chance, step)
        return true
    }

    private static func send(
        _ description: SessionDescription,
        to other: inout Side,
        _ chance: inout SplitMix64,
        _ step: Int
    ) {
        let earliest = other.inbox.last?.arrival ?? step
        let arrival = max(earliest, step + Int(chance.next() % 8))
        other.inbox.append((arrival, description))
    }

    /// What signaling brings: the other half of the pattern.
    private static func deliver(
        _ side: inout Side,
        to other: inout Side,
        _ chance: inout SplitMix64,
        _ step: Int,
        _ broken: inout [String],
        _ collisions: inout Int
    ) throws {
        while let first = side.inbox.first, first.arrival <= step {
            side.inbox.removeFirst()
            let description = first.description
            note(&side)
            let isOffer = description.kind == .offer
            let collides = isOffer && side.session.signalingState != .stable
            if collides { collisions += 1 }
            side.hasIgnored = !side.isPolite && collides
            if side.hasIgnored { continue }
            if isOffer {
                let repeats = chance.next() % 8
                try keepingEncodings(&side, step) { session in
                    try session.setRemoteDescription(description, at: .zero)
                    if repeats < 2 { try session.setRemoteDescription(description, at: .zero) }
                    guard repeats == 2 else { return }
                    try session.setRemoteDescription(.rollback, at: .zero)
                    try session.setRemoteDescription(description, at: .zero)
                }
                let answer = try answer(&side, &chance)
                checkAnswer(answer, to: description, step, &broken)
                send(answer, to: &other, &chance, step)
            } else {
                try side.session.setRemoteDescription(description, at: .zero)
            }
            note(&side)
            check(&side, step, &broken)
        }
    }

    /// An answer, or a provisional one: then the answer comes when it is this side's turn.
    private static func answer(
        _ side: inout Side,
        _ chance: inout SplitMix64
    ) throws -> SessionDescription {
        guard chance.next() % 4 == 0 else {
            return try side.session.setLocalDescription(at: .zero)
        }
        var answer = try side.session.createAnswer(at: .zero)
        answer.kind = .pranswer
        try side.session.setLocalDescription(answer, at: .zero)
        return answer
    }

    /// Encodings are the program's: no offer of such peers changes them, and no way back.
    private static func keepingEncodings(
        _ side: inout Side,
        _ step: Int,
        _ body: (inout PeerSession) throws -> Void
    ) throws {
        func encodings(_ session: borrowing PeerSession) -> [TransceiverID: [EncodingParameters]] {
            var found: [TransceiverID: [EncodingParameters]] = [:]
            for id in session.transceivers { found[id] = session.transceiver(id)?.encodings }
            return found
        }
        let before = encodings(side.session)
        try body(&side.session)
        for (id, now) in encodings(side.session) where now != before[id] ?? now {
            side.broken.append("step \(step): an offer has changed encodings")
        }
    }

    /// The m-sections of both descriptions: none has moved, and a name is only new where one ended.
    private static func check(_ side: inout Side, _ step: Int, _ broken: inout [String]) {
        guard let local = side.session.currentLocalDescription,
            let remote = side.session.currentRemoteDescription,
            let description = try? SDPDescription(parsing: local.sdp),
            let other = try? SDPDescription(parsing: remote.sdp)
        else { return }
        let order = zip(description.media, other.media).map { ours, theirs in
            ours.isRejected || theirs.isRejected ? "" : "\(ours.kind) \(ours.mid ?? "?")"
        }
        if order.count < side.order.count { broken.append("step \(step): sections went away") }
        for (before, after) in zip(side.order, order)
        where !before.isEmpty && !after.isEmpty && before != after {
            broken.append("step \(step): \(before) became \(after)")
        }
        let mids = description.media.compactMap(\.mid)
        if Set(mids).count != mids.count { broken.append("step \(step): mids differ not") }
        side.order = order
    }

    private static func checkAnswer(
        _ answer: SessionDescription,
        to offer: SessionDescription,
        _ step: Int,
        _ broken: inout [String]
    ) {
        guard let ours = try? SDPDescription(parsing: answer.sdp, mode: .strict),
            let theirs = try? SDPDescription(parsing: offer.sdp, mode: .strict)
        else { return broken.append("step \(step): a description is no SDP") }
        // The validator takes longer than all the rest: a fifth of the descriptions are many.
        let violations =
            step % 5 == 0 ? AnswerValidator.violations(of: ours, to: theirs) : []
        for violation in violations {
            broken.append("step \(step): answer: \(violation.description)")
        }
        guard ours.media.count == theirs.media.count else {
            return broken.append("step \(step): an answer of other sections")
        }
        for (own, offered) in zip(ours.media, theirs.media) where !own.isRejected {
            if !Set(own.formats).isSubset(of: offered.formats) {
                broken.append("step \(step): formats of its own")
            }
            if own.mid != offered.mid { broken.append("step \(step): another mid") }
        }
    }

    // MARK: What programs do

    private static func change(_ side: inout Side, _ chance: inout SplitMix64) throws {
        let running = side.session.transceivers.filter { id in
            side.session.transceiver(id)?.isStopping == false
        }
        let chosen = running.isEmpty ? nil : running[Int(chance.next() % UInt64(running.count))]
        let hasRoom = running.count < 6
        switch (chance.next() % 12, chosen) {
        case (0, _) where hasRoom:
            guard let kind = kind(of: side.capabilities, &chance) else { return }
            _ = try side.session.addTrack(kind, at: .zero)
        case (1, _) where hasRoom: try add(to: &side, &chance)
        case (2, let id?), (3, let id?): try side.session.stop(id, at: .zero)
        case (4, let id?):
            let direction = MediaDirection.allCases[Int(chance.next() % 4)]
            try side.session.setDirection(direction, of: id, at: .zero)
        case (5, let id?): try side.session.removeTrack(of: id, at: .zero)
        case (6, _):
            side.session.restartICE(at: .zero)
            if chance.next() % 2 == 0 { try createOffer(&side) }
        case (7, _):
            if side.capabilities.data != nil { try side.session.addDataSection(at: .zero) }
        case (8, let id?):
            guard let kind = side.session.transceiver(id)?.kind else { return }
            let codecs = side.session.capabilities(of: kind).codecs.reversed()
            try side.session.setCodecPreferences(Array(codecs), of: id)
        case (9, let id?):
            // Hold and resume.
            let isHeld = side.session.transceiver(id)?.direction == .inactive
            try side.session.setDirection(isHeld ? .sendReceive : .inactive, of: id, at: .zero)
        case (10, _): try createOffer(&side)
        case (11, let id?):
            var parameters = try side.session.parameters(of: id)
            for index in parameters.encodings.indices {
                parameters.encodings[index].active = chance.next() % 2 == 0
            }
            try side.session.setParameters(parameters, of: id)
        default: break
        }
    }

    private static func kind(
        of capabilities: MediaCapabilities,
        _ chance: inout SplitMix64
    ) -> MediaKind? {
        let kind: MediaKind = chance.next() % 2 == 0 ? .audio : .video
        return capabilities[kind].codecs.isEmpty ? nil : kind
    }

    private static func add(to side: inout Side, _ chance: inout SplitMix64) throws {
        guard let kind = kind(of: side.capabilities, &chance) else { return }
        var options = TransceiverOptions(
            direction: MediaDirection.allCases[Int(chance.next() % 4)]
        )
        options.encodings = ["q", "h", "f"].prefix(Int(chance.next() % 4)).map {
            EncodingParameters(rid: $0)
        }
        _ = try side.session.addTransceiver(kind, options, at: .zero)
    }

    /// An offer that nobody will ever see.
    private static func createOffer(_ side: inout Side) throws {
        switch side.session.signalingState {
        case .stable, .haveLocalOffer: _ = try side.session.createOffer(at: .zero)
        case .haveRemoteOffer, .haveLocalPranswer, .haveRemotePranswer, .closed: break
        }
    }
}
