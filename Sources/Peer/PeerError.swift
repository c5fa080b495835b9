public import DTLS
public import SDP

/// Why a session refused what it was asked, by the names W3C gives its errors.
///
/// ```swift
/// do {
///     try session.setRemoteDescription(offer, at: now)
/// } catch .sdpSyntax(let error) {
///     print("line \(error.line): \(error)")
/// } catch {
///     print(error.name, error)      // InvalidStateError InvalidStateError: the connection is closed
/// }
/// ```
public enum PeerError: Error, Sendable {
    /// The call does not fit the state the session is in.
    case invalidState(InvalidState)
    /// An argument cannot be used.
    case invalidAccess(InvalidAccess)
    /// Something was changed that may not change.
    case invalidModification(InvalidModification)
    /// The call could not be carried out.
    case operation(OperationFailure)
    /// What is asked for is not part of the session's capabilities.
    case notSupported(NotSupported)
    /// An argument is not of the form it must have.
    case type(TypeViolation)
    /// A number is outside what it may be.
    case range(RangeViolation)
    /// A description could not be understood (`sdp-syntax-error`).
    case sdpSyntax(SDPError)
}

extension PeerError {
    /// Which state forbids the call.
    public enum InvalidState: Hashable, Sendable {
        case closed
        /// The description does not fit the signaling state.
        case signaling(SignalingState)
        /// Candidates belong to a description that has not been set.
        case noRemoteDescription
        /// The transceiver was stopped.
        case transceiverStopped
        /// Parameters must be read before they are set, and once for each time.
        case parametersNotRead
    }

    /// What is wrong with an argument.
    public enum InvalidAccess: Hashable, Sendable {
        /// The description lacks something a session needs.
        case description(MissingPart)
        /// No transceiver has this number.
        case unknownTransceiver
        /// Another sender has the track already.
        case trackInUse
        /// An encoding holds something that only negotiation decides.
        case readOnlyEncodingField
    }

    /// What a description must hold and does not.
    public enum MissingPart: String, Hashable, Sendable {
        case iceCredentials = "ice-ufrag and ice-pwd of their lengths"
        case fingerprint = "a fingerprint this build can check"
        case sections = "the m-sections that were offered, in their order"
        case names = "a mid of its own for each section"
        case dtlsRole = "a usable setup role"
        case formats = "formats that were offered"
        case group = "a BUNDLE group of offered sections"
        case rtcpMux = "rtcp-mux, which this session requires"
    }

    /// What may not change.
    public enum InvalidModification: Hashable, Sendable {
        /// A description differs from the one that was created.
        case description
        /// Codec preferences name something the session has no capability for, or no codec at all.
        case codecPreferences
        /// Parameters differ in something that only negotiation decides.
        case parameters(ReadOnlyParameter)
        /// The configuration differs in something that is decided when the session is made.
        case configuration(FixedSetting)
    }

    /// Parameters of a sender that only negotiation decides.
    public enum ReadOnlyParameter: String, Hashable, Sendable {
        case transactionID = "the transaction"
        case encodings = "the number or order of encodings"
        case rid = "the rid of an encoding"
        case codecs, headerExtensions = "header extensions", rtcp = "RTCP"
    }

    /// Settings that are decided when the session is made.
    public enum FixedSetting: String, Hashable, Sendable {
        case bundlePolicy = "the bundle policy"
        case rtcpMuxPolicy = "the RTCP multiplexing policy"
        case capabilities = "the capabilities"
        case candidatePoolSize = "the size of the candidate pool"
        case certificates, limits
    }

    /// What could not be carried out.
    public enum OperationFailure: Sendable {
        /// The text is no candidate.
        case candidate
        /// The candidate names a section the description does not have.
        case unknownSection
        /// The candidate belongs to credentials no description has named.
        case unknownFragment
        /// OpenSSL could not do its part.
        case dtls(DTLSError)
    }

    /// What the session has no capability for.
    public enum NotSupported: String, Hashable, Sendable {
        case data = "data channels"
        case audio, video
    }

    /// What is wrong with the form of an argument.
    public enum TypeViolation: Hashable, Sendable {
        /// A candidate names neither `sdpMid` nor `sdpMLineIndex`.
        case candidateWithoutSection
        /// A rid is not made of letters and digits (RFC 8851 §10), or too long.
        case rid
        /// Either all encodings have a rid or none has, and no two the same.
        case ridSet
        /// A track of another kind than the sender's.
        case kind
    }

    /// Which number is outside what it may be.
    public enum RangeViolation: String, Hashable, Sendable {
        case scaleResolutionDownBy = "scaleResolutionDownBy below 1"
        case maximumFramerate = "a negative frame rate"
        case maximumBitrate = "a negative bit rate"
    }
}

extension PeerError {
    /// What W3C calls such an error.
    public var name: String {
        switch self {
        case .invalidState: "InvalidStateError"
        case .invalidAccess: "InvalidAccessError"
        case .invalidModification: "InvalidModificationError"
        case .operation: "OperationError"
        case .notSupported: "NotSupportedError"
        case .type: "TypeError"
        case .range: "RangeError"
        case .sdpSyntax: "sdp-syntax-error"
        }
    }
}

extension PeerError: CustomStringConvertible {
    /// The error's name, and a sentence for people.
    public var description: String { "\(name): \(sentence)" }

    private var sentence: String {
        switch self {
        case .invalidState(let state): state.sentence
        case .invalidAccess(let access): access.sentence
        case .invalidModification(let change): change.sentence
        case .operation(let failure): failure.sentence
        case .notSupported(let what): "no capability for \(what.rawValue) is registered"
        case .type(let violation): violation.sentence
        case .range(let violation): "\(violation.rawValue) is not allowed"
        case .sdpSyntax(let error): "\(error)"
        }
    }
}
