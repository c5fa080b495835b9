public import Wire

/// Answers binding requests: tells clients the address they are seen under (RFC 8489 §6.3), and, with
/// two addresses and two ports, how their NAT behaves (RFC 5780 §6).
///
/// It is no machine: nothing happens without a request, and it remembers nobody beyond a fixed table
/// of request rates. A response has at most ``maximumAmplification`` times the request's bytes.
///
/// ```swift
/// var server = STUNServer(entropy: .system)
/// var writer = SpanWriter(buffer.mutableSpan)
/// if let route = server.answer(packet.span, from: source, on: local, at: now, into: &writer) {
///     send(writer.written, from: route.source, to: route.destination)
/// }
/// ```
public struct STUNServer: Sendable {
    /// How it answers.
    public struct Configuration: Hashable, Sendable {
        /// Named in SOFTWARE where the response stays small; nil tells nobody.
        public var software: String?
        /// Where all clients are sent instead (300, ALTERNATE-SERVER), one for each family.
        public var alternateServers: [SocketAddress] = []
        /// The four sockets of RFC 5780; nil answers plain binding requests only.
        public var endpoints: STUNServerEndpoints?
        /// How many requests a second an address may send.
        public var requestsPerSecond = 50
        /// How many of them at once.
        public var burst = 100

        /// Plain binding responses to everybody.
        public init() {}
    }

    /// Where an answer leaves from and goes to.
    public struct Route: Hashable, Sendable {
        public var source: SocketAddress
        public var destination: SocketAddress

        /// From `source` to `destination`.
        public init(source: SocketAddress, destination: SocketAddress) {
            self.source = source
            self.destination = destination
        }
    }

    /// No response has more than this many times the bytes of its request.
    ///
    /// 2.2 without RFC 5780: 20 bytes ask, 44 answer with an IPv6 address.
    public static let maximumAmplification = 4.6

    private let configuration: Configuration
    private var limiter: STUNRateLimiter

    /// A server; `entropy` keys its table of rates.
    public init(configuration: Configuration = Configuration(), entropy: Entropy) {
        self.configuration = configuration
        var entropy = entropy
        limiter = STUNRateLimiter(
            rate: configuration.requestsPerSecond,
            burst: configuration.burst,
            entropy: &entropy
        )
    }

    /// Answers a packet that came from `source` to our address `local`; nil when it deserves none.
    ///
    /// The bytes stand in `writer`, which was empty, and are to leave from the route's source.
    public mutating func answer(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        at now: Instant,
        into writer: inout SpanWriter
    ) -> Route? {
        guard let request = try? STUNPacket(parsing: packet), request.messageClass == .request,
            request.method == .binding, source.port != 0,
            !request.hasFingerprint || request.hasValidFingerprint(in: packet),
            limiter.admits(source.address, at: now)
        else { return nil }
        // Nothing here is longer than the room for it, unless the owner gives less than 128 bytes.
        return try? write(request, packet, from: source, on: local, into: &writer)
    }

    private func write(
        _ request: STUNPacket,
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        into writer: inout SpanWriter
    ) throws(WriteError) -> Route {
        let plain = Route(source: local, destination: source)
        let usage: STUNUsage =
            configuration.endpoints == nil
            ? [.binding, .connectivity] : [.binding, .connectivity, .behaviorDiscovery]
        let unknown = request.unknownRequiredAttributes(in: packet, understanding: usage)
        guard unknown.isEmpty else {
            try STUNWriter.writeUnknownAttributes(unknown, answerTo: request, to: &writer)
            return plain
        }
        let family = source.address.family
        if let other = configuration.alternateServers.first(where: { $0.address.family == family })
        {
            try writeError(.tryAlternate, alternate: other, to: request, into: &writer)
            return plain
        }
        guard let route = route(of: request, in: packet, plain) else {
            try writeError(.badRequest, alternate: nil, to: request, into: &writer)
            return plain
        }
        let id = request.transactionID
        try STUNWriter.begin(.success, id: id, to: &writer)
        try STUNWriter.appendMapped(source.unmapped, id: id, to: &writer)
        if let other = configuration.endpoints?.opposite(of: local) {
            // RFC 5780 §6.1.
            try STUNWriter.append(.responseOrigin, route.source, to: &writer)
            try STUNWriter.append(.otherAddress, other, to: &writer)
        }
        try appendExtras(request, packet, to: &writer)
        try STUNWriter.close(answerTo: request, to: &writer)
        return route
    }

    private func writeError(
        _ code: STUNErrorCode,
        alternate: SocketAddress?,
        to request: STUNPacket,
        into writer: inout SpanWriter
    ) throws(WriteError) {
        try STUNWriter.begin(.error, id: request.transactionID, to: &writer)
        try STUNWriter.append(code, to: &writer)
        if let alternate { try STUNWriter.append(.alternateServer, alternate, to: &writer) }
        try STUNWriter.close(answerTo: request, to: &writer)
    }

    /// SOFTWARE and PADDING, as long as the answer is not much longer than the question.
    private func appendExtras(
        _ request: STUNPacket,
        _ packet: Span<UInt8>,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let seal = request.hasFingerprint ? 8 : 0
        let limit = Int(Double(packet.count) * Self.maximumAmplification)
        if let software = configuration.software {
            let size = 4 + (software.utf8.count + 3) & ~3
            if writer.offset + size + seal <= min(limit, 508) {
                try STUNWriter.append(.software, text: software, to: &writer)
            }
        }
        // RFC 5780 §7.6, but never longer than the request's own: padding must not amplify.
        guard configuration.endpoints != nil,
            let padding = request.range(of: .padding, in: packet)
        else { return }
        let room = min(packet.count - writer.offset - 4 - seal, padding.count) & ~3
        guard room > 0 else { return }
        let zeros = [UInt8](repeating: 0, count: room)
        try STUNWriter.append(.padding, zeros.span, to: &writer)
    }

    /// What CHANGE-REQUEST and RESPONSE-PORT ask for; nil when they cannot be had.
    private func route(
        of request: STUNPacket,
        in packet: Span<UInt8>,
        _ plain: Route
    ) -> Route? {
        guard let endpoints = configuration.endpoints else { return plain }
        var route = plain
        if let bits = request.number(.changeRequest, in: packet) {
            let flags = STUNChangeRequest(rawValue: bits)
            guard let source = endpoints.changed(plain.source, by: flags) else { return nil }
            route.source = source
        }
        if request.has(.responsePort, in: packet) {
            // RFC 5780 §6.1: not together with PADDING.
            guard let port = request.halfNumber(.responsePort, in: packet), port != 0,
                !request.has(.padding, in: packet)
            else { return nil }
            route.destination.port = port
        }
        return route
    }
}
