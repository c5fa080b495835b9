/// The tracks that the peer sends or will send, as its descriptions have them at one moment.
///
/// W3C WebRTC §5.1.1 tells the program of what a step changes in them, whatever the step is: a
/// description, one that takes the place of another, or a rollback.
struct RemoteTracks {
    /// What the program must be told.
    enum Change {
        case removed(TransceiverID)
        /// Into other streams.
        case moved(TransceiverID, streamIDs: [String])
        case added(TransceiverID, streamIDs: [String])
    }

    private struct Track {
        let id: TransceiverID
        let section: Int
        let streamIDs: [String]
    }

    /// In the order of their sections.
    private let tracks: [Track]

    init(_ negotiator: Negotiator) {
        var tracks: [Track] = []
        for transceiver in negotiator.transceivers.list where transceiver.negotiated.isAnnounced {
            tracks.append(
                Track(
                    id: transceiver.id,
                    section: transceiver.negotiated.place?.index ?? .max,
                    streamIDs: transceiver.negotiated.remote?.streamIDs ?? []
                )
            )
        }
        self.tracks = tracks.sorted { $0.section < $1.section }
    }

    /// What has become of `before`: W3C tells of removals first.
    func changes(since before: RemoteTracks) -> [Change] {
        let now = Set(tracks.map(\.id))
        var known: [TransceiverID: [String]] = [:]
        for track in before.tracks { known[track.id] = track.streamIDs }
        var changes = before.tracks.filter { !now.contains($0.id) }.map { Change.removed($0.id) }
        for track in tracks {
            guard let streamIDs = known[track.id] else {
                changes.append(.added(track.id, streamIDs: track.streamIDs))
                continue
            }
            // The order of streams means nothing.
            if Set(streamIDs) != Set(track.streamIDs) {
                changes.append(.moved(track.id, streamIDs: track.streamIDs))
            }
        }
        return changes
    }
}
