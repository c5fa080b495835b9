import Swiftlet

// Never run: that it compiles shows that `import Swiftlet` brings every type its interface shows.

func everyTypeOfTheInterface(_ peer: PeerConnection) async {
    var configuration = Configuration()
    configuration.interfaces = .addresses([.loopback4])
    configuration.ice = ICEConfiguration()
    configuration.jitterBuffer = JitterBufferConfiguration()
    configuration.capabilities = MediaCapabilities.full
    configuration.descriptionMode = SDPDescription.Mode.strict
    configuration.descriptionLimits = SDPLimits()
    let loops: EventLoopGroup? = configuration.loops
    do throws(PeerConnectionError) {
        _ = try PeerConnection(configuration: configuration, certificate: nil as Certificate?)
    } catch {
        explain(error)
    }
    let statistics: PeerStatistics = await peer.statistics()
    let counters: PeerCounters = statistics.counters
    let timeline: PeerTimeline = statistics.timeline
    let sent: [SentAudioStatistics] = statistics.sent
    let received: [ReceivedAudioStatistics] = statistics.received
    let checks: ICEStatistics = statistics.ice
    let at: Instant = statistics.at
    _ = (loops, counters, timeline, sent, received, checks, at)
    var encoding = OpusEncoderConfiguration()
    encoding.bitrate = 32_000
    for await event in peer.events { tell(event) }
}

private func explain(_ error: PeerConnectionError) {
    switch error {
    case .session(let refused):
        let refused: PeerError = refused
        if case .sdpSyntax(let syntax) = refused { print(syntax.line) }
    case .system(let refused):
        let refused: SystemError = refused
        print(refused.code)
    case .certificate(let failure):
        let failure: DTLSError = failure
        print(failure)
    case .audio(let failure):
        let failure: OpusError = failure
        print(failure)
    case .closed(let reason):
        let reason: CloseReason = reason
        print(reason)
    case .failed, .cancelled: print(error)
    }
}

private func tell(_ event: PeerConnection.Event) {
    switch event {
    case .candidate(let candidate): print(candidate.candidate)
    case .candidateError(let error): print(error.url, error.errorText)
    case .gatheringStateChanged(let state): print(state.rawValue)
    case .signalingStateChanged(let state): print(state.rawValue)
    case .iceConnectionStateChanged(let state): print(state.rawValue)
    case .connectionStateChanged(let state): print(state.rawValue)
    case .pathChanged(let path): print(path.local.address.port, path.remote.kind.rawValue)
    case .track(let track): print(track.streamIDs, track.transceiver)
    case .videoTrack(let track): print(track.streamIDs, track.transceiver)
    case .trackStreamsChanged(let id, let streamIDs): print(id, streamIDs)
    case .trackEnded(let id): print(id)
    case .negotiationNeeded: print("negotiate")
    case .warning(let warning): print(warning)
    case .gatheringFailed(let address, let error): print(address?.isLoopback ?? false, error.code)
    case .closed(let reason): print(reason.rawValue)
    }
}
