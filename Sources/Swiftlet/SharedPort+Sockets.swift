public import LinuxIO
import Peer
import Wire

// The sockets of a shared port: one for each address of the machine, for as long as that is there.
extension SharedPort: InterfaceWatcherOwner {
    /// Where a port has its sockets.
    struct Place: Sendable {
        let interfaces: Configuration.Interfaces
        let sockets: SocketConfiguration
        /// The same on all addresses: that which the first one got, if any will do.
        var port: UInt16
        /// The STUN servers that each new socket asks.
        var servers: [SocketAddress] = []
        var watcher: InterfaceWatcher?
    }

    /// Binds what can be bound; fails if nothing can.
    func bind() throws(SystemError) {
        let addresses = try HostAddresses.list(place.interfaces, place.sockets)
        let wanted = place.port
        var failure: SystemError?
        for attempt in 1...maximumAttempts {
            place.port = wanted
            failure = bind(addresses)
            // The port that the system chose for one address may be taken on another.
            guard wanted == 0, failure?.code == addressInUse, attempt < maximumAttempts else {
                break
            }
            for socket in sockets { socket.close() }
            sockets = []
        }
        if let failure, sockets.isEmpty { throw failure }
        switch place.interfaces {
        // Where the system tells nothing, the addresses are what they are.
        case .automatic, .all: place.watcher = try? InterfaceWatcher.start(on: loop, owner: self)
        case .loopbackOnly, .addresses: break
        }
    }

    /// Binds each of `addresses` that can be; why another could not.
    private func bind(_ addresses: [IPAddress]) -> SystemError? {
        var failure: SystemError?
        for address in addresses {
            do throws(SystemError) {
                let local = SocketAddress(address, port: place.port)
                let socket = try UDPSocket.bind(to: local, on: loop, owner: self)
                place.port = socket.localAddress.port
                sockets.append(socket)
            } catch {
                // It may have gone away meanwhile; the others may do.
                failure = error
            }
        }
        return failure
    }

    public nonisolated func interfacesChanged(
        _ change: InterfaceChange,
        by watcher: InterfaceWatcher
    ) {
        assumeIsolated { $0.followInterfaces() }
    }

    /// Opens sockets on addresses that have come, closes those on addresses that are gone, and lets
    /// the connections know.
    private func followInterfaces() {
        // What cannot be listed may still be there.
        guard let present = try? HostAddresses.present(),
            let chosen = try? HostAddresses.list(place.interfaces, place.sockets)
        else { return }
        let lost = sockets.filter { !present.contains($0.localAddress.address) }
        let gone = lost.map(\.localAddress)
        for socket in lost {
            socket.close()
            router.remove(socket.localAddress)
        }
        sockets.removeAll { gone.contains($0.localAddress) }
        outside.removeAll { gone.contains($0.local) }

        let known = sockets.map(\.localAddress.address)
        let news = chosen.filter {
            !known.contains($0) && HostAddresses.isNews($0, to: place.interfaces)
        }
        _ = bind(Array(news.prefix(max(place.sockets.maximumAddresses - known.count, 0))))
        let opened = Array(sockets.dropFirst(known.count))
        guard !gone.isEmpty || !opened.isEmpty else { return }
        tell(opened: opened, gone: gone)
        ask(from: opened.map(\.localAddress))
    }
}

/// Ports that the system chooses are rarely taken on another address.
private let maximumAttempts = 8
