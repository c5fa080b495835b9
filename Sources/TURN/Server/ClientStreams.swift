package import Wire

/// Which streams a server keeps, for how long, and what each may cost it.
///
/// Who has an allocation has shown a password. Anybody else has so much time to get one, however much
/// is sent meanwhile, and makes room for newcomers when there is none.
///
/// ```swift
/// switch streams.admit(path, at: now) {
/// case .refused: stream.close()
/// case .admitted(instead: let other): …        // close that one
/// }
/// ```
package struct ClientStreams: Sendable {
    /// Who is at the other end.
    package enum Holder: Hashable, Sendable {
        /// Nobody known; the stream is closed then.
        case stranger(until: Instant)
        /// Somebody with an allocation; whether it is still there is looked at then.
        case client(examinedAt: Instant)
    }

    package enum Admission: Hashable, Sendable {
        case refused
        /// There is room, or the other one has made it.
        case admitted(instead: TURNPath?)
    }

    package private(set) var holders: [TURNPath: Holder] = [:]
    /// When to call ``takeOverdue(at:hasAllocation:)``; never later than it has to be.
    package private(set) var deadline: Instant?

    package init() {}

    /// A new connection.
    package mutating func admit(_ path: TURNPath, at now: Instant) -> Admission {
        let host = Host(path.client.address)
        let sameHost = holders.keys.count { Host($0.client.address) == host }
        guard sameHost < maximumStreamsPerHost else { return .refused }
        var oldest: TURNPath?
        if holders.count >= maximumStreams {
            oldest = oldestStranger
            guard let oldest else { return .refused }
            holders[oldest] = nil
        }
        let end = now.advanced(by: patience)
        holders[path] = .stranger(until: end)
        deadline = deadline.map { min($0, end) } ?? end
        return .admitted(instead: oldest)
    }

    private var oldestStranger: TURNPath? {
        var oldest: (path: TURNPath, end: Instant)?
        for (path, holder) in holders {
            guard case .stranger(let end) = holder,
                end < oldest?.end ?? end.advanced(by: .seconds(1))
            else { continue }
            oldest = (path, end)
        }
        return oldest?.path
    }

    /// The holder of the stream has an allocation.
    package mutating func noteAllocation(on path: TURNPath, at now: Instant) {
        guard case .stranger? = holders[path] else { return }
        holders[path] = .client(examinedAt: now.advanced(by: patience))
    }

    /// The stream has ended.
    package mutating func remove(_ path: TURNPath) {
        holders[path] = nil
        if holders.isEmpty { deadline = nil }
    }

    /// The streams to be closed now: strangers' whose time is over.
    ///
    /// An allocation that has ended makes a stranger of its client.
    package mutating func takeOverdue(
        at now: Instant,
        hasAllocation: (TURNPath) -> Bool
    ) -> [TURNPath] {
        guard let deadline, deadline <= now else { return [] }
        var overdue: [TURNPath] = []
        let next = now.advanced(by: patience)
        for (path, holder) in holders where holder.instant <= now {
            switch (holder, hasAllocation(path)) {
            case (_, true): holders[path] = .client(examinedAt: next)
            case (.client, false): holders[path] = .stranger(until: next)
            case (.stranger, false):
                holders[path] = nil
                overdue.append(path)
            }
        }
        self.deadline = holders.values.lazy.map(\.instant).min()
        return overdue
    }
}

extension ClientStreams.Holder {
    fileprivate var instant: Instant {
        switch self {
        case .stranger(let end): end
        case .client(let instant): instant
        }
    }

    /// No message may be longer: a request, or a whole datagram behind a ChannelData header.
    package var longestFrame: Int {
        switch self {
        case .stranger: 2_048
        case .client: 65_536
        }
    }

    /// When more bytes wait to be sent, nothing is read any more, and packets of peers are dropped.
    ///
    /// A few answers, or a second of video.
    package var longestQueue: Int {
        switch self {
        case .stranger: 16 * 1_024
        case .client: 512 * 1_024
        }
    }
}

/// What streams are counted by: one host of IPv6 has a whole /64 to choose from.
private struct Host: Hashable {
    private let family: IPAddress.Family
    private let number: UInt64

    init(_ address: IPAddress) {
        let plain = address.unmapped
        family = plain.family
        number = plain.v6Halves?.high ?? UInt64(plain.v4Number ?? 0)
    }
}

/// As long as a request over a stream may take (Ti of RFC 8489 §6.2.2), behind a TLS handshake.
private let patience = Duration.seconds(60)
private let maximumStreams = 1_000
private let maximumStreamsPerHost = 100
