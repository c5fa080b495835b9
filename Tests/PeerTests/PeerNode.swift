import DTLS
import ICE
import JitterBuffer
import NetworkSimulator
import Peer
import SDP
import Wire

/// A whole peer on a simulated network, with a microphone that counts and an ear that checks.
struct PeerNode: ~Copyable, SimulatedNode {
    var session: PeerSession
    var events: [PeerEvent] = []
    /// Events that the test has not passed on to the other side yet.
    var signals: [ICECandidate] = []
    /// What the session asked of the network beside sockets.
    var requests: [NetworkRequest] = []
    var audio: TransceiverID?
    var microphone = Microphone()
    var ear = Ear()
    var localAddress: SocketAddress { SocketAddress(address, port: port) }
    private var address: IPAddress
    /// Transports with sockets.
    private var streams: [Int] = []
    private let port: UInt16
    /// The last port of sockets for relays alone.
    private var extraPort: UInt16 = 40_000
    private var waiting = Queue<Datagram>()

    init(
        _ address: String,
        port: UInt16 = 50_000,
        configuration: PeerConfiguration = PeerConfiguration(),
        seed: UInt64,
        at now: Instant
    ) throws {
        self.address = IPAddress(address) ?? .loopback4
        self.port = port
        session = PeerSession(
            certificate: try Certificate.selfSigned(validFrom: 1_700_000_000),
            configuration: configuration,
            entropy: .seed(seed),
            wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
            at: now
        )
    }

    var isConnected: Bool { session.connectionState == .connected }
    var hasEnded: Bool { session.isClosed }

    // MARK: SimulatedNode

    var deadline: Instant? {
        [session.deadline, microphone.next, ear.next].compactMap(\.self).min()
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        var bytes = datagram.payload
        var span = bytes.mutableSpan
        session.receive(&span, from: datagram.source, on: datagram.destination, at: now)
        collect(at: now)
    }

    mutating func advance(to now: Instant) {
        session.advance(to: now)
        if let audio, microphone.isDue(at: now) {
            let frame = microphone.record(at: now)
            session.sendAudio(frame.payload.span, frame.encoded, on: audio, at: now)
        }
        if let audio, ear.isDue(at: now) {
            ear.hear(session.nextPlayout(audio, at: now), at: now)
        }
        collect(at: now)
    }

    mutating func popTransmit() -> Datagram? { waiting.popFirst() }

    /// Carries out what the session asks for.
    mutating func collect(at now: Instant) {
        while let output = session.popOutput() {
            switch output {
            case .gather(let stream):
                streams.append(stream)
                openSockets(of: stream, at: now)
                session.endOfLocalAddresses(of: stream, at: now)
            case .network(let request):
                requests.append(request)
                guard case .openSocket(let wanted) = request else { break }
                extraPort &+= 1
                let place = SocketAddress(address, port: extraPort)
                session.socketOpened(wanted.id, on: place, at: now)
            case .event(let event):
                events.append(event)
                if case .candidate(let candidate) = event { signals.append(candidate) }
                if case .trackAdded(let id, _) = event, audio == nil { audio = id }
            }
        }
        let queue = Self.drainOutgoing(&session)
        for datagram in queue { waiting.append(datagram) }
    }

    private func place(_ stream: Int, _ component: Int) -> SocketAddress {
        SocketAddress(
            address,
            port: port &+ UInt16(truncatingIfNeeded: 10 * stream + component - 1)
        )
    }

    private mutating func openSockets(of stream: Int, at now: Instant) {
        for component in 1...session.componentCount(of: stream) {
            let place = place(stream, component)
            session.addLocalAddress(place, to: stream, component: component, at: now)
        }
    }

    /// As a shell does that watches the interfaces: sockets go and come with their addresses.
    mutating func addressesChanged(to addresses: [IPAddress], at now: Instant) {
        if !addresses.contains(address) {
            for stream in streams {
                for component in 1...session.componentCount(of: stream) {
                    session.removeLocalAddress(place(stream, component), at: now)
                }
            }
        }
        if let next = addresses.first, next != address {
            address = next
            for stream in streams { openSockets(of: stream, at: now) }
        }
        collect(at: now)
    }

    private static func drainOutgoing(_ session: inout PeerSession) -> [Datagram] {
        var datagrams: [Datagram] = []
        session.takeOutgoing { batch in
            datagrams = (0..<batch.count).map { batch.datagram(at: $0) }
        }
        return datagrams
    }
}

/// Sends a numbered frame every 20 ms while it is on.
struct Microphone {
    private(set) var next: Instant?
    private(set) var sent = 0
    private var remaining = 0

    mutating func start(frames: Int, at now: Instant) {
        remaining = frames
        next = now
    }

    func isDue(at now: Instant) -> Bool { next.map { $0 <= now } ?? false }

    mutating func record(at now: Instant) -> (payload: [UInt8], encoded: EncodedAudio) {
        defer {
            sent += 1
            remaining -= 1
            next = remaining > 0 ? now.advanced(by: .milliseconds(20)) : nil
        }
        let number = UInt32(sent)
        // 0x48: one 20 ms frame of Opus CELT (RFC 6716 §3.1); the number makes each one known.
        let payload: [UInt8] =
            [0xF8] + (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        return (payload, EncodedAudio(timestamp: number * 960))
    }
}

/// Asks for audio every 20 ms and counts what it gets.
struct Ear {
    private(set) var next: Instant?
    private(set) var heard: [UInt32] = []
    /// Frames made up between two that were heard.
    private(set) var concealed = 0
    private var concealedSinceHeard = 0
    private(set) var silent = 0

    mutating func start(at now: Instant) { next = now }
    mutating func stop() { next = nil }

    func isDue(at now: Instant) -> Bool { next.map { $0 <= now } ?? false }

    mutating func hear(_ decision: PlayoutDecision?, at now: Instant) {
        next = now.advanced(by: .milliseconds(20))
        switch decision {
        case .decode(let packet):
            heard.append(packet.number)
            concealed += concealedSinceHeard
            concealedSinceHeard = 0
        case .recover, .conceal: concealedSinceHeard += 1
        case .silence, nil: silent += 1
        }
    }
}

extension AudioPacket {
    fileprivate var number: UInt32 {
        payload.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
