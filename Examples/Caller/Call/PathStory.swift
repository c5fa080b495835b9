import ICE
import Signaling
import Swiftlet

/// What an agent's story says of restarts, each once.
struct PathStory {
    /// One line of it.
    enum Restart: Hashable, Sendable {
        /// New credentials would help, and why.
        case advised(ICERestartReason)
        /// They are in force, and everything is looked for anew.
        case begun(byOther: Bool)
    }

    private var next = 0

    /// What is new since the last time.
    mutating func news(from statistics: ICEStatistics) -> [Restart] {
        let first = statistics.forgottenEvents
        let new = statistics.events.dropFirst(max(0, next - first))
        next = first + statistics.events.count
        return new.compactMap { event in
            switch event.kind {
            case .restarted(_, let byPeer): .begun(byOther: byPeer)
            case .restartAdvised(_, let reason): .advised(reason)
            case .pairFormed, .checkStarted, .pairSucceeded, .pairFailed, .pairDropped,
                .pairDoubted, .pairNominated, .selected, .pathLost, .stateChanged, .roleChanged,
                .localAddressRemoved:
                nil
            }
        }
    }
}

extension PathStory.Restart {
    /// The line for programs.
    var fields: JSONObject {
        switch self {
        case .advised(let reason):
            ["event": "restartAdvised", "reason": .string("\(reason)")]
        case .begun(let byOther):
            ["event": "restart", "by": .string(byOther ? "peer" : "local")]
        }
    }
}

extension SelectedPath {
    /// Whether a TURN server of either side carries it.
    var isRelayed: Bool { local.kind == .relayed || remote.kind == .relayed }

    /// For people.
    var sentence: String {
        "\(isRelayed ? "relayed" : "direct"), \(local.address) (\(local.kind.rawValue)) <-> "
            + "\(remote.address) (\(remote.kind.rawValue))"
    }

    /// For programs.
    var fields: [JSONObject.Member] {
        [
            .init(name: "local", value: .string("\(local.address)")),
            .init(name: "localKind", value: .string(local.kind.rawValue)),
            .init(
                name: "related",
                value: local.relatedAddress.map { .string("\($0)") } ?? .null
            ),
            .init(name: "remote", value: .string("\(remote.address)")),
            .init(name: "remoteKind", value: .string(remote.kind.rawValue)),
            .init(name: "relayed", value: .boolean(isRelayed)),
        ]
    }
}
