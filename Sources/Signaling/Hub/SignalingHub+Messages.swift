import Wire

extension SignalingHub {
    /// One text message of a connection: carried out, or answered with what to do instead.
    mutating func receive(_ text: String, from connection: SignalingConnectionID) {
        let size = text.utf8.count
        guard size <= configuration.maximumMessageSize else {
            let limit = configuration.maximumMessageSize
            return refuse(
                connection,
                .tooLarge,
                "The message has \(size) bytes; the server forwards at most \(limit)."
            )
        }
        let envelope: SignalingEnvelope
        do throws(SignalingParseError) {
            envelope = try SignalingEnvelope(parsing: text)
        } catch {
            return refuse(connection, error.code, "\(error)")
        }
        switch envelope.kind {
        case .register: register(envelope, from: connection)
        case .disconnect where envelope.target == nil: unregister(connection)
        case .offer, .answer, .candidate, .sdp, .disconnect: forward(envelope, from: connection)
        case .error:
            refuse(
                connection,
                .unknownType,
                "Messages of the type error come from the server only."
            )
        }
    }

    private mutating func register(
        _ envelope: SignalingEnvelope,
        from connection: SignalingConnectionID
    ) {
        guard let id = envelope.sender else {
            return refuse(
                connection,
                .malformed,
                "The field \"id\" is missing; it is the name that others will send to."
            )
        }
        guard isValid(id) else {
            return refuse(
                connection,
                .malformed,
                "An id has 1 to \(configuration.maximumIDLength) bytes and no control characters."
            )
        }
        if let current = members[connection]?.id {
            guard current != id else { return }
            return refuse(
                connection,
                .alreadyRegistered,
                "This connection is registered as \"\(current)\"; open another one for another id."
            )
        }
        let token = envelope.fields["token"]?.string
        guard vacate(id, for: token) else {
            return refuse(
                connection,
                .idTaken,
                "The id \"\(id)\" belongs to another connection; choose another one."
            )
        }
        owners[id] = connection
        members[connection]?.id = id
        outputs.append(.event(.registered(connection, id: id)))
        resume(envelope, id, token: token)
    }

    /// `disconnect` for nobody in particular: the sender leaves, and may come back.
    private mutating func unregister(_ connection: SignalingConnectionID) {
        guard let id = members[connection]?.id else { return refuseUnregistered(connection) }
        members[connection]?.id = nil
        owners[id] = nil
        seats[id] = nil
    }

    private mutating func forward(
        _ envelope: SignalingEnvelope,
        from connection: SignalingConnectionID
    ) {
        guard let sender = members[connection]?.id else { return refuseUnregistered(connection) }
        guard let target = envelope.target else {
            let field = envelope.style.targetField
            return refuse(
                connection,
                .malformed,
                "The field \"\(field)\" is missing; it is the id of the peer the message is for."
            )
        }
        if sender != target { seats[sender]?.received += 1 }
        let receiver = owners[target]
        guard receiver != nil || seats[target] != nil else {
            return refuse(
                connection,
                .unknownTarget,
                "Nobody is registered as \"\(target)\"; check the id, or wait for that peer.",
                [(envelope.style.targetField, .string(target))]
            )
        }
        var forwarded = envelope
        // Whatever the message says, it comes from the id of its connection.
        forwarded.setSender(sender)
        let text = forwarded.text
        if sender != target { seats[target]?.log.append(text) }
        // Nobody there: it is kept for one who may come back.
        if let receiver { write(text, to: receiver) }
        // Programs send to themselves only to learn that they are registered.
        guard sender != target else { return }
        outputs.append(.event(.forwarded(envelope.kind, from: sender, to: target)))
    }

    private mutating func refuseUnregistered(_ connection: SignalingConnectionID) {
        refuse(
            connection,
            .notRegistered,
            "Register first: send {\"type\":\"register\",\"id\":\"your-id\"}."
        )
    }

    /// Answers with an error that says what to do.
    mutating func refuse(
        _ connection: SignalingConnectionID,
        _ code: SignalingErrorCode,
        _ message: String,
        _ more: [(name: String, value: JSONValue)] = []
    ) {
        let content: [(name: String, value: JSONValue)] = [
            ("code", .string(code.rawValue)), ("message", .string(message)),
        ]
        outputs.append(.event(.refused(connection, code)))
        send(SignalingEnvelope(.error, content + more), to: connection)
    }

    private mutating func send(
        _ envelope: SignalingEnvelope,
        to connection: SignalingConnectionID
    ) {
        write(envelope.text, to: connection)
    }

    mutating func write(_ text: String, to connection: SignalingConnectionID) {
        // Not open any more means that it is being closed: nobody is there to be told.
        try? members[connection]?.webSocket.send(text)
        settle(connection)
    }

    private func isValid(_ id: String) -> Bool {
        (1...configuration.maximumIDLength).contains(id.utf8.count)
            && id.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
