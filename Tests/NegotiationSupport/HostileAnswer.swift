public import DTLS
public import Peer
import Wire

/// Answers to a large offer of ours, each of which repeats something else.
public struct HostileAnswer {
    public let name: String
    /// How many sections we have offered.
    public let sections: Int
    /// Whether each of our sections has a transport of its own until it is answered.
    public let policy: BundlePolicy
    public let text: String

    /// As many sections as one description may have streams for, by default.
    private static let many = 256

    public static var all: [HostileAnswer] {
        [(BundlePolicy.maxBundle, true), (.maxCompat, true), (.maxCompat, false)].flatMap {
            policy,
            isGrouped in
            let room = HostileText.limit - answer(isGrouped) { _ in "" }.utf8.count
            let suffix = ", \(policy.rawValue)\(isGrouped ? "" : ", apart")"
            func make(_ name: String, _ lines: (Int) -> String) -> HostileAnswer {
                HostileAnswer(
                    name: name + suffix,
                    sections: many,
                    policy: policy,
                    text: answer(isGrouped, lines)
                )
            }
            return [make("nothing but sections") { _ in "" }]
                + HostileLines.all.flatMap { kind in
                    [
                        make("\(kind.name) in all sections") { section in
                            kind.lines(upTo: room / many, from: section * 8)
                        },
                        make("\(kind.name) in the first section") { section in
                            section == 0 ? kind.lines(upTo: room, from: 0) : ""
                        },
                    ]
                }
        }
    }

    private static func answer(_ isGrouped: Bool, _ lines: (Int) -> String) -> String {
        let mids = (0..<many).map(String.init).joined(separator: " ")
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
            + HostileText.transport("active") + (isGrouped ? "a=group:BUNDLE \(mids)\r\n" : "")
            + (0..<many).map {
                HostileText.audio + "a=mid:\($0)\r\n" + lines($0)
            }.joined()
    }

    /// A session that has made the offer.
    public func exchange(
        capabilities: MediaCapabilities,
        certificate: Certificate
    ) throws(PeerError) -> HostileAnswerExchange {
        try HostileAnswerExchange(self, capabilities, certificate)
    }
}

/// A session that is about to be given a hostile answer.
public final class HostileAnswerExchange {
    private var session: PeerSession
    private let text: String

    init(
        _ answer: HostileAnswer,
        _ capabilities: MediaCapabilities,
        _ certificate: Certificate
    ) throws(PeerError) {
        session = HostileExchange.makeSession(capabilities, certificate, answer.policy)
        text = answer.text
        for _ in 0..<answer.sections { _ = try session.addTransceiver(.audio, at: .zero) }
        try session.setLocalDescription(at: .zero)
        HostileExchange.gather(&session)
    }

    /// Takes the answer, and says whether it was accepted.
    public func perform() -> Bool {
        do throws(PeerError) {
            try session.setRemoteDescription(SessionDescription(.answer, sdp: text), at: .zero)
            return true
        } catch {
            return false
        }
    }

    /// How many sections both sides agree on.
    public var agreedSections: Int {
        session.transceivers.count { session.transceiver($0)?.currentDirection != nil }
    }
}
