public import DTLS
public import SDP

/// Why a session refused what it was asked, by the names W3C gives its errors.
public enum PeerError: Error, Sendable {
    /// The call does not fit the state the session is in.
    case invalidState(InvalidState)
    /// An argument cannot be used.
    case invalidAccess(InvalidAccess)
    /// A description differs from the one that was created.
    case invalidModification
    /// A description could not be understood (`sdp-syntax-error`).
    case sdpSyntax(SDPError)
    /// OpenSSL could not do its part.
    case operation(DTLSError)

    /// Which state forbids the call.
    public enum InvalidState: Hashable, Sendable {
        case closed
        /// The description does not fit the signaling state.
        case signaling(SignalingState)
        /// Candidates belong to a description that has not been set.
        case noRemoteDescription
    }

    /// What is wrong with an argument.
    public enum InvalidAccess: Hashable, Sendable {
        /// The text is no candidate.
        case candidate
        /// The candidate names a section the description does not have.
        case unknownSection
        /// The description lacks something a session needs.
        case description(MissingPart)
        /// No transceiver has this number.
        case unknownTransceiver
    }

    /// What a description must hold and does not.
    public enum MissingPart: String, Hashable, Sendable {
        case iceCredentials = "ice-ufrag and ice-pwd"
        case fingerprint = "a fingerprint this build can check"
        case sections = "the m-sections that were offered, in their order"
        case names = "a mid of its own for each section"
        case dtlsRole = "a usable setup role"
    }
}

extension PeerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidState(.closed): "InvalidStateError: the connection is closed"
        case .invalidState(.signaling(let state)):
            "InvalidStateError: not allowed in signaling state \(state.rawValue)"
        case .invalidState(.noRemoteDescription):
            "InvalidStateError: a candidate needs a remote description first"
        case .invalidAccess(.candidate): "OperationError: not a candidate line"
        case .invalidAccess(.unknownSection):
            "OperationError: the candidate's sdpMid or sdpMLineIndex is not in the description"
        case .invalidAccess(.description(let part)):
            "InvalidAccessError: the description lacks \(part.rawValue)"
        case .invalidAccess(.unknownTransceiver): "InvalidAccessError: no such transceiver"
        case .invalidModification:
            "InvalidModificationError: set the description as createOffer or createAnswer made it"
        case .sdpSyntax(let error): "sdp-syntax-error: \(error)"
        case .operation(let error): "OperationError: \(error)"
        }
    }
}
