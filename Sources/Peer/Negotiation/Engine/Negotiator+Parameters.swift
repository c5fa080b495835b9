import SDP

// getParameters and setParameters (W3C WebRTC §5.2).
extension Negotiator {
    mutating func parameters(of id: TransceiverID) throws(PeerError) -> SendParameters {
        guard let index = transceivers.index(of: id) else {
            throw .invalidAccess(.unknownTransceiver)
        }
        let transaction = progress.nextTransaction
        progress.nextTransaction += 1
        transceivers[index].sender.openTransaction = transaction
        return parameters(of: transceivers[index], transaction)
    }

    private func parameters(of transceiver: Transceiver, _ transaction: UInt64) -> SendParameters {
        SendParameters(
            transactionID: transaction,
            encodings: transceiver.sender.encodings,
            headerExtensions: transceiver.negotiated.extensions.map {
                ExtensionMapAttribute(id: UInt16($0.id), direction: $0.direction, uri: $0.uri)
            },
            codecs: transceiver.negotiated.codecs.map {
                AgreedCodec(
                    payloadType: $0.sendPayloadType ?? $0.payloadType,
                    codec: $0.codec,
                    repeats: $0.repeats
                )
            },
            cname: identity.cname
        )
    }

    mutating func setParameters(
        _ parameters: SendParameters,
        of id: TransceiverID
    ) throws(PeerError) {
        let index = try requireTransceiver(id)
        let transceiver = transceivers[index]
        guard transceiver.life == .running else { throw .invalidState(.transceiverStopped) }
        guard let open = transceiver.sender.openTransaction else {
            throw .invalidState(.parametersNotRead)
        }
        let read = self.parameters(of: transceiver, open)
        guard parameters.transactionID == open else {
            throw .invalidModification(.parameters(.transactionID))
        }
        guard parameters.encodings.count == read.encodings.count else {
            throw .invalidModification(.parameters(.encodings))
        }
        guard parameters.encodings.map(\.rid) == read.encodings.map(\.rid) else {
            throw .invalidModification(.parameters(.rid))
        }
        guard parameters.codecs == read.codecs else {
            throw .invalidModification(.parameters(.codecs))
        }
        guard parameters.headerExtensions == read.headerExtensions else {
            throw .invalidModification(.parameters(.headerExtensions))
        }
        guard parameters.cname == read.cname else {
            throw .invalidModification(.parameters(.rtcp))
        }
        var encodings: [EncodingParameters] = []
        for var encoding in parameters.encodings {
            try encoding.requireRanges(kind: transceiver.kind)
            if transceiver.kind == .video, encoding.scaleResolutionDownBy == nil {
                encoding.scaleResolutionDownBy = 1
            }
            encodings.append(encoding)
        }
        transceivers[index].sender.encodings = encodings
        transceivers[index].sender.openTransaction = nil
    }
}
