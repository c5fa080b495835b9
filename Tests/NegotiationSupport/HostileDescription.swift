/// A description of at most 64 KiB that tries to cost as much as it can.
///
/// The name says what is repeated.
public struct HostileDescription: Sendable {
    public let name: String
    public let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// Offers, each of which repeats something else.
    public static var offers: [HostileDescription] {
        lines + sections + tables + values
    }

    private static let session = HostileText.session
    private static let audio = HostileText.audio
    private static let video = HostileText.video

    /// Lines of each kind in a section, in the session, and a few in each of many sections.
    private static var lines: [HostileDescription] {
        HostileLines.all.flatMap { kind in
            let tail = (0..<100).map { HostileText.tiny + "a=mid:\($0)\r\n" }.joined()
            let few = { (section: Int) in (0..<8).map { kind.line(section * 8 + $0) }.joined() }
            return [
                HostileDescription(
                    "\(kind.name) in a section",
                    HostileText.filled(session + video, kind.line)
                ),
                HostileDescription(
                    "\(kind.name) in the session",
                    HostileText.filled(session, tail: tail, kind.line)
                ),
                HostileDescription(
                    "\(kind.name) in all sections",
                    HostileText.bundled { HostileText.tinyOpus + "a=mid:\($0)\r\n" + few($0) }
                ),
                HostileDescription(
                    "\(kind.name) in the first of many sections",
                    HostileText.bundled {
                        HostileText.tinyOpus + "a=mid:\($0)\r\n"
                            + ($0 == 0 ? (0..<400).map(kind.line).joined() : "")
                    }
                ),
            ]
        }
    }

    private static var sections: [HostileDescription] {
        [
            HostileDescription(
                "sections bundled",
                HostileText.bundled { audio + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections bundled, as many as are accepted",
                HostileText.bundled(atMost: 256) { audio + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections bundled, tiny",
                HostileText.bundled { HostileText.tiny + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections bundled with candidates",
                HostileText.bundled {
                    HostileText.tinyOpus + "a=mid:\($0)\r\n" + HostileText.candidate($0)
                }
            ),
            HostileDescription(
                "sections apart",
                HostileText.filled(session) { audio + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections apart, tiny",
                HostileText.filled(session) { HostileText.tinyOpus + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections apart with candidates",
                HostileText.filled(session) {
                    HostileText.tinyOpus + "a=mid:\($0)\r\n" + HostileText.candidate($0)
                }
            ),
            HostileDescription(
                "sections without mid",
                HostileText.filled(session) { _ in HostileText.tiny }
            ),
            HostileDescription(
                "sections without mid, less than are read",
                session + [String](repeating: HostileText.tinyOpus, count: 900).joined()
            ),
            HostileDescription(
                "sections of video",
                HostileText.bundled { video + "a=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections of data",
                HostileText.bundled {
                    "m=application 9 DTLS/SCTP webrtc-datachannel\r\na=mid:\($0)\r\n"
                }
            ),
            HostileDescription(
                "sections unknown",
                HostileText.filled(session) { "m=x 9 y z\r\na=mid:\($0)\r\n" }
            ),
            HostileDescription(
                "sections rejected",
                HostileText.filled(session) { "m=audio 0 RTP/SAVPF 0\r\na=mid:\($0)\r\n" }
            ),
        ]
    }
}
