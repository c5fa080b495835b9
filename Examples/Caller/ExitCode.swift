/// What the shell is told when the program ends; `swiftlet --help` prints this list.
enum ExitCode: Int32, CaseIterable, Sendable {
    case success = 0
    /// A call, or what sdp was asked to look at.
    case callFailed = 1
    case wrongUsage = 2
    case noSignaling = 3
    case noAudio = 4
    case noSockets = 5
    case demoFailed = 6
    case noAnswer = 7
    case relayFailed = 8

    /// What it means, for the help.
    var meaning: String {
        switch self {
        case .success: "everything went well; a call ended by Ctrl-C counts as well"
        case .callFailed:
            "the call did not come about, or was lost; sdp found errors or differences"
        case .wrongUsage:
            "the options are wrong, or a description cannot be read; the message says why"
        case .noSignaling: "the signaling server cannot be reached, or refused the id"
        case .noAudio: "a sound file or a device cannot be used"
        case .noSockets: "the address or port to listen on cannot be used"
        case .demoFailed: "the demo ran, but what was heard is not good enough"
        case .noAnswer: "the STUN server has no address, does not answer, or refuses"
        case .relayFailed: "the TURN server that was probed does not do what it should"
        }
    }
}
