import Wire

extension SignalingHub {
    /// What is known of a client that may come back: the id is its own, whatever connection it has.
    struct Seat: Sendable {
        let token: String
        /// What others have sent to it.
        var log = MessageLog()
        /// How many messages it has sent.
        var received = 0
        /// Set while it has no connection: how long it is waited for.
        var expiry: Instant?
    }

    /// Whether `connection` may have the id; if it comes from the owner itself, that one goes.
    mutating func vacate(_ id: String, for token: String?) -> Bool {
        guard let owner = owners[id] else { return true }
        guard let token, seats[id]?.token == token else { return false }
        cutOff(owner, .replaced)
        return true
    }

    /// Says what was kept for a client that has registered, or begins to keep.
    mutating func resume(_ envelope: SignalingEnvelope, _ id: String, token: String?) {
        guard let token, token.utf8.count <= maximumTokenLength else {
            seats[id] = nil
            return
        }
        let seen = envelope.fields["received"]?.stringOrNumber.flatMap { Int($0) } ?? 0
        var missed: [String]?
        if let seat = seats[id], seat.token == token { missed = seat.log.after(seen) }
        if missed == nil { seats[id] = Seat(token: token) }
        seats[id]?.expiry = nil
        guard let connection = owners[id] else { return }
        let fields: [(name: String, value: JSONValue)] = [
            ("resumed", .boolean(missed != nil)),
            ("received", .number(String(seats[id]?.received ?? 0))),
        ]
        let answer = SignalingEnvelope(.register, from: id, fields)
        write(answer.text, to: connection)
        for text in missed ?? [] { write(text, to: connection) }
    }

    /// Waits for a client that has gone without a word, or forgets it.
    mutating func leaveSeat(of id: String, mayComeBack: Bool) {
        guard mayComeBack, !isStopping, seats.count <= configuration.maximumConnections else {
            seats[id] = nil
            return
        }
        let expiry = newest.advanced(by: configuration.resumptionTimeout)
        seats[id]?.expiry = expiry
        guard seats[id] != nil else { return }
        earliest = earliest.map { min($0, expiry) } ?? expiry
    }

    mutating func forgetOverdueSeats() {
        for (id, seat) in seats {
            if let expiry = seat.expiry, expiry <= newest { seats[id] = nil }
        }
    }
}

private let maximumTokenLength = 128
