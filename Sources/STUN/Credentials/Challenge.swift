import Wire

/// What a server wants in signed requests, and the key that comes of it.
struct Challenge: Sendable {
    let realm: String
    private let nonce: [UInt8]
    /// PASSWORD-ALGORITHMS as it came, to be sent back as it is.
    private let offered: [UInt8]?
    private let algorithm: STUNPasswordAlgorithm
    /// The value of USERNAME or USERHASH.
    private let user: [UInt8]
    private let isAnonymous: Bool
    let signature: STUNSignature

    /// Reads REALM, NONCE and PASSWORD-ALGORITHMS of a response (RFC 8489 §9.2.5).
    init(
        _ packet: STUNPacket,
        in bytes: Span<UInt8>,
        credentials: STUNCredentials,
        previous: Challenge?
    ) throws(LongTermRefusal) {
        // RFC 8489 §14.9, §14.10: less than 128 characters, which can be as long as 763 bytes.
        guard let nonceRange = packet.range(of: .nonce, in: bytes), nonceRange.count <= 763 else {
            throw .malformedChallenge
        }
        guard let realm = packet.text(.realm, in: bytes) ?? previous?.realm,
            realm.utf8.count <= 763
        else { throw .malformedChallenge }
        let nonce = bytes.extracting(nonceRange)
        let features = NonceFeatures(nonce: nonce) ?? []
        let offered = packet.range(of: .passwordAlgorithms, in: bytes)
            .map { [UInt8](copying: bytes.extracting($0)) }
        guard offered != nil || !features.contains(.passwordAlgorithms) else { throw .bidDown }
        try self.init(
            credentials: credentials,
            realm: realm,
            nonce: [UInt8](copying: nonce),
            offered: offered,
            isAnonymous: features.contains(.usernameAnonymity)
        )
    }

    private init(
        credentials: STUNCredentials,
        realm: String,
        nonce: [UInt8],
        offered: [UInt8]?,
        isAnonymous: Bool
    ) throws(LongTermRefusal) {
        self.realm = realm
        self.nonce = nonce
        self.offered = offered
        self.isAnonymous = isAnonymous
        algorithm = try Self.choose(from: offered)
        user =
            isAnonymous
            ? STUNUserHash.hash(username: credentials.username, realm: realm)
            : [UInt8](credentials.username.utf8)
        guard let key = STUNKey(credentials: credentials, realm: realm, algorithm: algorithm)
        else { throw .noCommonAlgorithm }
        // A server that offers algorithms knows RFC 8489, and with it the stronger code.
        signature = STUNSignature(key: key, isStrong: offered != nil)
    }

    /// The same challenge answered by other credentials.
    func renewed(for credentials: STUNCredentials) -> Challenge? {
        try? Challenge(
            credentials: credentials,
            realm: realm,
            nonce: nonce,
            offered: offered,
            isAnonymous: isAnonymous
        )
    }

    /// RFC 8489 §9.2.5: the first one on the server's list that is known.
    private static func choose(
        from offered: [UInt8]?
    ) throws(LongTermRefusal) -> STUNPasswordAlgorithm {
        guard let offered else { return .md5 }
        guard let list = STUNPasswordAlgorithm.decode(offered.span) else {
            throw .malformedChallenge
        }
        guard let first = list.first(where: { $0 == .md5 || $0 == .sha256 }) else {
            throw .noCommonAlgorithm
        }
        return first
    }

    /// Writes all that belongs to an answer but the code.
    func write(to writer: inout SpanWriter) throws(WriteError) {
        try STUNWriter.append(isAnonymous ? .userHash : .username, user.span, to: &writer)
        try STUNWriter.append(.realm, text: realm, to: &writer)
        try STUNWriter.append(.nonce, nonce.span, to: &writer)
        guard let offered else { return }
        try STUNWriter.append(.passwordAlgorithms, offered.span, to: &writer)
        // Neither of the two known algorithms has parameters.
        let number = UInt32(algorithm.number) << 16
        try STUNWriter.append(.passwordAlgorithm, number, to: &writer)
    }
}
