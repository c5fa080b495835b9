import STUN
import Wire

/// How the client proves who it is (RFC 8489 §9.2), and knows its server's answers.
struct Signing: Sendable {
    /// What an answer is, before its meaning is looked at.
    enum Verdict: Hashable, Sendable {
        /// Not from the server, or altered.
        case forged
        /// The same must be asked again, under what the server has said.
        case again
        case refused(TURNError)
        case genuine
    }

    private var current: Identity
    /// New credentials, until the server has accepted them.
    private var next: Identity?

    struct Identity: Sendable {
        let credentials: STUNCredentials
        var realm: [UInt8]?
        var nonce: [UInt8] = []
        var key: STUNKey?
    }

    init(_ credentials: STUNCredentials) { current = Identity(credentials: credentials) }

    /// Readies other credentials for the requests that renew.
    mutating func prepare(_ credentials: STUNCredentials) {
        var identity = Identity(credentials: credentials)
        if let realm = current.realm { identity.learn(realm: realm, nonce: current.nonce) }
        next = identity
    }

    /// Goes over to the credentials that were readied; says whether there were any.
    mutating func adopt() -> Bool {
        guard let next else { return false }
        current = next
        self.next = nil
        return true
    }

    mutating func abandon() { next = nil }

    /// Another server has another realm, and nonces of its own.
    mutating func forgetServer() { current = Identity(credentials: current.credentials) }

    func canSign(_ purpose: RequestTable.Purpose) -> Bool { identity(for: purpose).key != nil }

    private func identity(for purpose: RequestTable.Purpose) -> Identity {
        purpose == .renew ? next ?? current : current
    }

    /// Adds who we are, if the server has said how, and closes the message.
    func close(
        _ purpose: RequestTable.Purpose,
        _ writer: inout SpanWriter
    ) throws(WriteError) {
        let identity = identity(for: purpose)
        if let key = identity.key, let realm = identity.realm {
            let username = [UInt8](identity.credentials.username.utf8)
            try STUNWriter.append(.username, username.span, to: &writer)
            try STUNWriter.append(.realm, realm.span, to: &writer)
            try STUNWriter.append(.nonce, identity.nonce.span, to: &writer)
            try STUNWriter.finish(key: key, to: &writer)
        } else {
            try STUNWriter.finish(key: nil, to: &writer)
        }
    }

    mutating func judge(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        answering request: RequestTable.Entry
    ) -> Verdict {
        var identity = identity(for: request.purpose)
        let code = packet.messageClass == .error ? packet.errorCode(in: bytes)?.rawValue : nil
        if code == 401 || code == 438 {
            guard let realm = packet.range(of: .realm, in: bytes),
                let nonce = packet.range(of: .nonce, in: bytes)
            else { return .forged }
            if code == 401, request.isSigned { return .refused(.unauthorized) }
            identity.learn(
                realm: [UInt8](copying: bytes.extracting(realm)),
                nonce: [UInt8](copying: bytes.extracting(nonce))
            )
            if request.purpose == .renew { next = identity } else { current = identity }
            return .again
        }
        guard request.isSigned, let key = identity.key else {
            return packet.messageClass == .error ? .genuine : .forged
        }
        return packet.isAuthentic(under: key, in: bytes) ? .genuine : .forged
    }
}

extension Signing.Identity {
    mutating func learn(realm: [UInt8], nonce: [UInt8]) {
        self.nonce = nonce
        guard realm != self.realm else { return }
        self.realm = realm
        key = STUNKey(
            username: credentials.username,
            realm: String(decoding: realm, as: UTF8.self),
            password: credentials.password
        )
    }
}
