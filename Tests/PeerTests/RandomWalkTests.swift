import ICE
import Peer
import SDP
import Testing
import Wire

@Suite("Negotiation in any order, with any description, never breaks a session")
struct RandomWalkTests {
    /// Descriptions to begin with, beside those that the sessions make.
    private static let recorded = [
        "chrome_offer.sdp", "browsers/chrome-vp8.initial-offer.sdp",
        "browsers/chrome-vp8.reneg-offer.sdp", "ex_webrtc/firefox_audio_video_sdp.sdp",
        "rfc9429/offer-B1.sdp", "rfc9429/answer-B1.sdp", "aiortc/audio_freeswitch.sdp",
        "sdp-transform/jssip.sdp", "sdp-transform/icelite.sdp",
    ].map(Recorded.text)

    @Test("a thousand steps of two sessions", arguments: 0..<16 as Range<UInt64>)
    func walk(seed: UInt64) throws {
        var walk = Walk(seed: seed, left: try makeSession(seed: seed), pool: Self.recorded)
        var right = try makeSession(seed: seed + 1_000)
        for step in 0..<1_000 {
            // There is no rollback: two that both offer are stuck, so the tale begins anew at times.
            if step % 100 < 2 { walk.begin(try makeSession(seed: seed + UInt64(step))) }
            walk.now = walk.now.advanced(by: .milliseconds(7))
            try walk.step()
            swap(&walk.session, &right)
        }
        #expect(walk.broken == [])
        // Both kinds of turns were really taken.
        #expect(walk.agreements > 5)
    }
}

/// What a careless program and a hostile peer do to a session.
private struct Walk: ~Copyable {
    var session: PeerSession
    var now = Instant.zero
    var broken: [String] = []
    var agreements = 0
    private var chance: SplitMix64
    private var pool: [String]
    private var tracks: [TransceiverID] = []

    init(seed: UInt64, left: consuming PeerSession, pool: [String]) {
        session = left
        chance = SplitMix64(seed: seed)
        self.pool = pool
    }

    mutating func begin(_ session: consuming PeerSession) {
        self.session = session
        tracks = []
    }

    private mutating func pick(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }

    mutating func step() throws {
        switch pick(12) {
        case 0 where tracks.count < 6:
            if pick(2) == 0 {
                tracks.append(try session.addTransceiver(.audio, options(), at: now))
            } else {
                tracks.append(try session.addTrack(.audio, at: now))
            }
        case 1 where !tracks.isEmpty:
            try? session.setDirection(options().direction, of: tracks[pick(tracks.count)], at: now)
        case 2: session.restartICE(at: now)
        case 3, 4: offer()
        case 5, 6: answer()
        case 7, 8: receive(.offer)
        case 9: receive(.answer)
        case 10: candidates()
        default: session.advance(to: now)
        }
        while session.popOutput() != nil {}
        session.takeOutgoing { _ in }
        if let deadline = session.deadline, deadline <= now {
            session.advance(to: now)
            if let next = session.deadline, next <= now { broken.append("deadline \(next)") }
        }
    }

    private mutating func options() -> TransceiverOptions {
        TransceiverOptions(direction: MediaDirection.allCases[pick(4)])
    }

    private mutating func offer() {
        guard let offer = try? session.createOffer(at: now) else { return }
        note(offer, rules: { try JSEPRules.broken(inOffer: offer.sdp) })
        guard pick(3) > 0 else { return }
        try? session.setLocalDescription(offer, at: now)
    }

    private mutating func answer() {
        guard let answer = try? session.createAnswer(at: now) else { return }
        let offer = session.remoteDescription?.sdp ?? ""
        note(answer, rules: { try JSEPRules.broken(inAnswer: answer.sdp, to: offer) })
        // Sometimes something comes between.
        if pick(4) == 0 { receive(.offer) }
        if (try? session.setLocalDescription(answer, at: now)) != nil { agreements += 1 }
    }

    private mutating func note(_ description: SessionDescription, rules: () throws -> [String]) {
        do {
            broken += try rules()
        } catch {
            broken.append("\(error) in \(description.sdp)")
        }
        if pool.count < 60 {
            pool.append(description.sdp)
        } else {
            pool[pick(60)] = description.sdp
        }
    }

    private mutating func receive(_ kind: SessionDescription.Kind) {
        var text = pool[pool.count - 1 - min(pick(2) * pick(pool.count), pool.count - 1)]
        for _ in 0..<pick(4) * pick(2) { text = mutated(text) }
        let description = SessionDescription(kind, sdp: text)
        if (try? session.setRemoteDescription(description, at: now)) != nil, kind == .answer {
            agreements += 1
        }
    }

    /// A line less, a line twice, two lines swapped, a number changed, or a section less.
    private mutating func mutated(_ text: String) -> String {
        var lines = text.components()
        guard lines.count > 4 else { return text }
        let (one, other) = (pick(lines.count), pick(lines.count))
        switch pick(6) {
        case 0: lines.remove(at: one)
        case 1: lines.insert(lines[one], at: other)
        case 2: lines.swapAt(one, other)
        case 3: lines[one] = lines[one].replacing("0", with: "9")
        case 4: lines[one] = lines[one].replacing("audio", with: "video")
        default:
            guard let last = lines.lastIndex(where: { $0.hasPrefix("m=") }) else { break }
            lines.removeSubrange(last...)
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private mutating func candidates() {
        let texts = [
            "candidate:1 1 udp 2122260223 192.0.2.\(pick(250)) \(1_000 + pick(60_000)) typ host",
            "",
            "candidate:1 1 udp 1 x.local 9 typ host",
        ]
        let candidate = ICECandidate(candidate: texts[pick(3)], sdpMid: "\(pick(3))")
        try? session.addRemoteCandidate(candidate, at: now)
        let local = SocketAddress(.loopback4, port: UInt16(4_000 + pick(4)))
        session.addLocalAddress(local, to: 0, at: now)
        if pick(5) == 0 { session.endOfLocalAddresses(of: 0, at: now) }
    }
}

extension String {
    fileprivate func components() -> [String] {
        split(separator: "\r\n").map(String.init)
    }
}
