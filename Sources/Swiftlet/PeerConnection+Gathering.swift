import ICE
import LinuxIO
import Peer
import Wire

// Opening sockets, and what else the session asks of the network.
extension PeerConnection {
    /// Makes the connection known to its loop, and to the port it shares.
    ///
    /// Must run on the loop, so not in `init`.
    func activate() {
        guard loopClient == nil, !session.isClosed else { return }
        let client = loop.register(self)
        loopClient = client
        mailbox.open(for: client)
        sockets.join(configuration.sharedPort, self)
        switch configuration.interfaces {
        case .automatic, .all: sockets.news = InterfaceNews.subscribe(self)
        case .loopbackOnly, .addresses: break
        }
        if configuration.iceCandidatePoolSize > 0 {
            drive { session, now in session.gatherAhead(at: now) }
        }
    }

    /// Begins with what the configuration wants before there is a description.
    nonisolated func gatherAhead() {
        loop.execute { [weak self] in
            self?.assumeIsolated { $0.activate() }
        }
    }

    /// Opens sockets on each usable address and offers them to the session.
    func gather(_ stream: Int) {
        let components = session.componentCount(of: stream)
        offerShared(to: stream)
        sockets.begin(stream)
        for component in 1...max(components, 1) where component >= sockets.firstOwnComponent {
            for address in hostAddresses() { open(address, for: stream, component: component) }
        }
        session.endOfLocalAddresses(of: stream, at: loop.now)
    }

    private func open(_ address: IPAddress, for stream: Int, component: Int) {
        do throws(SystemError) {
            let local = try sockets.open(
                on: address,
                for: stream,
                configuration.sockets,
                loop,
                self
            )
            session.addLocalAddress(local, to: stream, component: component, at: loop.now)
            guard configuration.sockets.usesTCP else { return }
            let listening = try sockets.tcp.listen(on: address, for: stream, on: loop, owner: self)
            for (place, kind) in [
                (listening, CandidateTransport.tcp(.passive)), (local, .tcp(.active)),
            ] {
                session.addLocalAddress(
                    place,
                    to: stream,
                    component: component,
                    over: kind,
                    at: loop.now
                )
            }
        } catch {
            // It may have gone away meanwhile; the others may do.
            publish(gatheringError: error, at: address)
        }
    }

    /// Opens a socket for one relay, which has lost its own.
    private func openSocket(_ request: SocketRequest) {
        do throws(SystemError) {
            let local = try sockets.open(
                on: request.near.address,
                for: request.stream,
                configuration.sockets,
                loop,
                self
            )
            session.socketOpened(request.id, on: local, at: loop.now)
        } catch {
            session.socketFailed(request.id, at: loop.now)
        }
    }

    /// Addresses have come or gone: the session looks for new ways, and leaves those that are gone.
    func interfacesChanged(_ change: InterfaceChange) {
        guard !session.isClosed else { return }
        sockets.names.update()
        // A shared port has its own watcher.
        guard !sockets.usesSharedPort else { return }
        let present: [IPAddress]
        do throws(SystemError) {
            present = try HostAddresses.list(configuration.interfaces, configuration.sockets)
        } catch {
            // What cannot be listed may still be there: no socket is closed for it.
            return publish(gatheringError: error, at: nil)
        }
        drive { session, now in
            let gone = sockets.closeAll(except: present)
            for local in gone { session.removeLocalAddress(local, at: now) }
            // Connections of ICE leave from there, without a socket that waits.
            for host in Set(gone.map(\.address)) { session.removeLocalHost(host, at: now) }
        }
        for stream in sockets.transports {
            for address in present
            where !sockets.isOpen(address, for: stream) && isNews(address) {
                for component in 1...max(session.componentCount(of: stream), 1) {
                    open(address, for: stream, component: component)
                }
            }
        }
        drive { _, _ in }
    }

    /// Whether an address that has come may lead to the peer.
    ///
    /// Without any interface the machine has loopback alone, and no call in progress is saved by that.
    private func isNews(_ address: IPAddress) -> Bool {
        switch configuration.interfaces {
        case .all, .loopbackOnly, .addresses: true
        case .automatic: !address.isLoopback
        }
    }

    private func offerShared(to stream: Int) {
        for address in sockets.sharedAddresses {
            session.addLocalAddress(address, to: stream, isShared: true, at: loop.now)
        }
        for mapping in sockets.sharedMappings { note(mapping) }
    }

    /// Addresses of the shared port have gone, or come.
    func sharedPortChanged(gone: [SocketAddress], fresh: [SocketAddress]) {
        guard !session.isClosed else { return }
        drive { session, now in
            for local in gone { session.removeLocalAddress(local, at: now) }
            for stream in sockets.transports {
                for local in fresh {
                    session.addLocalAddress(local, to: stream, isShared: true, at: now)
                }
            }
        }
    }

    /// A server has told what the outside knows the shared port as.
    func mappingChanged(_ mapping: SharedPort.Mapping) {
        drive { _, _ in note(mapping) }
    }

    private func note(_ mapping: SharedPort.Mapping) {
        session.addMappedAddress(
            mapping.address,
            of: mapping.local,
            by: mapping.server,
            at: loop.now
        )
    }

    /// Does what else the session asks for.
    func carryOut(_ request: NetworkRequest) {
        switch request {
        case .release(let stream):
            sockets.close(stream: stream)
            sockets.tcp.close(stream: stream)
        case .adopt(let pooled, let stream): sockets.adopt(pooled, as: stream)
        case .listen(let fragment): sockets.listen(to: fragment)
        case .resolve(let host): resolve(host)
        case .openSocket(let request): openSocket(request)
        case .closeSocket(let local): sockets.close(local)
        case .openStream(let request): openStream(request)
        case .closeStream(let number): sockets.tcp.close(server: number)
        case .connect(let local, let remote): connectStream(from: local, to: remote)
        case .disconnect(let local, let remote): sockets.tcp.disconnect(from: local, to: remote)
        case .announce(let name, let address): sockets.names.announce(name, address, on: loop)
        }
    }

    /// Looks a name up beside the loop.
    private func resolve(_ host: String) {
        if host.lowercased().hasSuffix(".local") {
            sockets.names.resolve(host, on: loop) { [weak self] addresses in
                self?.assumeIsolated { $0.resolved(host, to: addresses) }
            }
            return
        }
        Task { [weak self] in
            let found: [IPAddress]
            do throws(NameResolutionError) {
                found = try await NameResolver.resolve(host, port: 0).map(\.address)
            } catch {
                found = []
            }
            await self?.resolved(host, to: found)
        }
    }

    private func resolved(_ host: String, to addresses: [IPAddress]) {
        drive { session, now in session.resolved(host, to: addresses, at: now) }
    }

    private func hostAddresses() -> [IPAddress] {
        do throws(SystemError) {
            return try HostAddresses.list(configuration.interfaces, configuration.sockets)
        } catch {
            publish(gatheringError: error, at: nil)
            return [.loopback4]
        }
    }
}
