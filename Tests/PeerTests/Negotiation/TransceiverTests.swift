import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC §5: tracks and transceivers")
struct TransceiverTests {
    // MARK: addTrack

    @Test func aTrackTakesTheTransceiverThatHasNeverSent() throws {
        var couple = try Couple()
        let receiving = try couple.left.add(.audio, .receiveOnly)
        let track = try couple.left.addTrack(.audio, id: "mic", at: .zero)
        #expect(track == receiving)
        let snapshot = couple.left.transceiver(track)
        #expect(snapshot?.direction == .sendReceive && snapshot?.trackID == "mic")
        // A second track needs a transceiver of its own, and so does another kind.
        let second = try couple.left.addTrack(.audio, at: .zero)
        let video = try couple.left.addTrack(.video, at: .zero)
        #expect(Set([track, second, video]).count == 3)
    }

    @Test func aSenderThatHasSentIsNotTakenAgain() throws {
        var couple = try Couple()
        let first = try couple.left.addTrack(.audio, at: .zero)
        try couple.negotiate()
        try couple.left.removeTrack(of: first, at: .zero)
        let second = try couple.left.addTrack(.audio, at: .zero)
        #expect(first != second)
        let direction = couple.left.transceiver(first)?.direction
        #expect(direction == .receiveOnly)
    }

