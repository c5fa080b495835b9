import LinuxIO
import STUN
import Signaling
import TURN
import TURNSockets
import Wire

/// One of the two clients of a probe.
struct ProbeSide: Sendable {
    let name: String
    let connection: TURNConnection
    var relayed = SocketAddress(.any4, port: 0)

    init(
        _ name: String,
        _ options: ProbeOptions,
        _ server: SocketAddress,
        _ carrier: TURNConnection.Carrier,
        _ loop: EventLoop
    ) {
        self.name = name
        var configuration = TURNClientConfiguration(
            server: server,
            credentials: options.credentials(validFor: 3_600)
        )
        configuration.families = server.address.family == .v4 ? .ipv4 : .ipv6
        configuration.software = "swiftlet"
        // A person waits: 15.5 s are enough to call a server dead.
        configuration.maximumRequests = 5
        connection = TURNConnection(configuration, over: carrier, loop: loop)
    }

    /// The first event that `pick` takes; throws when something fails before, or nothing comes.
    @discardableResult
    func first<Value: Sendable>(
        _ step: String,
        within limit: Duration = .seconds(20),
        _ pick: (TURNConnection.Event) -> Value?
    ) async throws(ProbeFailure) -> Value {
        let connection = connection
        let watchdog = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            await connection.abandon()
        }
        defer { watchdog.cancel() }
        for await event in connection.events {
            if let value = pick(event) { return value }
            switch event {
            case .client(.failed(let error)), .client(.lost(let error)),
                .client(.denied(_, let error)), .client(.channelRefused(_, let error)):
                let said = await connection.serverReason.map { ", the server says: \($0)" } ?? ""
                throw ProbeFailure(
                    step: step,
                    reason: "\(error)\(said)",
                    code: error.code?.rawValue
                )
            case .disconnected(.socket(let error)):
                throw ProbeFailure(step: step, reason: "\(error)")
            case .disconnected(.stream(let text)): throw ProbeFailure(step: step, reason: text)
            case .disconnected(.garbage):
                throw ProbeFailure(step: step, reason: "what answers is no TURN server")
            case .client, .received: continue
            }
        }
        throw ProbeFailure(step: step, reason: "nothing has come for \(limit.components.seconds) s")
    }
}

/// The steps of a probe, each of which says what it found.
struct ProbeRun {
    let options: ProbeOptions
    let server: SocketAddress
    let carrier: TURNConnection.Carrier
    let loop: EventLoop
    let console: Console
    private var left: ProbeSide
    private var right: ProbeSide

    init(
        _ options: ProbeOptions,
        _ server: SocketAddress,
        _ carrier: TURNConnection.Carrier,
        _ loop: EventLoop,
        _ console: Console
    ) {
        self.options = options
        self.server = server
        self.carrier = carrier
        self.loop = loop
        self.console = console
        left = ProbeSide("left", options, server, carrier, loop)
        right = ProbeSide("right", options, server, carrier, loop)
    }

    mutating func perform() async throws(ProbeFailure) {
        try await connect()
        try await renew()
        for second in 0..<options.seconds {
            try? await Task.sleep(for: .seconds(1))
            try await look("second \(second + 1)")
        }
        if options.seconds > 0 { try await renew() }
        try await release()
    }

    private mutating func connect() async throws(ProbeFailure) {
        left.relayed = try await allocate(left)
        right.relayed = try await allocate(right)
        try await permit(left, right.relayed)
        try await permit(right, left.relayed)
        try await exchange("indications", "sent")
        try await bind(left, right.relayed)
        try await bind(right, left.relayed)
        try await exchange("channels", "sent")
    }

