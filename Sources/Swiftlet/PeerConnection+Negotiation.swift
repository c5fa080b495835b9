import LinuxIO
public import Peer
import Wire

// Translate, drive, translate: the protocol itself is in PeerSession.
extension PeerConnection {
    /// An offer of everything that was added to the connection.
    public func createOffer() throws(PeerConnectionError) -> SessionDescription {
        try ask { session, now throws(PeerError) in try session.createOffer(at: now) }
    }

    /// An answer to the offer that was set.
    public func createAnswer() throws(PeerConnectionError) -> SessionDescription {
        try ask { session, now throws(PeerError) in try session.createAnswer(at: now) }
    }

    /// Puts a description that was just created into force, and begins to gather candidates.
    ///
    /// Without an argument it creates the one that the signaling state asks for. Returns it with the
    /// candidates known so far, ready to be sent; those found later come as events.
    @discardableResult
    public func setLocalDescription(
        _ description: SessionDescription? = nil
    ) throws(PeerConnectionError) -> SessionDescription {
        let set = try ask { session, now throws(PeerError) in
            let wanted: SessionDescription
            if let description {
                wanted = description
            } else if session.signalingState == .haveRemoteOffer {
                wanted = try session.createAnswer(at: now)
            } else {
                wanted = try session.createOffer(at: now)
            }
            try session.setLocalDescription(wanted, at: now)
            return wanted
        }
        return session.localDescription ?? set
    }

    /// Takes over what the peer described.
    public func setRemoteDescription(
        _ description: SessionDescription
    ) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.setRemoteDescription(description, at: now)
        }
    }

    /// Takes over a candidate of the peer; it must come after the description it belongs to.
    public func addICECandidate(_ candidate: ICECandidate) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.addRemoteCandidate(candidate, at: now)
        }
    }

    /// Asks for new ICE credentials with the next offer.
    public func restartICE() {
        drive { session, now in session.restartICE(at: now) }
    }

    /// Our description in force or pending, with the candidates gathered so far.
    public var localDescription: SessionDescription? { session.localDescription }

    /// The peer's description in force or pending.
    public var remoteDescription: SessionDescription? { session.remoteDescription }

    /// Where offer and answer stand.
    public var signalingState: SignalingState { session.signalingState }

    /// How far the connection has come.
    public var connectionState: PeerConnectionState { session.connectionState }

    /// How far gathering of candidates has come.
    public var gatheringState: ICEGatheringState { session.gatheringState }

    private func ask<Success>(
        _ input: (inout PeerSession, Instant) throws(PeerError) -> Success
    ) throws(PeerConnectionError) -> Success {
        activate()
        do throws(PeerError) {
            return try drive(input)
        } catch {
            throw .session(error)
        }
    }
}

// MARK: - Gathering

extension PeerConnection {
    /// Makes the connection known to its loop.
    ///
    /// Must run on the loop, so not in `init`.
    func activate() {
        guard loopClient == nil, !session.isClosed else { return }
        let client = loop.register(self)
        loopClient = client
        mailbox.open(for: client)
    }

    /// Opens a socket on each usable address and offers it to the session.
    func gather(_ stream: Int) {
        var options = UDPSocketOptions()
        options.coalescing = .whenBusy
        for address in hostAddresses() {
            do throws(SystemError) {
                let socket = try UDPSocket.bind(
                    to: SocketAddress(address, port: 0),
                    on: loop,
                    options: options,
                    owner: self
                )
                sockets.append(socket)
                session.addLocalAddress(socket.localAddress, to: stream, at: loop.now)
            } catch {
                // It may have gone away meanwhile; the others may do.
                publish(gatheringError: error, at: address)
            }
        }
        session.endOfLocalAddresses(of: stream, at: loop.now)
    }

    private func hostAddresses() -> [IPAddress] {
        switch configuration.interfaces {
        case .loopbackOnly: return [.loopback4]
        case .addresses(let addresses): return addresses
        case .all: return interfaceAddresses(where: { _ in true })
        case .automatic:
            let outside = interfaceAddresses { !$0.isLoopback }
            return outside.isEmpty ? interfaceAddresses { _ in true } : outside
        }
    }

    /// The addresses of interfaces that are up; link-local IPv6 needs a scope the peer cannot know.
    private func interfaceAddresses(where isWanted: (IPAddress) -> Bool) -> [IPAddress] {
        do throws(SystemError) {
            return try NetworkInterfaces.list().filter(\.isUp).flatMap(\.addresses)
                .filter { isWanted($0) && !($0.isLinkLocal && $0.family == .v6) }
        } catch {
            publish(gatheringError: error, at: nil)
            return [.loopback4]
        }
    }
}
