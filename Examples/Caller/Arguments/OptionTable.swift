/// One option of a command, as the parser and the help see it.
struct OptionEntry: Sendable {
    let name: String
    /// What stands for the value in the help; nil for a switch.
    let value: String?
    let help: String
    /// Whether it may be there several times, and take several values with commas between them.
    var isList = false
}

extension Command {
    /// One line on what the command does.
    var summary: String {
        switch self {
        case .signal: "run a signaling server, through which callers find each other"
        case .call: "call somebody who waits with swiftlet answer"
        case .answer: "wait for a call and answer it"
        case .demo: "call yourself on this machine and measure what is heard"
        case .sdp: "check, explain and compare session descriptions"
        case .stun: "ask a STUN server for your address, and about your NAT"
        case .turn: "run a TURN server, or look at one with --probe"
        }
    }

    /// An example that works.
    var example: String {
        switch self {
        case .signal: "swiftlet signal --port 3000"
        case .call: "swiftlet call --id left --to right --tone 440 --record heard.wav"
        case .answer: "swiftlet answer --id right --mic default --speaker default"
        case .demo: "swiftlet demo"
        case .sdp: "swiftlet sdp lint offer.sdp"
        case .stun: "swiftlet stun stun.example.org --behaviour"
        case .turn: "swiftlet turn --user alice:secret --host 0.0.0.0"
        }
    }

    /// More that can be done, and how.
    var furtherExamples: [String] {
        switch self {
        case .call:
            [
                "swiftlet call --id left --to right --mic default --stun stun.example.org "
                    + "--turn turn:turn.example.org --turn-user alice:secret",
                "swiftlet call --id left --to right --turn turns:turn.example.org "
                    + "--turn-user alice:secret --relay-only",
            ]
        case .answer: ["swiftlet answer --id right --ice-lite --interface eth0"]
        case .signal, .demo, .sdp, .stun, .turn: []
        }
    }

    /// The word that stands without an option in front of it, and what it is; nil for none.
    var word: (name: String, help: String)? {
        switch self {
        case .signal, .call, .answer, .demo, .sdp, .turn: nil
        case .stun: ("SERVER", "host or host:port, or a stun: address (required)")
        }
    }

    /// All options, in the order of the help.
    var options: [OptionEntry] {
        switch self {
        case .signal:
            [
                OptionEntry(
                    name: "--host",
                    value: "ADDRESS",
                    help: "where to listen; 127.0.0.1 (this machine only) unless said otherwise"
                ),
                OptionEntry(
                    name: "--port",
                    value: "NUMBER",
                    help: "the port, 3000 unless said otherwise; 0 picks a free one and prints it"
                ),
                OptionEntry(
                    name: "--certificate",
                    value: "FILE",
                    help: "the server's certificates in PEM form, for wss://; needs --key"
                ),
                OptionEntry(
                    name: "--key",
                    value: "FILE",
                    help: "the private key of the certificate, in PEM form"
                ),
                Self.json,
            ]
        case .call:
            [
                Self.id,
                OptionEntry(name: "--to", value: "ID", help: "the id to call (required)"),
            ] + Self.callOptions
        case .answer: [Self.id] + Self.callOptions
        case .sdp: Self.sdpOptions
        case .demo:
            [
                OptionEntry(
                    name: "--play",
                    value: "FILE",
                    help: "a WAV file to speak instead of the sample that comes along"
                ),
                OptionEntry(
                    name: "--record",
                    value: "FILE",
                    help: "where to write what was heard, swiftlet-demo.wav unless said otherwise"
                ),
                OptionEntry(
                    name: "--mute",
                    value: nil,
                    help: "send silence, to see the demo fail"
                ),
                Self.json,
            ]
        case .stun:
            [
                OptionEntry(
                    name: "--behaviour",
                    value: nil,
                    help: "find out how the NAT maps and filters (RFC 5780); takes some seconds"
                ),
                Self.json,
            ]
        case .turn: Self.turnOptions
        }
    }

    /// Whether words without an option in front of them mean something.
    var takesWords: Bool { self == .sdp }

    private static let sdpOptions = [
        OptionEntry(name: "--offer", value: nil, help: "lint: what an offer must not say, too"),
        OptionEntry(name: "--answer", value: nil, help: "lint: what an answer must not say, too"),
        OptionEntry(name: "--no-notes", value: nil, help: "lint: errors and warnings only"),
        OptionEntry(
            name: "--ignore",
            value: "KINDS",
            help: "diff: kinds of facts with commas between them; made-up stands for what differs "
                + "in every call"
        ),
        json,
    ]

    private static let id = OptionEntry(
        name: "--id",
        value: "ID",
        help: "your id at the signaling server (required)"
    )

    private static let json = OptionEntry(
        name: "--json",
        value: nil,
        help: "one JSON object a line, for programs"
    )

    private static let callOptions =
        [
            OptionEntry(
                name: "--server",
                value: "URL",
                help: "the signaling server, ws://127.0.0.1:3000 unless said otherwise"
            ),
            OptionEntry(
                name: "--trust",
                value: "FILE",
                help:
                    "certificates that wss:// and turns: servers may be known by, instead of the system's"
            ),
            OptionEntry(name: "--play", value: "FILE", help: "send this WAV file"),
            OptionEntry(name: "--tone", value: "HERTZ", help: "send a tone, 20 to 20000 Hz"),
            OptionEntry(name: "--mic", value: "DEVICE", help: "send what this ALSA device hears"),
            OptionEntry(
                name: "--record",
                value: "FILE",
                help: "write what is heard to this WAV file"
            ),
            OptionEntry(name: "--speaker", value: "DEVICE", help: "play it on this ALSA device"),
        ] + networkOptions + [json]
}
