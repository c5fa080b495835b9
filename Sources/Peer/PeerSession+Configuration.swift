import ICE
public import Wire

// What may change of the configuration (W3C WebRTC §4.4.2, setConfiguration).
extension PeerSession {
    /// Changes the configuration, where it may change; throws before anything else has changed.
    ///
    /// Servers, candidate rules, how descriptions are read, and
    /// ``PeerConfiguration/restartsByItself`` may. New servers and rules
    /// are used by transports that begin and by ICE restarts; credentials of a relay in use are taken
    /// over at once, so that it outlives those before. Policies, capabilities and the number of
    /// sections are decided when the session is made.
    public mutating func setConfiguration(
        _ configuration: PeerConfiguration,
        at now: Instant
    ) throws(PeerError) {
        try negotiator.requireOpen()
        if let setting = configuration.fixedSetting(differingFrom: self.configuration) {
            throw .invalidModification(.configuration(setting))
        }
        // W3C WebRTC §4.4.1.6: after the first local description the pool is what it is.
        if configuration.candidatePoolSize != self.configuration.candidatePoolSize {
            guard !isCandidatePoolFrozen else {
                throw .invalidModification(.configuration(.candidatePoolSize))
            }
            self.configuration.candidatePoolSize = configuration.candidatePoolSize
        }
        let changesRules =
            configuration.gathering != self.configuration.gathering
            || configuration.iceServers != self.configuration.iceServers
        self.configuration.gathering = configuration.gathering
        self.configuration.maximumAudioPayload = configuration.maximumAudioPayload
        self.configuration.descriptionMode = configuration.descriptionMode
        self.configuration.descriptionLimits = configuration.descriptionLimits
        self.configuration.restartsByItself = configuration.restartsByItself
        if changesRules {
            gathering.apply(configuration.gathering)
            setICEServers(configuration.iceServers, at: now)
        }
        setCandidatePoolSize(configuration.candidatePoolSize, at: now)
    }

    /// Goes over to other servers.
    ///
    /// New transports and restarts ask them; relays that stay take over new credentials without a gap.
    public mutating func setICEServers(_ servers: [ICEServer], at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        configuration.iceServers = servers
        gathering.rulesChanged()
        // Names are looked up, and clients made, when the first transport needs them.
        if gathering.pool.hasServers || !gathering.streams.isEmpty {
            gathering.pool.hasServers = true
            gathering.gatherer.set(servers, at: now)
            renewPool(at: now)
        }
        pump(at: now)
    }

    /// Looks for what new rules and servers bring, if there are such since the transport looked last.
    mutating func regather(_ stream: Int, at now: Instant) {
        guard gathering.takeNews(of: stream) else { return }
        let settings = configuration.gathering
        let refused = gathering.stream(stream).candidates.filter { !settings.allows($0.kind) }
        let usable = gathering.stream(stream).candidates.filter { settings.allows($0.kind) }
        gathering.forget(refused, of: stream)
        for address in refused.map(\.base).removingDuplicates()
        where !usable.contains(where: { $0.base == address }) {
            agent.remove(localAddress: address, at: now)
        }
        addMissingHosts(to: stream, at: now)
        lookAgain(stream, at: now)
    }
}

extension PeerConfiguration {
    /// What differs and may not; nil if all of it may.
    fileprivate func fixedSetting(
        differingFrom other: PeerConfiguration
    ) -> PeerError.FixedSetting? {
        if bundlePolicy != other.bundlePolicy { return .bundlePolicy }
        if rtcpMuxPolicy != other.rtcpMuxPolicy { return .rtcpMuxPolicy }
        if capabilities != other.capabilities { return .capabilities }
        if maximumSections != other.maximumSections
            || maximumTransports != other.maximumTransports
        {
            return .limits
        }
        return nil
    }
}
