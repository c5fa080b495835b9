public import STUN

/// Why a relay could not be had, or was lost.
public enum TURNError: Error, Hashable, Sendable {
    /// The server does not answer.
    case unanswered
    /// User name or password are wrong, or have run out (401).
    case unauthorized
    /// The server does not allow it, usually by its rules on peers' addresses (403).
    case forbidden
    /// The server knows no allocation for this path, or another one (437).
    case allocationMismatch
    /// The server has no relay of this address family (440).
    case addressFamilyNotSupported
    /// The allocation belongs to somebody else's credentials (441).
    case wrongCredentials
    /// The server cannot relay UDP (442).
    case unsupportedTransport
    /// The peer's address is of a family that the allocation does not have (443).
    case peerAddressFamilyMismatch
    /// The user has as many allocations as the server allows (486).
    case quotaReached
    /// The server has no ports or no bandwidth left (508).
    case insufficientCapacity
    /// Another error of the server.
    case refused(STUNErrorCode)
    /// The server sent us to another one too often, in a circle, or to where we cannot go (300).
    case unusableAlternate
    /// An answer that bears the server's signature, and makes no sense.
    case malformedAnswer
    /// More peers than ``TURNClientConfiguration/maximumPeers``; the server was not asked.
    case tooManyPeers

    /// The error that a server gave as `code`.
    init(_ code: STUNErrorCode) {
        switch code.rawValue {
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 437: self = .allocationMismatch
        case 440: self = .addressFamilyNotSupported
        case 441: self = .wrongCredentials
        case 442: self = .unsupportedTransport
        case 443: self = .peerAddressFamilyMismatch
        case 486: self = .quotaReached
        case 508: self = .insufficientCapacity
        default: self = .refused(code)
        }
    }

    /// The number of the error on the wire; nil if the server had no part in it.
    public var code: STUNErrorCode? {
        switch self {
        case .unauthorized: STUNErrorCode(rawValue: 401)
        case .forbidden: STUNErrorCode(rawValue: 403)
        case .allocationMismatch: STUNErrorCode(rawValue: 437)
        case .addressFamilyNotSupported: STUNErrorCode(rawValue: 440)
        case .wrongCredentials: STUNErrorCode(rawValue: 441)
        case .unsupportedTransport: STUNErrorCode(rawValue: 442)
        case .peerAddressFamilyMismatch: STUNErrorCode(rawValue: 443)
        case .quotaReached: STUNErrorCode(rawValue: 486)
        case .insufficientCapacity: STUNErrorCode(rawValue: 508)
        case .refused(let code): code
        case .unusableAlternate: STUNErrorCode(rawValue: 300)
        case .unanswered, .malformedAnswer, .tooManyPeers: nil
        }
    }

    /// How long to leave the server alone before it is asked again (RFC 8656 §7.4); nil where asking
    /// again is no use.
    public var retryDelay: Duration? {
        switch self {
        case .quotaReached, .insufficientCapacity: .seconds(60)
        case .unanswered, .allocationMismatch: .seconds(5)
        case .refused(let code): code.rawValue >= 500 ? .seconds(60) : nil
        case .unauthorized, .forbidden, .addressFamilyNotSupported, .wrongCredentials,
            .unsupportedTransport, .peerAddressFamilyMismatch, .unusableAlternate,
            .malformedAnswer, .tooManyPeers:
            nil
        }
    }
}

extension TURNError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unanswered: "the server does not answer: check its address, port and transport"
        case .unauthorized: "the server refuses the user name or the password (401)"
        case .forbidden: "the server's rules forbid it (403)"
        case .allocationMismatch: "the server has no such allocation, or another one (437)"
        case .addressFamilyNotSupported: "the server has no relay of this address family (440)"
        case .wrongCredentials: "the allocation was made with other credentials (441)"
        case .unsupportedTransport: "the server does not relay UDP (442)"
        case .peerAddressFamilyMismatch: "the allocation has no address of the peer's family (443)"
        case .quotaReached: "the user has as many allocations as the server allows (486)"
        case .insufficientCapacity: "the server has no capacity left (508)"
        case .refused(let code): "the server refuses with error \(code.rawValue)"
        case .unusableAlternate: "the server points to another one that cannot be used (300)"
        case .malformedAnswer: "the server's answer is malformed"
        case .tooManyPeers: "there are more peers than the client's configuration allows"
        }
    }
}
