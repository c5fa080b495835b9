import Wire

/// What a client knows beyond the life of one connection: what it has got, and what it has sent.
struct SignalingMemory: Sendable {
    /// What a server said to the registration.
    struct Confirmation: Sendable {
        /// Whether it remembers us.
        var isResumed: Bool
        /// How many messages of ours it has got.
        var received: Int
    }

    /// By which the server knows us again; nil if each connection stands for itself.
    let token: String?
    var inbox = SignalingInbox()
    /// How many messages of others have come since the server has known the token.
    private(set) var received = 0
    private var sent = MessageLog()
    /// How many of those have gone to a connection.
    private var written = 0
    private var confirmation: Confirmation?

    init(token: String? = nil) { self.token = token }

    mutating func noteReceived() { received += 1 }

    /// A message goes out.
    mutating func noteSent(_ text: String) {
        guard token != nil else { return }
        sent.append(text)
        written = sent.count
    }

    /// Keeps a message for the next connection; false if too many wait.
    mutating func keep(_ text: String) -> Bool {
        guard token != nil, sent.hasRoom(for: text, after: written) else { return false }
        sent.append(text)
        return true
    }

    /// The server has answered the registration.
    mutating func note(_ confirmation: Confirmation) {
        self.confirmation = confirmation
        if !confirmation.isResumed { received = 0 }
    }

    /// What a new connection is to send first, and whether nothing was lost with the old one.
    mutating func takeRest() -> (texts: [String], isComplete: Bool) {
        let confirmed = confirmation
        confirmation = nil
        if let confirmed, confirmed.isResumed, let rest = sent.after(confirmed.received) {
            written = sent.count
            return (rest, true)
        }
        // What the old connection took may have arrived or not: sent again, it could come twice.
        let rest = sent.after(written) ?? []
        sent = MessageLog()
        for text in rest { sent.append(text) }
        written = sent.count
        return (rest, false)
    }
}
