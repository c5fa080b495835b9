public import Wire

/// Answers the neighbours who ask for our `.local` names (RFC 6762 §6, §8.3, §10.1).
///
/// Names are random, so nobody else can have them: they are announced without probing
/// (draft-ietf-mmusic-mdns-ice-candidates §3.1.1).
///
/// ```swift
/// var responder = MDNSResponder(on: link)
/// let name = MDNSName.random(&entropy)
/// responder.publish(name, address, at: now)       // the candidate says `name` instead
/// ```
public struct MDNSResponder: Machine, Sendable {
    /// What the owner must do.
    public enum Output: Hashable, Sendable {
        /// Send this to the group, from port 5353.
        case transmit([UInt8])
        /// Send this to one asker, from port 5353.
        case reply([UInt8], to: SocketAddress)
    }

    /// Timings and limits.
    public struct Configuration: Hashable, Sendable {
        /// For how many seconds answers hold (RFC 6762 §10).
        public var timeToLive: UInt32 = 120
        /// The most names that can be published.
        public var maximumNames = 64
        /// The most replies to single askers in a second.
        public var maximumRepliesPerSecond = 50

        /// The defaults.
        public init() {}
    }

    /// Who counts as a neighbour; may change with the interface's addresses.
    public var link: MDNSLink

    private let configuration: Configuration
    /// In the order they were published.
    private var entries: [Entry] = []
    private var outputs = Queue<Output>()
    private var clock = Instant(nanoseconds: .min)
    /// The replies of the second that began at `secondStart`.
    private var repliesInSecond = 0
    private var secondStart = Instant(nanoseconds: .min)

    private struct Entry {
        let name: MDNSName
        let address: IPAddress
        /// How many announcements are still to come.
        var announcementsLeft = 2
        /// When to send the record to all.
        var due: Instant?
        /// When it went to all the last time.
        var lastMulticast: Instant?
    }

    /// A responder on that link.
    public init(on link: MDNSLink, configuration: Configuration = .init()) {
        self.link = link
        self.configuration = configuration
    }

    /// The names that are answered for.
    public var names: [MDNSName] { entries.map(\.name) }

    public var deadline: Instant? { entries.compactMap(\.due).min() }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

// MARK: - Inputs

extension MDNSResponder {
    /// Announces that `name` has `address`, twice, and answers for it from now on.
    ///
    /// False if there are too many names already, or `name` is one of them.
    @discardableResult
    public mutating func publish(_ name: MDNSName, _ address: IPAddress, at now: Instant) -> Bool {
        clock = max(clock, now)
        guard entries.count < configuration.maximumNames,
            !entries.contains(where: { $0.name == name })
        else { return false }
        entries.append(Entry(name: name, address: address.scoped(to: 0), due: clock))
        sendDue()
        return true
    }

    /// Says goodbye for `name` and does not answer for it any more.
    public mutating func withdraw(_ name: MDNSName, at now: Instant) {
        clock = max(clock, now)
        sayGoodbye(to: entries.filter { $0.name == name })
        entries.removeAll { $0.name == name }
    }

    /// Says goodbye for all names.
    public mutating func close(at now: Instant) {
        clock = max(clock, now)
        sayGoodbye(to: entries)
        entries = []
    }

    /// Takes a datagram that came to the group, or to our port 5353; responses are ignored.
    public mutating func receive(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant
    ) {
        clock = max(clock, now)
        // RFC 6762 §11: whoever is not on the link gets no answer, and neither does a forged victim.
        guard !entries.isEmpty, source.port > 0, link.contains(source.address),
            let query = try? DNSMessage(parsing: datagram), !query.isResponse, query.isOrdinary
        else { return }
        if source.port == MDNSGroup.port {
            answer(query, from: source)
        } else {
            answerLegacy(query, from: source)
        }
        sendDue()
    }

    public mutating func advance(to now: Instant) {
        clock = max(clock, now)
        sendDue()
    }
}

// MARK: - Answering

extension MDNSResponder {
    private mutating func answer(_ query: DNSMessage, from source: SocketAddress) {
        var replies: [DNSRecord] = []
        for index in entries.indices {
            let asked = query.questions.filter { $0.name == entries[index].name.dnsName }
            guard !asked.isEmpty else { continue }
            let record = record(of: entries[index], timeToLive: configuration.timeToLive)
            // RFC 6762 §7.1: who knows it, and for half its life yet, needs no answer.
            let isKnown = query.answers.contains {
                $0.name == record.name && $0.content == record.content
                    && $0.timeToLive >= configuration.timeToLive / 2
            }
            guard !isKnown else { continue }
            // RFC 6762 §5.4: to the asker alone, if all have heard it not long ago.
            let recent = Duration.seconds(Int64(configuration.timeToLive / 4))
            let heard =
                entries[index].lastMulticast.map { $0.advanced(by: recent) > clock } ?? false
            if heard, asked.allSatisfy(\.wantsUnicast) {
                replies += records(of: entries[index], for: asked, isLegacy: false)
            } else {
                schedule(index)
            }
        }
        guard !replies.isEmpty else { return }
        let few = [DNSRecord](replies.prefix(recordsInMessage))
        reply(DNSMessage(isResponse: true, answers: few), to: source)
    }