    @Test func oneTrackHasOneSender() throws {
        var session = try makeSession()
        _ = try session.addTrack(.audio, id: "mic", at: .zero)
        let error = peerError { _ = try session.addTrack(.audio, id: "mic", at: .zero) }
        guard case .invalidAccess(.trackInUse)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("removeTrack leaves what is received", arguments: MediaDirection.allCases)
    func removing(direction: MediaDirection) throws {
        var session = try makeSession()
        let id = try session.addTrack(.audio, at: .zero)
        try session.setDirection(direction, of: id, at: .zero)
        try session.removeTrack(of: id, at: .zero)
        let after = session.transceiver(id)
        #expect(after?.direction == MediaDirection(sends: false, receives: direction.receives))
        #expect(after?.trackID == nil)
    }

    @Test func anOfferTakesTracksAndNotTransceivers() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.audio)
        let own = try couple.right.add(.audio)
        let track = try couple.right.addTrack(.audio, at: .zero)
        // A transceiver that was made takes the track: W3C re-uses its sender.
        #expect(own == track)
        let other = try couple.right.addTrack(.audio, at: .zero)
        try couple.negotiate()
        let mids = [own, other].map { couple.right.transceiver($0)?.mid }
        #expect(mids == [nil, "0"])
        verify(couple.right.transceivers.count == 3)
    }

    @Test func aSectionOnWhichThePeerOnlySendsTakesNoTrack() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio, .sendOnly)
        let track = try couple.right.addTrack(.audio, at: .zero)
        let (_, answer) = try couple.negotiate()
        #expect(answer.media.map(\.direction) == [.receiveOnly])
        let mid = couple.right.transceiver(track)?.mid
        #expect(mid == nil)
    }

    // MARK: The end

    @Test func whatIsStoppedBeforeAnyOfferIsNeverOffered() throws {
        var couple = try Couple()
        let gone = try couple.left.add(.video)
        _ = try couple.left.add(.audio)
        try couple.left.stop(gone, at: .zero)
        let (offer, _) = try couple.negotiate()
        #expect(offer.media.map(\.kind) == ["audio"])
        verify(couple.left.transceiver(gone) == nil)
        verify(!couple.left.isNegotiationNeeded)
    }

    @Test func nothingCanBeAskedOfAStoppedOne() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let id = try session.add(.audio)
        try session.stop(id, at: .zero)
        try session.stop(id, at: .zero)
        let snapshot = session.transceiver(id)
        #expect(snapshot?.direction == nil && snapshot?.isStopping == true)
        #expect(isInvalidState { try session.setDirection(.inactive, of: id, at: .zero) })
        #expect(isInvalidState { try session.replaceTrack(of: id, with: "x") })
    }

    @Test func sectionsOfStoppedOnesAreUsedAgain() throws {
        var couple = try Couple()
        let first = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        try couple.negotiate()
        try couple.left.stop(first, at: .zero)
        let (rejecting, _) = try couple.negotiate()
        #expect(rejecting.media.map(\.isRejected) == [true, false])
        verify(couple.left.transceivers.count == 1 && couple.right.transceivers.count == 1)
        // Another kind, in the old place, under a new name.
        _ = try couple.left.add(.video)
        try couple.left.addDataSection(at: .zero)
        let (offer, answer) = try couple.negotiate()
        #expect(offer.media.map(\.kind) == ["video", "video", "application"])
        #expect(offer.media.map(\.mid) == ["2", "1", "3"])
        #expect(answer.media.allSatisfy { !$0.isRejected })
    }

    @Test func thePeerMayStopAsWell() throws {
        var couple = try Couple()
        _ = try couple.left.addTrack(.audio, at: .zero)
        _ = try couple.right.addTrack(.audio, at: .zero)
        try couple.negotiate()
        let theirs = try #require(couple.right.transceivers.first)
        try couple.right.stop(theirs, at: .zero)
        try couple.negotiateBack()
        verify(couple.left.transceivers.isEmpty && couple.right.transceivers.isEmpty)
        let section = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp).media[0]
        #expect(section.isRejected)
    }

    // MARK: Codecs

    @Test func preferencesDecideOrderAndChoice() throws {
        var couple = try Couple()
        let id = try couple.left.add(.video)
        let all = couple.left.capabilities(of: .video).codecs
        let wanted = all.filter { $0.name == "AV1" || $0.name == "rtx" } + [all[0]]
        try couple.left.setCodecPreferences(wanted, of: id)
        let (offer, answer) = try couple.negotiate()
        #expect(offer.media[0].rtpMaps.map(\.encoding) == ["AV1", "VP8", "rtx", "rtx"])
        #expect(answer.media[0].formats == offer.media[0].formats)
        // None: those of the table again, each under the number it had.
        try couple.left.setCodecPreferences([], of: id)
        let (later, _) = try couple.negotiate()
        #expect(later.media[0].formats.starts(with: ["96"]))
        #expect(Set(offer.media[0].formats).isSubset(of: later.media[0].formats))
    }

    @Test func preferencesMustBeCapabilitiesAndHoldMedia() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let id = try session.add(.video)
        let codecs = session.capabilities(of: .video).codecs
        let audio = session.capabilities(of: .audio).codecs
        let unknown = CodecCapability("video/X-NEW", clockRate: 90_000)
        for wrong in [
            [unknown], [codecs[0], unknown], [audio[0]], codecs.filter { $0.purpose != .media },
        ] {
            let error = peerError { try session.setCodecPreferences(wrong, of: id) }
            #expect(error?.name == "InvalidModificationError")
        }
    }

    @Test func numbersNeverChangeTheirMeaning() throws {
        var couple = try Couple()
        _ = try couple.right.add(.video)
        // The peer uses 111 and extension 4 for other things than our table would.
        var foreign = try SDPDescription(parsing: couple.right.setLocalDescription(at: .zero).sdp)
        let text = foreign.write().replacing("a=rtpmap:96 VP8", with: "a=rtpmap:111 VP8")
            .replacing("a=rtcp-fb:96", with: "a=rtcp-fb:111").replacing(
                "SAVPF 96",
                with: "SAVPF 111"
            )
            .replacing("apt=96", with: "apt=111")
        foreign = try SDPDescription(parsing: text)
        foreign.media[0].extensionMaps = [
            ExtensionMapAttribute(id: 1, uri: ExtensionMapAttribute.midURI)
        ]
        try couple.left.setRemoteDescription(
            SessionDescription(.offer, sdp: foreign.write()),
            at: .zero
        )
        try couple.left.setLocalDescription(at: .zero)
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        var meanings: [String: Set<String>] = [:]
        for media in offer.media {
            for map in media.rtpMaps {
                let apt = media.formatParameters(of: map.payloadType)?["apt"] ?? ""
                meanings["\(map.payloadType)", default: []].insert(map.encoding + apt)
            }
            for map in media.extensionMaps { meanings["x\(map.id)", default: []].insert(map.uri) }
        }
        #expect(meanings.values.allSatisfy { $0.count == 1 })
        #expect(meanings["111"] == ["VP8"])
        #expect(meanings["x1"] == [ExtensionMapAttribute.midURI])
    }

    // MARK: Streams

    @Test func aTrackMayBeInSeveralStreamsOrNone() throws {
        var couple = try Couple()
        let first = try couple.left.addTrack(
            .audio,
            id: "t",
            streamIDs: ["a", "b", "a"],
            at: .zero
        )
        _ = try couple.left.addTrack(.video, id: "u", streamIDs: [], at: .zero)
        let (offer, _) = try couple.negotiate()
        #expect(offer.media[0].msids.map(\.value) == ["a t", "b t"])
        #expect(offer.media[1].msids.map(\.value) == ["- u"])
        let seen = couple.right.transceivers.map { couple.right.transceiver($0)?.remoteStreamIDs }
        #expect(seen == [["a", "b"], []])
        try couple.left.setStreams(["c"], of: first, at: .zero)
        let (later, _) = try couple.negotiate()
        #expect(later.media[0].msids.map(\.value) == ["c t"])
    }

    @Test("preferences that come while an offer is under way decide the next one")
    func preferencesBehindAnOffer() throws {
        var couple = try Couple()
        let id = try couple.left.add(.video)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let all = couple.left.capabilities(of: .video).codecs.filter { $0.purpose == .media }
        try couple.left.setCodecPreferences(all.reversed(), of: id)
        try couple.left.accept(try couple.right.answer(offer.sdp))
        let (later, _) = try couple.negotiate()
        #expect(later.media[0].rtpMaps.first?.encoding == all.last?.name)
    }
}
