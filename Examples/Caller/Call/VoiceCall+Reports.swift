import Signaling
import Swiftlet
import Synchronization
import Wire

// What the user is told of a call.
extension VoiceCall {
    func reportConnected() async {
        let time = began.duration(to: .now)
        let path = await peer.statistics().path
        let ends = path.map { "  \($0.sentence)" } ?? ""
        console.report(
            "connected with \(other) after \(Decimal.text(time.inMilliseconds)) ms\(ends)",
            JSONObject(
                [
                    .init(name: "event", value: "connected"),
                    .init(name: "with", value: .string(other)),
                    .init(name: "milliseconds", value: .number(Decimal.text(time.inMilliseconds))),
                ] + (path?.fields ?? [])
            )
        )
    }

    /// Packets take this way from now on.
    func report(_ path: SelectedPath) {
        let elapsed = Decimal.text(began.duration(to: .now).inSeconds, places: 3)
        console.report(
            "path: \(path.sentence)",
            JSONObject(
                [
                    .init(name: "event", value: "path"),
                    .init(name: "elapsed", value: .number(elapsed)),
                ] + path.fields
            )
        )
    }

    /// A candidate of ours, for programs only: people need not know each.
    func report(_ candidate: ICECandidate) {
        let words = candidate.candidate.split(separator: " ").map(String.init)
        guard words.count >= 8 else { return }
        console.note([
            "event": "candidate", "kind": .string(words[7]), "protocol": .string(words[2]),
            "address": .string(words[4]), "port": .number(words[5]),
        ])
    }

    func report(_ error: ICECandidateError) {
        console.report(
            "warning: \(error.url) gives no candidate: \(error.errorCode) \(error.errorText)",
            [
                "event": "candidateError", "url": .string(error.url),
                "code": .number(String(error.errorCode)), "reason": .string(error.errorText),
                "local": error.local.map { .string($0) } ?? .null,
            ]
        )
    }

    func report(_ restart: PathStory.Restart) {
        let text =
            switch restart {
            case .advised(.pathLost): "the path is lost; new ones are looked for"
            case .advised(.betterPath): "there is a better path, and \(other) is asked for it"
            case .advised(.addressChanged): "our outside address has changed"
            case .begun(let byOther): byOther ? "\(other) restarts ICE" : "ICE restarts"
            }
        console.report(text, restart.fields)
    }

    func reportFailure(wasConnected: Bool) async {
        if wasConnected {
            console.fail("the connection to \(other) is lost: nothing comes through any more")
        } else if await peer.statistics().path == nil {
            console.fail(
                "no connection: no path to \(other) works. Is a firewall in the way of UDP?"
            )
        } else {
            console.fail("no connection: \(other) could not prove to be who signaling said")
        }
    }

    func report(_ warning: PeerWarning) {
        let text =
            switch warning {
            case .descriptionDeviates(let deviations):
                "\(other)'s description has faults: \(deviations.joined(separator: "; "))"
            case .unexpectedPayloadType(let type):
                "\(other) sends payload type \(type), which was not agreed on"
            }
        console.report("warning: \(text)", ["event": "warning", "message": .string(text)])
    }

    func report(_ error: SystemError, at address: IPAddress?) {
        let text = address.map { "cannot be called at \($0): \(error)" } ?? "\(error)"
        console.report("warning: \(text)", ["event": "warning", "message": .string(text)])
    }

    func reportEnd(_ outcome: Outcome) {
        let isByOther = otherHasHungUp.load(ordering: .relaxed)
        let text =
            switch (isByOther, outcome) {
            case (true, .notConnected): "\(other) is busy or has hung up"
            case (true, .ended), (true, .lost): "\(other) has hung up"
            case (false, .notConnected): "no call came about"
            case (false, .ended), (false, .lost): "the call has ended"
            }
        let by = isByOther ? CloseReason.peer : .local
        console.report(text, ["event": "ended", "by": .string(by.rawValue)])
    }
}
