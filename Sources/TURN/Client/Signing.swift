import STUN
import Wire

/// How the client proves who it is (RFC 8489 §9.2), and knows its server's answers.
///
/// Beside the credentials in use there may be new ones, which only the requests that renew are
/// signed with until the server has accepted them.
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

    private var credentials: STUNCredentials
    private var current: LongTermAuthenticator?
    private var nextCredentials: STUNCredentials?
    private var next: LongTermAuthenticator?

    init(_ credentials: STUNCredentials) {
        self.credentials = credentials
        current = try? LongTermAuthenticator(credentials)
    }

    /// Whether the credentials can be used at all: some characters make no key (RFC 8265).
    func isUsable(for purpose: RequestTable.Purpose) -> Bool { authenticator(for: purpose) != nil }

    /// Readies other credentials for the requests that renew.
    mutating func prepare(_ credentials: STUNCredentials) {
        nextCredentials = credentials
        next = current
        guard (try? next?.update(credentials)) != nil else {
            next = nil
            return
        }
    }

    /// Goes over to the credentials that were readied; says whether there were any.
    mutating func adopt() -> Bool {
        guard let next, let nextCredentials else { return false }
        (current, credentials) = (next, nextCredentials)
        abandon()
        return true
    }

    mutating func abandon() {
        next = nil
        nextCredentials = nil
    }

    /// Another server has another realm, and nonces of its own.
    mutating func forgetServer() { self = Signing(credentials) }

    func canSign(_ purpose: RequestTable.Purpose) -> Bool {
        authenticator(for: purpose)?.isChallenged ?? false
    }

    private func authenticator(for purpose: RequestTable.Purpose) -> LongTermAuthenticator? {
        purpose == .renew ? next : current
    }

    /// Adds who we are, if the server has said how, and closes the message.
    func close(
        _ purpose: RequestTable.Purpose,
        _ writer: inout SpanWriter
    ) throws(WriteError) {
        guard let authenticator = authenticator(for: purpose) else { return }
        try authenticator.finish(to: &writer)
    }

    mutating func judge(
        _ packet: STUNPacket,
        _ bytes: Span<UInt8>,
        answering request: RequestTable.Entry
    ) -> Verdict {
        guard var authenticator = authenticator(for: request.purpose) else { return .forged }
        let verdict = authenticator.receive(packet, in: bytes, wasSigned: request.isSigned)
        if request.purpose == .renew { next = authenticator } else { current = authenticator }
        switch verdict {
        // A server that grants anything without asking who we are is none to be trusted: the only
        // unsigned answers that count are errors.
        case .believe: return request.isSigned || packet.messageClass == .error ? .genuine : .forged
        case .retry: return .again
        case .discard:
            // A server that ties allocations to names has no key for another name, so it cannot
            // sign that it refuses it. Whoever forges this only delays a change of credentials.
            let isUnsignedRefusal =
                request.purpose == .renew
                && packet.errorCode(in: bytes)?.rawValue
                    == TURNError.wrongCredentials.code?.rawValue
            return isUnsignedRefusal ? .refused(.wrongCredentials) : .forged
        case .giveUp(let refusal):
            switch refusal {
            case .wrongCredentials, .tooManyChallenges, .noCommonAlgorithm:
                return .refused(.unauthorized)
            case .malformedChallenge: return .refused(.malformedAnswer)
            case .bidDown: return .forged
            }
        }
    }
}