    /// RFC 6762 §6.7: programs that know only DNS ask from another port; they get their question back,
    /// no special bits, and a short life.
    private mutating func answerLegacy(_ query: DNSMessage, from source: SocketAddress) {
        var replies: [DNSRecord] = []
        var echoed: [DNSQuestion] = []
        for entry in entries {
            let asked = query.questions.filter { $0.name == entry.name.dnsName }
            guard !asked.isEmpty else { continue }
            replies += records(of: entry, for: asked, isLegacy: true)
            for question in asked { echoed.append(DNSQuestion(question.name, question.type)) }
        }
        guard !replies.isEmpty else { return }
        let message = DNSMessage(
            id: query.id,
            isResponse: true,
            questions: [DNSQuestion](echoed.prefix(recordsInMessage / 2)),
            answers: [DNSRecord](replies.prefix(recordsInMessage))
        )
        reply(message, to: source)
    }

    /// RFC 6762 §6: a record goes to all at most once a second.
    private mutating func schedule(_ index: Int) {
        let earliest = entries[index].lastMulticast?.advanced(by: .seconds(1)) ?? clock
        entries[index].due = min(
            entries[index].due ?? .init(nanoseconds: .max),
            max(clock, earliest)
        )
    }

    /// Sends all records that are due, in as few messages as they fit.
    private mutating func sendDue() {
        var records: [DNSRecord] = []
        for index in entries.indices {
            guard let due = entries[index].due, due <= clock else { continue }
            records += self.records(of: entries[index], for: [], isLegacy: false)
            entries[index].lastMulticast = clock
            entries[index].due = nil
            // RFC 6762 §8.3: at least two announcements, one second apart.
            entries[index].announcementsLeft = max(0, entries[index].announcementsLeft - 1)
            if entries[index].announcementsLeft > 0 {
                entries[index].due = clock.advanced(by: .seconds(1))
            }
        }
        multicast(records)
    }

    private mutating func sayGoodbye(to leaving: [Entry]) {
        // RFC 6762 §10.1: a life of zero. Who has never been told has nothing to forget.
        multicast(
            leaving.filter { $0.lastMulticast != nil }.map { record(of: $0, timeToLive: 0) }
        )
    }

    private mutating func multicast(_ records: [DNSRecord]) {
        for start in stride(from: 0, to: records.count, by: recordsInMessage) {
            let part = records[start..<min(start + recordsInMessage, records.count)]
            let message = DNSMessage(isResponse: true, answers: [DNSRecord](part))
            if let bytes = try? message.write() { outputs.append(.transmit(bytes)) }
        }
    }

    private mutating func reply(_ message: DNSMessage, to source: SocketAddress) {
        if secondStart.advanced(by: .seconds(1)) <= clock {
            secondStart = clock
            repliesInSecond = 0
        }
        guard repliesInSecond < configuration.maximumRepliesPerSecond,
            let bytes = try? message.write()
        else { return }
        repliesInSecond += 1
        outputs.append(.reply(bytes, to: source))
    }

    private func record(of entry: Entry, timeToLive: UInt32) -> DNSRecord {
        DNSRecord(
            entry.name.dnsName,
            .address(entry.address),
            timeToLive: timeToLive,
            flushesCache: true
        )
    }

    /// The address, and that there is no other: or only the latter, if nothing else was asked for
    /// (RFC 6762 §6.1).
    private func records(
        of entry: Entry,
        for asked: [DNSQuestion],
        isLegacy: Bool
    ) -> [DNSRecord] {
        let life = isLegacy ? min(configuration.timeToLive, 10) : configuration.timeToLive
        var address = record(of: entry, timeToLive: life)
        address.flushesCache = !isLegacy
        let types = DNSRecord(
            entry.name.dnsName,
            .types([address.type]),
            timeToLive: life,
            flushesCache: !isLegacy
        )
        let wantsAddress =
            asked.isEmpty || asked.contains { [.any, address.type].contains($0.type) }
        return wantsAddress ? [address, types] : [types]
    }
}

/// Eight addresses of names with a UUID, and as many records that there is no other, have 1,404 bytes.
private let recordsInMessage = 16
