public import Wire

/// Asks the neighbours for the addresses of `.local` names (RFC 6762 §5).
///
/// Each name is asked for at once, then after 1, 2, 4 … seconds, until an answer comes or the time is
/// over. Answers are believed only from neighbours, and only for names that were asked for.
///
/// ```swift
/// var querier = MDNSQuerier(on: link)
/// querier.resolve(name, at: now)
/// while let output = querier.popOutput() {
///     switch output {
///     case .transmit(let query): socket.send(query.span, to: MDNSGroup.v4)
///     case .resolved(let name, let addresses): add(addresses, for: name)
///     case .failed(let name, let failure): giveUp(name, failure)
///     }
/// }
/// ```
public struct MDNSQuerier: Machine, Sendable {
    /// What the owner must do, or learns.
    public enum Output: Hashable, Sendable {
        /// Send this to the group, from port 5353.
        case transmit([UInt8])
        /// The name has these addresses, at most eight.
        case resolved(MDNSName, [IPAddress])
        /// The name's addresses cannot be found.
        case failed(MDNSName, MDNSFailure)
    }

    /// Timings and limits.
    public struct Configuration: Hashable, Sendable {
        /// How long to wait before asking again; doubles each time (RFC 6762 §5.2).
        public var firstInterval = Duration.seconds(1)
        /// How long to wait for an answer at all.
        public var timeout = Duration.seconds(10)
        /// Whether the first question asks for an answer to us alone (RFC 6762 §5.4).
        ///
        /// It comes to port 5353 of our address, so only a socket bound there gets it, and another
        /// program may have that port.
        public var wantsUnicast = false
        /// The most names that are asked for at a time.
        public var maximumNames = 64

        /// The defaults.
        public init() {}
    }

    /// Who counts as a neighbour; may change with the interface's addresses.
    public var link: MDNSLink

    private let configuration: Configuration
    /// In the order they were asked for.
    private var searches: [Search] = []
    private var outputs = Queue<Output>()
    private var clock = Instant(nanoseconds: .min)

    private struct Search {
        let name: MDNSName
        let end: Instant
        /// When to ask the next time.
        var next: Instant
        var interval: Duration
        var isFirst = true

        var deadline: Instant { min(next, end) }
    }

    /// A querier on that link.
    public init(on link: MDNSLink, configuration: Configuration = .init()) {
        self.link = link
        self.configuration = configuration
    }

    public var deadline: Instant? { searches.map(\.deadline).min() }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

/// Why a name was not resolved.
public enum MDNSFailure: Error, Hashable, Sendable {
    /// No neighbour has answered: the peer is elsewhere, or the network drops multicast.
    case noAnswer
    /// Too many names are being asked for already.
    case tooManyNames
}

// MARK: - Inputs

extension MDNSQuerier {
    /// Starts to look for the addresses of `name`; a name that is looked for already stays as it is.
    public mutating func resolve(_ name: MDNSName, at now: Instant) {
        clock = max(clock, now)
        guard !searches.contains(where: { $0.name == name }) else { return }
        guard searches.count < configuration.maximumNames else {
            return outputs.append(.failed(name, .tooManyNames))
        }
        searches.append(
            Search(
                name: name,
                end: clock.advanced(by: configuration.timeout),
                next: clock,
                interval: configuration.firstInterval
            )
        )
        ask()
    }

    /// Stops looking for `name`; nothing is output.
    public mutating func cancel(_ name: MDNSName) { searches.removeAll { $0.name == name } }

    /// Takes a datagram that came to the group, or to our port 5353; queries are ignored.
    public mutating func receive(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant
    ) {
        clock = max(clock, now)
        // RFC 6762 §6, §11: responses come from port 5353 and from the link.
        guard !searches.isEmpty, source.port == MDNSGroup.port, link.contains(source.address),
            let message = try? DNSMessage(parsing: datagram), message.isResponse, message.isOrdinary
        else { return }
        for name in searches.map(\.name) {
            let addresses = Self.addresses(of: name, in: message, heardFrom: source.address)
            guard !addresses.isEmpty else { continue }
            searches.removeAll { $0.name == name }
            outputs.append(.resolved(name, addresses))
        }
    }

    public mutating func advance(to now: Instant) {
        clock = max(clock, now)
        for search in searches where search.end <= clock {
            outputs.append(.failed(search.name, .noAnswer))
        }
        let now = clock
        searches.removeAll { $0.end <= now }
        ask()
    }
}

// MARK: - Asking and hearing

extension MDNSQuerier {
    /// Asks for all names that are due, several in one message.
    private mutating func ask() {
        var questions: [DNSQuestion] = []
        for index in searches.indices where searches[index].next <= clock {
            let wantsUnicast = configuration.wantsUnicast && searches[index].isFirst
            for type in [DNSRecordType.a, .aaaa] {
                questions.append(
                    DNSQuestion(
                        searches[index].name.dnsName,
                        type,
                        wantsUnicast: wantsUnicast
                    )
                )
            }
            searches[index].isFirst = false
            searches[index].next = clock.advanced(by: searches[index].interval)
            searches[index].interval = min(searches[index].interval * 2, maximumInterval)
        }
        for start in stride(from: 0, to: questions.count, by: questionsInMessage) {
            let part = questions[start..<min(start + questionsInMessage, questions.count)]
            if let bytes = try? DNSMessage(questions: [DNSQuestion](part)).write() {
                outputs.append(.transmit(bytes))
            }
        }
    }

    /// The addresses that `message` gives for `name`, without those that lead nowhere.
    private static func addresses(
        of name: MDNSName,
        in message: DNSMessage,
        heardFrom source: IPAddress
    ) -> [IPAddress] {
        var found: [IPAddress] = []
        for record in message.answers + message.additional
        where record.name == name.dnsName && record.timeToLive > 0 {
            guard case .address(let address) = record.content, !address.isMulticast,
                !address.isUnspecified, !address.isLoopback, !address.isV4Mapped
            else { continue }
            // A link-local address is of use only with the interface that it was heard on.
            let scoped = address.isLinkLocal ? address.scoped(to: source.scope) : address
            if !found.contains(scoped), found.count < maximumAddresses { found.append(scoped) }
        }
        return found
    }
}

private let maximumAddresses = 8
/// 24 questions for names with a UUID have 1,164 bytes.
private let questionsInMessage = 24
/// RFC 6762 §5.2.
private let maximumInterval = Duration.seconds(3_600)