    /// Exchanges a packet; when the relays are dead, makes new ones.
    private mutating func look(_ what: String) async throws(ProbeFailure) {
        let failure: ProbeFailure
        do throws(ProbeFailure) {
            return try await exchange(what, "alive")
        } catch {
            failure = error
        }
        console.report(
            "interrupted: \(failure)",
            ["event": "interrupted", "reason": .string("\(failure)")]
        )
        for attempt in 1...attemptsToReturn {
            for side in [left, right] { await side.connection.abandon() }
            left = ProbeSide("left", options, server, carrier, loop)
            right = ProbeSide("right", options, server, carrier, loop)
            do throws(ProbeFailure) {
                try await connect()
                return console.report("back again", ["event": "returned"])
            } catch {
                guard attempt < attemptsToReturn else { throw error }
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func release() async throws(ProbeFailure) {
        for side in [left, right] {
            await side.connection.with { $0.close(at: $1) }
            try await side.first("release") { if case .client(.closed) = $0 { true } else { nil } }
        }
        console.report("both relays are given back", ["event": "released"])
    }

    private func allocate(_ side: ProbeSide) async throws(ProbeFailure) -> SocketAddress {
        let start = EventLoop.monotonicNow()
        await side.connection.start()
        let (relayed, mapped) = try await side.first("allocate") { event in
            if case .client(.allocated(let relayed, let mapped)) = event {
                (relayed.first, mapped)
            } else {
                nil
            }
        }
        guard let relayed else { throw ProbeFailure(step: "allocate", reason: "no address") }
        let time = start.duration(to: EventLoop.monotonicNow()).inMilliseconds
        console.report(
            "\(side.name): relay \(relayed) after \(Decimal.text(time)) ms; we are \(mapped)",
            [
                "event": "allocated", "side": .string(side.name),
                "relayed": .string(relayed.description), "mapped": .string(mapped.description),
                "milliseconds": .number(Decimal.text(time)),
            ]
        )
        return relayed
    }

    private func permit(_ side: ProbeSide, _ peer: SocketAddress) async throws(ProbeFailure) {
        await side.connection.with { $0.permit(peer, at: $1) }
        try await side.first("permit") { if case .client(.permitted) = $0 { true } else { nil } }
        console.report(
            "\(side.name): packets of \(peer.address) may pass",
            ["event": "permitted", "side": .string(side.name)]
        )
    }

    private func bind(_ side: ProbeSide, _ peer: SocketAddress) async throws(ProbeFailure) {
        await side.connection.with { $0.bindChannel(peer, at: $1) }
        try await side.first("bind") { if case .client(.channelBound) = $0 { true } else { nil } }
        console.report(
            "\(side.name): \(peer) has a channel",
            ["event": "bound", "side": .string(side.name)]
        )
    }

    /// Sends a packet from left to right and back; a lost one is sent again, three times.
    private func exchange(_ what: String, _ event: String) async throws(ProbeFailure) {
        let start = EventLoop.monotonicNow()
        let payload = [UInt8]("swiftlet \(what)".utf8)
        try await carry(payload, from: left, to: right, what)
        try await carry(payload, from: right, to: left, what)
        let time = start.duration(to: EventLoop.monotonicNow()).inMilliseconds
        console.report(
            "\(what): there and back in \(Decimal.text(time)) ms",
            [
                "event": .string(event), "what": .string(what),
                "milliseconds": .number(Decimal.text(time)),
            ]
        )
    }

    private func carry(
        _ payload: [UInt8],
        from sender: ProbeSide,
        to receiver: ProbeSide,
        _ what: String
    ) async throws(ProbeFailure) {
        let (connection, peer) = (sender.connection, receiver.relayed)
        let repeating = Task {
            for _ in 0..<3 {
                _ = await connection.send(payload, to: peer)
                guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
            }
        }
        defer { repeating.cancel() }
        let source = sender.relayed
        try await receiver.first("\(what), \(sender.name) to \(receiver.name)", within: .seconds(3))
        {
            if case .received(payload, from: source) = $0 { true } else { nil }
        }
    }

    /// Refreshes under credentials for a longer time, as a call does before they run out.
    private func renew() async throws(ProbeFailure) {
        let credentials = options.credentials(validFor: 7_200)
        await left.connection.with { $0.update(credentials: credentials, at: $1) }
        let refusal = try await left.first("refresh") { event -> TURNError?? in
            switch event {
            case .client(.credentialsAccepted): .some(nil)
            case .client(.credentialsRefused(let error)): .some(error)
            case .client, .received, .disconnected: nil
            }
        }
        console.report(
            refusal.map { "refreshed credentials are refused: \($0)" }
                ?? "refreshed under new credentials",
            [
                "event": "renewed", "accepted": .boolean(refusal == nil),
                "code": refusal?.code.map { .number(String($0.rawValue)) } ?? .null,
            ]
        )
    }
}

private let attemptsToReturn = 5
