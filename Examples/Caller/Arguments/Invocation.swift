import STUN
import Signaling

/// What the command line asks for, checked.
enum Invocation: Hashable, Sendable {
    case signal(SignalOptions)
    case sdp(SDPOptions)
    case call(CallOptions, to: String)
    case answer(CallOptions)
    case demo(DemoOptions)
    case stun(StunOptions)
    case turn(TURNOptions)
    case probe(ProbeOptions)
    /// Help on one command, or on all of them.
    case help(Command?)
}

/// The first word of the command line.
enum Command: String, CaseIterable, Sendable {
    case signal, call, answer, demo, sdp, stun, turn
}

/// How results are written.
enum OutputStyle: Hashable, Sendable {
    case text
    /// One JSON object a line.
    case json
}

/// Options of `swiftlet signal`.
struct SignalOptions: Hashable, Sendable {
    var host = "127.0.0.1"
    var port: UInt16 = 3_000
    /// The files of the certificate and its key, both or none: with them it speaks `wss:`.
    var certificate: String?
    var key: String?
    var style = OutputStyle.text
}

/// Where the sound that is sent comes from.
enum SoundSource: Hashable, Sendable {
    case silence
    case file(String)
    case tone(hertz: Double)
    case microphone(device: String)
}

/// Options that `swiftlet call` and `swiftlet answer` share.
struct CallOptions: Hashable, Sendable {
    var id: String
    var server = "ws://127.0.0.1:3000"
    /// The file of the certificates that a `wss:` server may be known by.
    var trust: String?
    var source = SoundSource.silence
    /// The file that what is heard is written to.
    var recording: String?
    /// The device that what is heard is played on.
    var speaker: String?
    var network = NetworkOptions()
    var style = OutputStyle.text

    init(id: String) { self.id = id }
}

/// Options of `swiftlet demo`.
struct DemoOptions: Hashable, Sendable {
    /// The file that is spoken; nil takes the sample that comes with the program.
    var speech: String?
    /// The file that what is heard is written to.
    var recording: String?
    /// Sends silence instead, to show that the demo can fail.
    var isMuted = false
    var style = OutputStyle.text
}

/// Options of `swiftlet stun`.
struct StunOptions: Hashable, Sendable {
    var server: ICEServerURI
    /// Whether to find out how the NAT behaves.
    var asksAboutBehavior = false
    var style = OutputStyle.text
}

/// What is wrong with a command line, and what would be right.
enum ArgumentError: Error, Hashable, Sendable {
    case unknownCommand(String)
    case unknownOption(String, Command)
    case unexpectedWord(String, Command)
    case missingValue(String, Command)
    case unwantedValue(String)
    case repeated(String)
    case required(String, Command)
    case missingAction
    case unknownAction(String)
    case missingFiles(SDPOptions.Action)
    case notTwoFiles(Int)
    case unknownKind(String)
    case notFor(String, SDPOptions.Action)
    case together(String, String)
    case invalidPort(String)
    case invalidTone(String)
    case invalidID(option: String)
    case sameIDs(String)
    case invalidServer(String, WebSocketURLError)
    case missingWord(Command)
    case invalidStunServer(String, ICEServerURIError)
    case notAStunServer(String)
    case empty(String)
    case invalidNumber(String, String, ClosedRange<Int>)
    case invalidPortRange(Int, Int)
    case invalidAddress(String, String)
    case invalidUser(String, String)
    case invalidServerURI(String, String, ICEServerURIError)
    case notAServer(String, String)
}
