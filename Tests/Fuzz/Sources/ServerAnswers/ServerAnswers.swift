import DTLS
import Peer
import Wire

/// Answers of any kind from STUN and TURN servers while candidates are gathered: over UDP and through a
/// stream, to the question that was just asked or to none.
///
/// Each step is a byte that says what happens, a length, and as many bytes.
@c(LLVMFuzzerTestOneInput)
public func fuzzServerAnswers(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let certificate = shared, let configuration = shared2 else { return 0 }
    var scene = Scene(
        session: PeerSession(
            certificate: certificate,
            configuration: configuration,
            entropy: .seed(1),
            wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
            at: .zero
        )
    )
    scene.session.gatherAhead(at: .zero)
    scene.settle()
    var reader = ByteReader(input.span.extracting(0...))
    while let step = try? reader.read(UInt8.self), let length = try? reader.read(UInt8.self),
        let data = try? reader.readArray(count: min(Int(length), reader.remaining))
    {
        scene.take(step, data)
        scene.settle()
        precondition(scene.session.deadline.map { $0 > scene.now } ?? true, "it lies ahead")
    }
    scene.session.close(at: scene.now)
    scene.settle()
    precondition(scene.session.deadline == nil, "closed is closed")
    return 0
}

private struct Scene: ~Copyable {
    var session: PeerSession
    var now = Instant.zero
    var lastPort: UInt16 = 40_000
    var streams: [Int] = []
    var sockets: [SocketAddress] = []
    /// The transaction of the last request to each server.
    var transactions: [SocketAddress: [UInt8]] = [:]

    mutating func take(_ step: UInt8, _ data: [UInt8]) {
        now = now.advanced(by: .milliseconds(Int64(step >> 4) * 50 + 1))
        session.advance(to: now)
        let server = step & 8 == 0 ? stun : turn
        let socket = sockets.last ?? SocketAddress(.loopback4, port: 1)
        switch step & 7 {
        case 0, 1:
            var answer = answering(server, data)
            var span = answer.mutableSpan
            session.receive(&span, from: server, on: socket, at: now)
        case 2:
            var bytes = data
            var span = bytes.mutableSpan
            session.receive(&span, from: server, on: socket, at: now)
        case 3, 4:
            guard let stream = streams.last else { return }
            let answer = answering(turn, data)
            session.receive(answer.span, fromStream: stream, at: now)
        case 5:
            guard let stream = streams.popLast() else { return }
            session.streamClosed(stream, at: now)
        case 6:
            now = now.advanced(by: .seconds(Int64(data.first ?? 0)))
            session.advance(to: now)
        default:
            guard let other = data.first.map({ $0 & 1 == 0 ? servers : others }) else { return }
            session.setICEServers(other ?? [], at: now)
        }
    }

    /// The bytes as an answer to what the server was asked last.
    func answering(_ server: SocketAddress, _ data: [UInt8]) -> [UInt8] {
        var answer = data
        guard let transaction = transactions[server], answer.count >= 20 else { return answer }
        answer.replaceSubrange(8..<20, with: transaction)
        return answer
    }

    mutating func settle() {
        var requests = 0
        while let output = session.popOutput() {
            requests += 1
            precondition(requests < 10_000, "outputs must end")
            switch output {
            case .gather(let stream):
                sockets.append(SocketAddress(own, port: 5_000))
                session.addLocalAddress(sockets[0], to: stream, at: now)
                session.endOfLocalAddresses(of: stream, at: now)
            case .network(.openSocket(let request)):
                lastPort &+= 1
                sockets.append(SocketAddress(own, port: lastPort))
                session.socketOpened(request.id, on: sockets[sockets.count - 1], at: now)
            case .network(.closeSocket(let socket)): sockets.removeAll { $0 == socket }
            case .network(.openStream(let request)):
                lastPort &+= 1
                streams.append(request.id)
                session.streamOpened(
                    request.id,
                    on: SocketAddress(own, port: lastPort),
                    at: now
                )
            case .network(.closeStream(let stream)): streams.removeAll { $0 == stream }
            case .network, .event: break
            }
            note()
        }
        note()
    }

    private mutating func note() {
        session.takeOutgoing { batch in
            for index in 0..<batch.count {
                let datagram = batch.datagram(at: index)
                guard datagram.payload.count >= 20 else { continue }
                transactions[datagram.destination] = [UInt8](datagram.payload[8..<20])
            }
            batch.removeAll()
        }
    }
}

private let own = IPAddress("198.51.100.1") ?? .loopback4
private let stun = SocketAddress(IPAddress("192.0.2.1") ?? .loopback4, port: 3_478)
private let turn = SocketAddress(IPAddress("192.0.2.2") ?? .loopback4, port: 3_478)
private let servers = try? [
    ICEServer(urls: ["stun:192.0.2.1"]),
    ICEServer(
        urls: ["turn:192.0.2.2", "turn:192.0.2.2?transport=tcp"],
        username: "a",
        credential: "b"
    ),
]
private let others = try? [
    ICEServer(urls: ["turn:192.0.2.2"], username: "c", credential: "d")
]
private let shared = try? Certificate.selfSigned(validFrom: 1_700_000_000)
private let shared2: PeerConfiguration? = servers.map { servers in
    var configuration = PeerConfiguration()
    configuration.candidatePoolSize = 1
    configuration.iceServers = servers
    return configuration
}
