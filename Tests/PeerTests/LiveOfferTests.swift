import Foundation
import Peer
import SDP
import Testing

/// What other stacks offer today, written by `Tests/Interop/live_offers.py` into the folder that
/// `SWIFTLET_LIVE_OFFERS` names.
enum LiveOffers {
    static let folder = ProcessInfo.processInfo.environment["SWIFTLET_LIVE_OFFERS"]

    /// The names of the offers; one that cannot be read if there are none, so that none is a failure.
    static let names: [String] = {
        guard let folder else { return [] }
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        let offers = (files ?? []).filter { $0.hasSuffix(".sdp") }.sorted()
        return offers.isEmpty ? ["no offer at all"] : offers
    }()

    static func text(_ name: String) throws -> String {
        let url = URL(filePath: folder ?? "").appending(path: name)
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }
}

@Suite(
    "Offers of today's stacks are answered by the rules, RFC 9429 §5.3",
    .enabled(if: LiveOffers.folder != nil, "SWIFTLET_LIVE_OFFERS names no folder")
)
struct LiveOfferTests {
    @Test("with the codecs of present modules", arguments: LiveOffers.names)
    func present(name: String) throws {
        let answer = try answer(to: name, PeerConfiguration())
        // All of them offer Opus.
        #expect(answer.media.contains { $0.kind == "audio" && !$0.isRejected })
    }

    @Test("with all codecs everything is accepted", arguments: LiveOffers.names)
    func full(name: String) throws {
        let answer = try answer(to: name, fullConfiguration())
        #expect(answer.media.filter(\.isRejected).map(\.kind) == [])
    }

    private func answer(
        to name: String,
        _ configuration: PeerConfiguration
    ) throws -> SDPDescription {
        let offer = try LiveOffers.text(name)
        var session = try makeSession(configuration: configuration)
        _ = try session.add(.audio)
        let answer = try SDPDescription(parsing: session.answer(offer), mode: .strict)
        let violations = try AnswerValidator.violations(
            of: answer,
            to: SDPDescription(parsing: offer)
        )
        #expect(violations == [])
        return answer
    }
}
