import ICE
import SDP
import Wire

/// The local candidates of each transport, who is asked for more, and whether more will come.
struct Gathering: Sendable {
    /// A socket of this host, whether or not it is a candidate.
    struct Socket: Hashable, Sendable {
        var address: SocketAddress
        var component: UInt8
        var transport = CandidateTransport.udp
        /// Its rank among the others (RFC 8445 §5.1.2.1).
        var preference: UInt16
    }

    /// The candidates of one transport, both components together.
    struct Stream: Sendable {
        var number: Int
        let components: Int
        var sockets: [Socket] = []
        /// Those the agent pairs.
        var candidates: [Candidate] = []
        /// Those the peer is told of, as descriptions and signaling carry them.
        var published: [CandidateAttribute] = []
        var isComplete = false
        /// The rules and servers it was gathered under.
        var rules = 0

        /// Whether it waits for a description that needs it.
        var isPooled: Bool { number < 0 }
    }

    /// Counts changes of rules and servers.
    private var rules = 0

    var gatherer: Gatherer
    var names = NameTable()
    private var foundations = FoundationNames()
    /// What servers have refused, newest last.
    private(set) var errors: [ICECandidateError] = []
    /// In the order the transports were begun.
    private(set) var streams: [Stream] = []
    /// How far the pool has come.
    var pool = CandidatePool()

    /// W3C WebRTC §5.6.3: gathering while any transport is, complete when all are.
    var state: ICEGatheringState {
        // What is gathered ahead of time is nobody's yet.
        let used = streams.filter { !$0.isPooled }
        guard !used.isEmpty else { return .new }
        return used.allSatisfy(\.isComplete) ? .complete : .gathering
    }

    init(entropy: consuming Entropy, settings: GatheringConfiguration) {
        gatherer = Gatherer(entropy: entropy)
        apply(settings)
    }

    /// Asks servers for what the rules allow from now on.
    mutating func apply(_ settings: GatheringConfiguration) {
        gatherer.wantsReflexive = settings.allows(.serverReflexive)
        gatherer.wantsRelayed = settings.allows(.relayed)
    }

    /// Transports that are there follow new rules and servers with their next restart.
    mutating func rulesChanged() { rules += 1 }

    /// Whether rules and servers have changed since the transport looked; it looks now.
    mutating func takeNews(of number: Int) -> Bool {
        let current = rules
        guard stream(number).rules != current else { return false }
        change(number) { $0.rules = current }
        return true
    }

    func stream(_ number: Int) -> Stream {
        streams.first { $0.number == number } ?? Stream(number: number, components: 1)
    }

    mutating func begin(_ number: Int, components: Int) {
        streams.append(Stream(number: number, components: components, rules: rules))
    }

    /// Gives what was gathered ahead to the transport `number`, if there is such.
    mutating func adopt(for number: Int, components: Int) -> Stream? {
        guard
            let index = streams.firstIndex(where: { $0.isPooled && $0.components == components })
        else { return nil }
        var stream = streams.remove(at: index)
        gatherer.rename(stream.number, to: number)
        defer {
            stream.number = number
            streams.append(stream)
        }
        return stream
    }

    mutating func remove(_ number: Int) { streams.removeAll { $0.number == number } }

    /// Candidates of the transport `number` are looked for once more.
    mutating func resume(_ number: Int) { change(number) { $0.isComplete = false } }

    mutating func complete(_ number: Int) { change(number) { $0.isComplete = true } }

    /// Remembers a candidate of ours; one that the peer is not told of is not `published`.
    ///
    /// Returns what the peer is told.
    mutating func add(
        _ candidate: Candidate,
        published: CandidateAttribute?,
        to number: Int
    ) -> CandidateAttribute? {
        var told = published
        told?.foundation = foundations.name(of: candidate.foundation)
        change(number) { stream in
            stream.candidates.append(candidate)
            if let told { stream.published.append(told) }
        }
        return told
    }

    mutating func add(_ socket: Socket, to number: Int) {
        change(number) { $0.sockets.append(socket) }
    }

    /// Forgets candidates whose packets arrive at `base`.
    mutating func removeCandidates(at base: SocketAddress) {
        for index in streams.indices {
            let gone = streams[index].candidates.filter { $0.base == base }
            forget(gone, of: streams[index].number)
            streams[index].sockets.removeAll { $0.address == base }
        }
    }

    /// Forgets candidates of a transport; its sockets stay.
    mutating func forget(_ gone: [Candidate], of number: Int) {
        guard !gone.isEmpty else { return }
        let told = gone.map { (foundations.name(of: $0.foundation), $0.priority) }
        change(number) { stream in
            stream.candidates.removeAll { gone.contains($0) }
            stream.published.removeAll { attribute in
                told.contains { $0 == (attribute.foundation, attribute.priority) }
            }
        }
    }

    mutating func note(_ error: ICECandidateError) {
        if errors.count >= maximumErrors { errors.removeFirst() }
        errors.append(error)
    }

    private mutating func change(_ number: Int, _ body: (inout Stream) -> Void) {
        guard let index = streams.firstIndex(where: { $0.number == number }) else { return }
        body(&streams[index])
    }

    /// Whose packets arrive on the socket, or the relayed address, `local`.
    func isOwner(_ component: ICEComponent, of local: SocketAddress) -> Bool {
        streams.contains { stream in
            stream.number == component.stream
                && (stream.sockets.contains {
                    $0.component == component.component && $0.address == local
                }
                    || stream.candidates.contains {
                        $0.component == component.component && $0.base == local
                    })
        }
    }
}

private let maximumErrors = 32
