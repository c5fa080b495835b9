import Signaling
import Wire

/// Clients that come back, joined to a hub by memory, on connections that can break.
struct PersistentFixture {
    var hub: SignalingHub
    var clients: [PersistentSession] = []
    var outputs: [[PersistentSession.Output]] = []
    var now = Instant.zero
    /// Whether new connections come about.
    var isReachable = true
    /// The connection of each client; nil while it has none.
    private var connections: [SignalingConnectionID?] = []
    /// Clients whose connection carries nothing any more, in either direction.
    private var silent: Set<Int> = []
    private let configuration: SignalingConfiguration

    init(_ configuration: SignalingConfiguration = .init()) {
        self.configuration = configuration
        hub = SignalingHub(configuration: configuration, entropy: .seed(1))
    }

    /// Connects and registers; returns the number of the new client.
    mutating func connect(as id: String) -> Int {
        clients.append(
            PersistentSession(
                connectingTo: WebSocketURL(host: "h", port: 80),
                as: id,
                at: now,
                configuration: configuration,
                entropy: .seed(UInt64(clients.count))
            )
        )
        connections.append(hub.connect(at: now))
        outputs.append([])
        settle()
        return clients.count - 1
    }

    mutating func send(_ line: String, from index: Int, to target: String) throws {
        try clients[index].send(.offer(line), to: target, at: now)
        settle()
    }

    /// The connection carries nothing any more, and nobody is told.
    mutating func silence(_ index: Int) { silent.insert(index) }

    /// The client learns that its connection has gone; the server does, too, unless it is silent.
    mutating func lose(_ index: Int) {
        if !silent.contains(index), let connection = connections[index] {
            hub.transportClosed(of: connection, at: now)
        }
        silent.remove(index)
        connections[index] = nil
        clients[index].transportClosed(at: now)
        settle()
    }

    /// Another server takes the place of this one, and knows nobody.
    mutating func replaceHub() {
        hub = SignalingHub(configuration: configuration, entropy: .seed(2))
        for index in clients.indices {
            connections[index] = nil
            clients[index].transportClosed(at: now)
        }
        settle()
    }

    mutating func networkChanged(_ index: Int) {
        clients[index].networkChanged(at: now)
        settle()
    }

    mutating func close(_ index: Int) {
        clients[index].close(at: now)
        settle()
    }

    /// Lets time pass, in steps of what the machines wait for.
    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        while true {
            let deadlines = clients.map(\.deadline) + [hub.deadline]
            guard let next = deadlines.compactMap(\.self).min(), next <= end else { break }
            now = max(now, next)
            hub.advance(to: now)
            for index in clients.indices { clients[index].advance(to: now) }
            settle()
        }
        now = end
    }

    /// Carries bytes to and fro until nobody has anything to say.
    mutating func settle() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for index in clients.indices {
                while let output = clients[index].popOutput() {
                    isQuiet = false
                    take(output, of: index)
                }
            }
            while let output = hub.popOutput() {
                isQuiet = false
                take(output)
            }
        }
    }

    private mutating func take(_ output: PersistentSession.Output, of index: Int) {
        guard case .transmit(let bytes) = output else {
            outputs[index].append(output)
            guard output == .connect else { return }
            guard isReachable else { return clients[index].transportClosed(at: now) }
            connections[index] = hub.connect(at: now)
            return clients[index].opened(at: now)
        }
        guard !silent.contains(index), let connection = connections[index] else { return }
        hub.receive(bytes, from: connection, at: now)
    }

    private mutating func take(_ output: SignalingHub.Output) {
        switch output {
        case .transmit(let bytes, let connection):
            guard let index = connections.firstIndex(of: connection), !silent.contains(index)
            else { return }
            clients[index].receive(bytes.span, at: now)
        case .close(let connection), .abort(let connection):
            hub.transportClosed(of: connection, at: now)
            guard let index = connections.firstIndex(of: connection), !silent.contains(index)
            else { return }
            connections[index] = nil
            clients[index].transportClosed(at: now)
        case .event: break
        }
    }

    /// What has come to a client.
    func heard(_ index: Int) -> [String] {
        outputs[index].compactMap { output in
            guard case .message(let message) = output, case .offer(let text) = message.content
            else { return nil }
            return text
        }
    }

    /// What a client has told of its connection.
    func news(_ index: Int) -> [PersistentSession.Output] {
        outputs[index].filter { output in
            switch output {
            case .interrupted, .resumed, .registered, .ended: true
            case .message, .connect, .transmit: false
            }
        }
    }

    func attempts(_ index: Int) -> Int { outputs[index].count { $0 == .connect } }
}
