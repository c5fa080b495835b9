public import Wire

/// A client's side of the long-term credential mechanism (RFC 8489 §9.2).
///
/// The first request goes out unsigned; the server refuses it with realm and nonce, and all that
/// follow are signed. Keep one for each server.
///
/// ```swift
/// var authenticator = try LongTermAuthenticator(credentials)
/// try STUNWriter.begin(.request, .allocate, id: id, to: &writer)
/// try authenticator.finish(to: &writer)            // the last step of every request
/// // … and for the response to it:
/// switch authenticator.receive(packet, in: bytes.span, wasSigned: true) {
/// case .believe: carryOut(packet)
/// case .retry: sendAgain(withFreshID: true)
/// case .discard: break                             // as if it had never come
/// case .giveUp(let reason): fail(reason)
/// }
/// ```
public struct LongTermAuthenticator: Sendable {
    /// What is to be done about a response.
    public enum Verdict: Hashable, Sendable {
        /// It is authentic, or the request was not signed, so there was nothing to check.
        case believe
        /// Send the request again, with a new transaction identifier: there is a new challenge.
        case retry
        /// Do as if it had not come; whoever sent it does not know the key (RFC 8489 §9.2.5).
        case discard
        case giveUp(LongTermRefusal)
    }

    private var credentials: STUNCredentials
    private var challenge: Challenge?
    /// Challenges in a row without a response that was believed.
    private var retries = 0

    /// Takes over credentials; throws when they hold characters that no key can be made of.
    public init(_ credentials: STUNCredentials) throws(STUNCredentialError) {
        self.credentials = try credentials.prepared()
    }

    /// Whether requests are signed: the server has said what it wants.
    public var isChallenged: Bool { challenge != nil }

    /// The server's realm, once it is known.
    public var realm: String? { challenge?.realm }

    /// The signature that requests carry and responses must carry; nil before the first challenge.
    public var signature: STUNSignature? { challenge?.signature }

    /// Takes over new credentials, such as REST credentials that are valid for longer.
    ///
    /// What the server wants is known already: the next request is signed with the new ones.
    public mutating func update(_ credentials: STUNCredentials) throws(STUNCredentialError) {
        self.credentials = try credentials.prepared()
        challenge = challenge.flatMap { $0.renewed(for: self.credentials) }
        retries = 0
    }

    /// Adds user, realm, nonce and signature if the server asked for them, then FINGERPRINT, and
    /// fills in the length.
    public func finish(
        withFingerprint: Bool = true,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        guard let challenge else {
            return withFingerprint
                ? try STUNWriter.addFingerprint(to: &writer)
                : try STUNWriter.finishPlain(to: &writer)
        }
        try challenge.write(to: &writer)
        try challenge.signature.finish(withFingerprint: withFingerprint, to: &writer)
    }

    /// Judges a response to a request of ours; `wasSigned` says whether that one carried a signature,
    /// which is then the present ``signature``.
    ///
    /// Indications are never authenticated (RFC 8489 §9.2), and no matter for this.
    public mutating func receive(
        _ packet: STUNPacket,
        in bytes: Span<UInt8>,
        wasSigned: Bool
    ) -> Verdict {
        receive(packet, in: bytes, signedBy: wasSigned ? signature : nil)
    }

    /// Judges a response to a request of ours that carried `requestSignature`, or none.
    ///
    /// For owners that change credentials while requests are under way: an answer carries the
    /// signature of its request (RFC 8489 §9.2.5).
    public mutating func receive(
        _ packet: STUNPacket,
        in bytes: Span<UInt8>,
        signedBy requestSignature: STUNSignature?
    ) -> Verdict {
        let wasSigned = requestSignature != nil
        if packet.messageClass == .error {
            switch packet.errorCode(in: bytes) {
            case .unauthenticated?:
                return learn(from: packet, in: bytes, isStale: false, wasSigned: wasSigned)
            case .staleNonce?:
                return learn(from: packet, in: bytes, isStale: true, wasSigned: wasSigned)
            // A message without a number in ERROR-CODE says nothing.
            case nil: return .discard
            default: break
            }
        }
        guard let requestSignature else { return .believe }
        guard requestSignature.isValid(for: packet, in: bytes) else { return .discard }
        retries = 0
        return .believe
    }

    /// RFC 8489 §9.2.5: 401 and 438 bring a challenge and need no signature.
    private mutating func learn(
        from packet: STUNPacket,
        in bytes: Span<UInt8>,
        isStale: Bool,
        wasSigned: Bool
    ) -> Verdict {
        let next: Challenge
        do throws(LongTermRefusal) {
            next = try Challenge(packet, in: bytes, credentials: credentials, previous: challenge)
        } catch {
            return error == .bidDown ? .discard : .giveUp(error)
        }
        // The same question again, after we have answered it: the answer was wrong. A request that
        // went out before the challenge was known is another matter.
        if !isStale, wasSigned, challenge?.realm == next.realm {
            return .giveUp(.wrongCredentials)
        }
        guard retries < maximumRetries else { return .giveUp(.tooManyChallenges) }
        retries += 1
        challenge = next
        return .retry
    }
}

/// Why a server cannot be convinced.
public enum LongTermRefusal: Error, Hashable, Sendable {
    /// User name or password are wrong (401 to a signed request).
    case wrongCredentials
    /// The challenge lacks realm or nonce, or they are malformed or too long.
    case malformedChallenge
    /// The server wants only password algorithms that are not known here.
    case noCommonAlgorithm
    /// The server asks again and again.
    case tooManyChallenges
    /// The nonce promises a choice of algorithms, and the message does not have it: somebody on the
    /// way took it out (RFC 8489 §9.2.5). Such a response is discarded.
    case bidDown
}

extension LongTermRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongCredentials: "the server does not accept the user name or password"
        case .malformedChallenge: "the server asks for authentication without realm and nonce"
        case .noCommonAlgorithm: "the server wants password algorithms that are not supported"
        case .tooManyChallenges: "the server asks for authentication again and again"
        case .bidDown: "somebody on the way changed the server's message"
        }
    }
}

/// Several requests may be under way when a nonce expires, each with its own 438.
private let maximumRetries = 16
