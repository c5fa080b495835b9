public import Wire

/// A server's side of the long-term credential mechanism (RFC 8489 §9.2.4).
///
/// It keeps no state for anybody: nonces carry their own proof. Where passwords come from is the
/// owner's business; ``RESTCredentials`` helps with one way.
///
/// ```swift
/// let verdict = verifier.verify(packet, in: bytes.span, from: source, at: now) { user in
///     passwords[user]
/// }
/// switch verdict {
/// case .authentic(let user): answer(packet, signedWith: user.signature)
/// case .refused(let code):
///     try verifier.writeRefusal(code, of: packet, to: source, at: now, into: &writer)
/// }
/// ```
public struct LongTermVerifier: Sendable {
    /// Who asks, as the request says it.
    public enum Identity: Hashable, Sendable {
        case name(String)
        /// SHA-256 of name and realm (``STUNUserHash``).
        case hash([UInt8])
    }

    /// Somebody who knows a password.
    public struct User: Sendable {
        /// The credentials that the owner found.
        public var credentials: STUNCredentials
        /// Signs the response.
        public var signature: STUNSignature
    }

    /// What was found out about a request.
    public enum Verdict: Sendable {
        case authentic(User)
        /// Answer with this error (400, 401, 438).
        case refused(STUNErrorCode)
    }

    /// The realm that users belong to.
    public let realm: String
    /// Password algorithms that clients may choose, the best first; empty offers none, as before
    /// RFC 8489.
    public let algorithms: [STUNPasswordAlgorithm]
    private let features: NonceFeatures
    private let mint: NonceMint
    private let offered: [UInt8]

    /// A verifier for users of `realm`.
    ///
    /// With `hidesUsernames` clients that know how send USERHASH; look users up by it then, which
    /// REST credentials do not allow.
    public init(
        realm: String,
        algorithms: [STUNPasswordAlgorithm] = [.sha256, .md5],
        hidesUsernames: Bool = false,
        nonceLifetime: Duration = .seconds(600),
        entropy: inout Entropy
    ) {
        self.realm = realm
        self.algorithms = algorithms.filter { $0 == .md5 || $0 == .sha256 }
        var features: NonceFeatures = []
        if !self.algorithms.isEmpty { features.insert(.passwordAlgorithms) }
        if hidesUsernames { features.insert(.usernameAnonymity) }
        self.features = features
        offered = STUNPasswordAlgorithm.encode(self.algorithms)
        mint = NonceMint(features: features, lifetime: nonceLifetime, entropy: &entropy)
    }

    /// Checks a request; `lookUp` finds the credentials of a user, prepared, or nil.
    ///
    /// It is asked only when the nonce is one of ours and fresh.
    public func verify(
        _ packet: STUNPacket,
        in bytes: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant,
        lookUp: (Identity) -> STUNCredentials?
    ) -> Verdict {
        // RFC 8489 §9.2.4, in its order but for the nonce: a client without a fresh one costs no
        // search for its password.
        guard packet.hasIntegrity || packet.hasStrongIntegrity else {
            return .refused(.unauthenticated)
        }
        guard let identity = Self.identity(of: packet, in: bytes),
            let realmRange = packet.range(of: .realm, in: bytes),
            let nonceRange = packet.range(of: .nonce, in: bytes)
        else { return .refused(.badRequest) }
        let nonce = bytes.extracting(nonceRange)
        guard mint.judge(nonce, from: source.address, at: now) == .valid else {
            return .refused(.staleNonce)
        }
        guard let algorithm = algorithm(of: packet, in: bytes) else {
            return .refused(.badRequest)
        }
        let isOurRealm = bytes.extracting(realmRange).hasSameBytes(as: [UInt8](realm.utf8).span)
        let found = isOurRealm ? lookUp(identity) : nil
        // An unknown user costs as much time as a wrong password, so that names cannot be probed.
        let credentials = found ?? STUNCredentials(username: "-", password: "-")
        guard let key = STUNKey(credentials: credentials, realm: realm, algorithm: algorithm) else {
            return .refused(.badRequest)
        }
        let signature = STUNSignature(key: key, isStrong: packet.hasStrongIntegrity)
        let isValid = signature.isValid(for: packet, in: bytes)
        guard isValid, let found else { return .refused(.unauthenticated) }
        return .authentic(User(credentials: found, signature: signature))
    }

    private static func identity(of packet: STUNPacket, in bytes: Span<UInt8>) -> Identity? {
        if let range = packet.range(of: .userHash, in: bytes) {
            return range.count == 32 ? .hash([UInt8](copying: bytes.extracting(range))) : nil
        }
        guard let name = packet.text(.username, in: bytes), name.utf8.count < 509 else {
            return nil
        }
        return .name(name)
    }

    /// The algorithm a request was signed under; nil when its choice is not one we offered, which
    /// means that somebody on the way wants a weaker one (RFC 8489 §9.2.4).
    private func algorithm(
        of packet: STUNPacket,
        in bytes: Span<UInt8>
    ) -> STUNPasswordAlgorithm? {
        let list = packet.range(of: .passwordAlgorithms, in: bytes)
        let choice = packet.range(of: .passwordAlgorithm, in: bytes)
        guard !algorithms.isEmpty, list != nil || choice != nil else {
            // Clients from before RFC 8489; also what is left when an attacker removes both, if MD5
            // is not offered.
            return algorithms.isEmpty || algorithms.contains(.md5) ? .md5 : nil
        }
        guard let list, let choice, bytes.extracting(list).hasSameBytes(as: offered.span),
            let chosen = STUNPasswordAlgorithm.decode(bytes.extracting(choice)),
            chosen.count == 1, algorithms.contains(chosen[0])
        else { return nil }
        return chosen[0]
    }
}

extension LongTermVerifier {
    /// Adds what the client needs to try again: REALM, NONCE, PASSWORD-ALGORITHMS.
    public func appendChallenge(
        to client: SocketAddress,
        at now: Instant,
        into writer: inout SpanWriter
    ) throws(WriteError) {
        try STUNWriter.append(.realm, text: realm, to: &writer)
        let nonce = mint.make(for: client.address, at: now)
        try STUNWriter.append(.nonce, nonce.span, to: &writer)
        guard !algorithms.isEmpty else { return }
        try STUNWriter.append(.passwordAlgorithms, offered.span, to: &writer)
    }

    /// Writes the whole error response that ``verify(_:in:from:at:lookUp:)`` asked for.
    public func writeRefusal(
        _ code: STUNErrorCode,
        of request: STUNPacket,
        to client: SocketAddress,
        at now: Instant,
        into writer: inout SpanWriter
    ) throws(WriteError) {
        try STUNWriter.begin(.error, request.method, id: request.transactionID, to: &writer)
        try STUNWriter.append(code, to: &writer)
        // RFC 8489 §9.2.4: a 400 has neither, and no code either.
        if code != .badRequest { try appendChallenge(to: client, at: now, into: &writer) }
        try STUNWriter.close(answerTo: request, to: &writer)
    }
}
