import ICE
import SDP
import Wire

// What the program does with tracks (W3C WebRTC §5.1).
extension Negotiator {
    mutating func addTransceiver(
        _ kind: MediaKind,
        _ options: TransceiverOptions
    ) throws(PeerError) -> TransceiverID {
        try requireOpen()
        try requireCapability(for: kind)
        var options = options
        let most = rules.table[kind].capability.sentEncodings
        options.encodings = try EncodingParameters.validated(
            options.encodings,
            kind: kind,
            atMost: most
        )
        return make(kind, options, origin: .addTransceiver)
    }

    /// RFC 9429 §4.1.2: a sender that has never sent takes the track, else a transceiver is made.
    mutating func addTrack(
        _ kind: MediaKind,
        id trackID: String?,
        streams: [String]?
    ) throws(PeerError) -> TransceiverID {
        try requireOpen()
        try requireCapability(for: kind)
        if let trackID, transceivers.list.contains(where: { $0.sender.trackID == trackID }) {
            throw .invalidAccess(.trackInUse)
        }
        guard let free = transceivers.indices.first(where: { isReusable($0, kind) }) else {
            var options = TransceiverOptions()
            options.trackID = trackID
            options.streamIDs = streams
            return make(kind, options, origin: .addTrack)
        }
        let name = trackID ?? Hex.encode(entropy.bytes(12))
        let ownStream = [Hex.encode(entropy.bytes(12))]
        transceivers[free].sender.trackID = name
        transceivers[free].sender.announcedTrackID = name
        transceivers[free].sender.streamIDs = (streams ?? ownStream).removingDuplicates()
        transceivers[free].direction = transceivers[free].direction.sending
        // A rollback of the offer that brought it leaves it to the track.
        if transceivers[free].origin == .peer { transceivers[free].origin = .addTrack }
        return transceivers[free].id
    }

    private func isReusable(_ index: Int, _ kind: MediaKind) -> Bool {
        let transceiver = transceivers[index]
        return transceiver.kind == kind && transceiver.life == .running
            && transceiver.sender.trackID == nil && !transceiver.sender.hasSent
    }

    /// RFC 9429 §4.1.3: nothing is sent any more; the section stays.
    mutating func removeTrack(of id: TransceiverID) throws(PeerError) {
        let index = try requireTransceiver(id)
        guard transceivers[index].sender.trackID != nil else { return }
        transceivers[index].sender.trackID = nil
        guard transceivers[index].life == .running else { return }
        transceivers[index].direction = transceivers[index].direction.notSending
    }

    /// W3C WebRTC §5.2, replaceTrack: never needs negotiation.
    mutating func replaceTrack(
        of id: TransceiverID,
        with trackID: String?,
        kind: MediaKind?
    ) throws(PeerError) {
        let index = try requireTransceiver(id)
        if let kind, kind != transceivers[index].kind { throw .type(.kind) }
        guard transceivers[index].life == .running else {
            throw .invalidState(.transceiverStopped)
        }
        transceivers[index].sender.trackID = trackID
    }

    mutating func setStreams(_ streams: [String], of id: TransceiverID) throws(PeerError) {
        let index = try requireTransceiver(id)
        transceivers[index].sender.streamIDs = streams.removingDuplicates()
    }

    mutating func setDirection(
        _ direction: MediaDirection,
        of id: TransceiverID
    ) throws(PeerError) {
        let index = try requireTransceiver(id)
        guard transceivers[index].life == .running else {
            throw .invalidState(.transceiverStopped)
        }
        transceivers[index].direction = direction
    }

    mutating func stop(_ id: TransceiverID) throws(PeerError) {
        try requireOpen()
        guard let index = transceivers.index(of: id) else { return }
        transceivers[index].stop()
    }

    /// W3C WebRTC §5.4, setCodecPreferences; none of them means those of the table.
    mutating func setCodecPreferences(
        _ codecs: [CodecCapability],
        of id: TransceiverID
    ) throws(PeerError) {
        let index = try requireTransceiver(id)
        let table = rules.table[transceivers[index].kind]
        var seen = Set<FormatKey>()
        var entries: [CapabilityTable.Entry] = []
        for codec in codecs {
            let key = FormatKey(codec)
            guard let entry = table.entry(for: key),
                codec.mimeType.lowercased() == entry.codec.mimeType.lowercased()
            else { throw .invalidModification(.codecPreferences) }
            if seen.insert(key).inserted { entries.append(entry) }
        }
        guard codecs.isEmpty || entries.contains(where: { $0.purpose == .media }) else {
            throw .invalidModification(.codecPreferences)
        }
        transceivers[index].preferences = codecs.isEmpty ? nil : entries
    }

    mutating func wantData() throws(PeerError) {
        try requireOpen()
        guard rules.table.data != nil else { throw .notSupported(.data) }
        data.wish = .wanted
    }

    /// W3C WebRTC §4.4.2, restartIce: all credentials in use are to be replaced.
    mutating func restartICE() {
        let used = transports.ids.compactMap {
            transports[$0]?.credentials.used?.usernameFragment
        }
        progress.fragmentsToReplace.formUnion(used)
    }

    // MARK: Shared steps

    mutating func make(
        _ kind: MediaKind,
        _ options: TransceiverOptions,
        origin: Transceiver.Origin
    ) -> TransceiverID {
        let id = transceivers.makeID()
        let ssrc = UInt32.random(in: 1...UInt32.max, using: &entropy)
        let ownStream = Hex.encode(entropy.bytes(12))
        let track = options.trackID ?? Hex.encode(entropy.bytes(12))
        transceivers.append(
            Transceiver(
                id: id,
                kind: kind,
                origin: origin,
                direction: options.direction,
                sender: Transceiver.Sender(
                    ssrc: ssrc,
                    repairSSRC: ssrc &+ 1,
                    // What the program adds without a name is a track all the same.
                    trackID: origin == .addTrack || options.trackID != nil ? track : nil,
                    announcedTrackID: track,
                    streamIDs: options.streamIDs?.removingDuplicates() ?? [ownStream],
                    encodings: options.encodings.isEmpty
                        ? [EncodingParameters()] : options.encodings
                )
            )
        )
        return id
    }

    func requireTransceiver(_ id: TransceiverID) throws(PeerError) -> Int {
        try requireOpen()
        guard let index = transceivers.index(of: id) else {
            throw .invalidAccess(.unknownTransceiver)
        }
        return index
    }

    private func requireCapability(for kind: MediaKind) throws(PeerError) {
        guard !rules.table[kind].isUsable else { return }
        switch kind {
        case .audio: throw .notSupported(.audio)
        case .video: throw .notSupported(.video)
        }
    }
}

extension MediaDirection {
    /// The direction that sends as well.
    fileprivate var sending: MediaDirection { MediaDirection(sends: true, receives: receives) }

    /// The direction that does not send.
    fileprivate var notSending: MediaDirection { MediaDirection(sends: false, receives: receives) }
}

extension Array where Element: Hashable {
    /// Each element once, where it came first.
    func removingDuplicates() -> [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
