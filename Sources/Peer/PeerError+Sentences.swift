// What people read when something was refused.

extension PeerError.InvalidState {
    var sentence: String {
        switch self {
        case .closed: "the connection is closed"
        case .signaling(let state): "not allowed in signaling state \(state.rawValue)"
        case .noRemoteDescription: "a candidate needs a remote description first"
        case .transceiverStopped: "the transceiver is stopped"
        case .parametersNotRead: "read the parameters first, then set what was read"
        }
    }
}

extension PeerError.InvalidAccess {
    var sentence: String {
        switch self {
        case .description(let part): "the description lacks \(part.rawValue)"
        case .unknownTransceiver: "no such transceiver"
        case .trackInUse: "another sender has this track"
        case .readOnlyEncodingField: "encodings may not hold what negotiation decides"
        }
    }
}

extension PeerError.InvalidModification {
    var sentence: String {
        switch self {
        case .description: "set the description as createOffer or createAnswer made it"
        case .codecPreferences: "prefer codecs that getCapabilities lists, at least one for media"
        case .parameters(let part): "\(part.rawValue) cannot be set"
        case .configuration(let setting): "\(setting.rawValue) cannot be changed"
        }
    }
}

extension PeerError.OperationFailure {
    var sentence: String {
        switch self {
        case .candidate: "not a candidate line"
        case .unknownSection:
            "the candidate's sdpMid or sdpMLineIndex is not in the description"
        case .unknownFragment: "the candidate belongs to credentials of no description"
        case .dtls(let error): "\(error)"
        }
    }
}

extension PeerError.TypeViolation {
    var sentence: String {
        switch self {
        case .candidateWithoutSection: "a candidate needs sdpMid or sdpMLineIndex"
        case .rid: "a rid has 1 to 255 letters, digits, '-' or '_'"
        case .ridSet: "all encodings have a rid of their own, or none has one"
        case .kind: "the track is of another kind than the sender"
        }
    }
}
