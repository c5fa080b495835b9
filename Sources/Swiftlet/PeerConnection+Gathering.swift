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
    }

    /// Opens sockets on each usable address and offers them to the session.
    func gather(_ stream: Int) {
        let components = session.componentCount(of: stream)
        offerShared(to: stream)
        for component in 1...max(components, 1) where component >= sockets.firstOwnComponent {
            for address in hostAddresses() {
                do throws(SystemError) {
                    let local = try sockets.open(
                        on: address,
                        for: stream,
                        configuration.sockets,
                        loop,
                        self
                    )
                    session.addLocalAddress(local, to: stream, component: component, at: loop.now)
                } catch {
                    // It may have gone away meanwhile; the others may do.
                    publish(gatheringError: error, at: address)
                }
            }
        }
        session.endOfLocalAddresses(of: stream, at: loop.now)
    }

    private func offerShared(to stream: Int) {
        for address in sockets.sharedAddresses {
            session.addLocalAddress(address, to: stream, at: loop.now)
        }
    }

    /// Does what else the session asks for.
    func carryOut(_ request: NetworkRequest) {
        switch request {
        case .release(let stream): sockets.close(stream: stream)
        case .listen(let fragment): sockets.listen(to: fragment)
        case .resolve(let host): resolve(host)
        case .announce, .openStream, .closeStream, .connect, .disconnect: break
        }
    }

    /// Looks a name up beside the loop.
    private func resolve(_ host: String) {
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
