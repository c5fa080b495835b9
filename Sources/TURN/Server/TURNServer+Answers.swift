import STUN
import Wire

extension Answer {
    init(_ request: STUNPacket, _ path: TURNPath, signature: STUNSignature?) {
        self.init(
            path: path,
            method: request.method,
            id: request.transactionID,
            signature: signature,
            hasFingerprint: request.hasFingerprint
        )
    }
}

extension TURNServer {
    /// Writes an answer whose attributes `body` adds, and signs it like the request.
    mutating func send(
        _ answer: Answer,
        _ messageClass: STUNClass,
        _ body: (inout SpanWriter) throws(WriteError) -> Void
    ) {
        compose(answer.path) { writer throws(WriteError) in
            try STUNWriter.begin(messageClass, answer.method, id: answer.id, to: &writer)
            try body(&writer)
            if let signature = answer.signature {
                try signature.finish(withFingerprint: answer.hasFingerprint, to: &writer)
            } else if answer.hasFingerprint {
                try STUNWriter.addFingerprint(to: &writer)
            } else {
                try STUNWriter.finishPlain(to: &writer)
            }
        }
    }

    /// Queues the message that `body` writes.
    mutating func compose(
        _ path: TURNPath,
        _ body: (inout SpanWriter) throws(WriteError) -> Void
    ) {
        var bytes = [UInt8](repeating: 0, count: answerCapacity)
        var writer = SpanWriter(bytes.mutableSpan)
        do throws(WriteError) {
            try body(&writer)
        } catch {
            // Only a realm of a thousand bytes does not fit.
            return
        }
        let length = writer.offset
        bytes.removeLast(bytes.count - length)
        outputs.append(.transmit(bytes, path))
    }

    mutating func refuse(_ answer: Answer, _ code: STUNErrorCode, _ caller: Account) {
        outputs.append(.event(.refused(answer.path, user: caller.username, code)))
        let alternate = configuration.alternate
        send(answer, .error) { writer throws(WriteError) in
            try STUNWriter.append(code, reason: TURNError(code).phrase, to: &writer)
            guard code == .tryAlternate, let alternate else { return }
            try STUNWriter.append(.alternateServer, alternate, to: &writer)
        }
    }

    /// RFC 8489 §6.3.1.
    mutating func refuse(_ answer: Answer, unknown types: [STUNAttributeType]) {
        send(answer, .error) { writer throws(WriteError) in
            try STUNWriter.append(.unknownAttribute, to: &writer)
            try STUNWriter.append(unknown: types, to: &writer)
        }
    }
}

extension TURNError {
    /// A few words for the other side's log.
    fileprivate var phrase: String {
        switch self {
        case .forbidden: "Forbidden"
        case .allocationMismatch: "Allocation Mismatch"
        case .addressFamilyNotSupported: "Address Family not Supported"
        case .wrongCredentials: "Wrong Credentials"
        case .unsupportedTransport: "Unsupported Transport Protocol"
        case .peerAddressFamilyMismatch: "Peer Address Family Mismatch"
        case .quotaReached: "Allocation Quota Reached"
        case .insufficientCapacity: "Insufficient Capacity"
        case .unauthorized, .unanswered, .refused, .unusableAlternate, .malformedAnswer,
            .tooManyPeers:
            ""
        }
    }
}

private let answerCapacity = 1_280
