import Peer
import SDP
import Testing
import Wire

@Suite("RFC 9429 §5.3.1: what is played in step")
struct StreamGroupTests {
    private func couple() throws -> Couple {
        let configuration = fullConfiguration { $0.capabilities.groupsStreams = true }
        return try Couple(left: configuration, right: configuration)
    }

    /// The groups of the answer to an offer of audio and video in one stream.
    private func answeredGroups(_ streams: [MediaKind: String]) throws -> [[String]] {
        var couple = try couple()
        for kind in [MediaKind.audio, .video] {
            _ = try couple.left.addTrack(kind, streamIDs: ["s"], at: .zero)
            guard let stream = streams[kind] else { continue }
            _ = try couple.right.addTrack(kind, streamIDs: [stream], at: .zero)
        }
        let (offer, answer) = try couple.negotiate()
        #expect(offer.groups.contains { $0.semantics == "LS" && $0.mids == ["0", "1"] })
        return answer.groups.filter { $0.semantics == "LS" }.map(\.mids)
    }

    @Test("tracks of one stream of ours keep the offer's group")
    func common() throws {
        #expect(try answeredGroups([.audio: "a", .video: "a"]) == [["0", "1"]])
    }

    @Test("tracks of different streams are not played in step")
    func different() throws {
        #expect(try answeredGroups([.audio: "a", .video: "b"]) == [])
    }

    @Test("what we do not send leaves it to the peer")
    func nothing() throws {
        #expect(try answeredGroups([:]) == [["0", "1"]])
        #expect(try answeredGroups([.audio: "a"]) == [["0", "1"]])
    }
}
