public import LinuxIO
public import MDNS
public import Wire

/// Multicast DNS on all interfaces of this machine, on an event loop.
///
/// ```swift
/// let service = MDNSService(on: loop, interfaces: try NetworkInterfaces.list())
/// service.resolve(name) { result in
///     // On the loop: the addresses, or that no neighbour has answered.
/// }
/// let hidden = service.publish(address)       // a random name to put into the candidate
/// ```
///
/// All members are for the loop only. It is closed when the last reference to it goes away; call
/// ``close()`` before, so that the neighbours are told goodbye.
public final class MDNSService: Sendable {
    /// What came of a search.
    public typealias Resolution = Result<[IPAddress], MDNSFailure>

    /// The loop it lives on.
    public let loop: EventLoop
    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    private nonisolated(unsafe) var state = State()

    private struct State {
        var interfaces: [NetworkInterface] = []
        var ports: [MDNSPort.Key: MDNSPort] = [:]
        var searches: [MDNSName: Search] = [:]
        var published: [MDNSName: IPAddress] = [:]
        /// What has been found and not told yet.
        var results: [@Sendable () -> Void] = []
        var client: LoopClientID?
        var entropy = Entropy.system
        var lastError: SystemError?
    }

    private struct Search {
        /// Where there may still be an answer.
        var open: Set<MDNSPort.Key>
        var waiters: [@Sendable (Resolution) -> Void]
    }

    /// Begins to listen on those of `interfaces` that are up and lead to other machines.
    public init(on loop: EventLoop, interfaces: [NetworkInterface]) {
        self.loop = loop
        unsafe state.client = loop.register(self)
        update(interfaces)
    }

    deinit {
        if let client = unsafe state.client { loop.unregister(client) }
    }

    /// Why listening failed the last time it did.
    public var lastError: SystemError? { unsafe state.lastError }
}

// MARK: - Names

extension MDNSService {
    /// Looks for the addresses of `name`; `completion` is called on the loop, once, and never before
    /// this returns.
    public func resolve(
        _ name: MDNSName,
        _ completion: @escaping @Sendable (Resolution) -> Void
    ) {
        if unsafe state.searches[name] != nil {
            unsafe state.searches[name]?.waiters.append(completion)
            return
        }
        let ports = unsafe state.ports
        unsafe state.searches[name] = Search(open: Set(ports.keys), waiters: [completion])
        guard !ports.isEmpty else { return finish(name, .failure(.noAnswer)) }
        for port in ports.values { port.resolve(name) }
    }

    /// Hides `address` behind a new random name, which the neighbours on its interface can resolve.
    public func publish(_ address: IPAddress) -> MDNSName {
        let name = unsafe MDNSName.random(&state.entropy)
        publish(name, address)
        return name
    }

    /// Answers for `name`, which somebody else has chosen, with `address`.
    ///
    /// Random names are told to the neighbours without asking first whether they are free; so this one
    /// must be random, too. A name that is published already keeps its address.
    public func publish(_ name: MDNSName, _ address: IPAddress) {
        guard unsafe state.published[name] == nil else { return }
        unsafe state.published[name] = address
        for port in unsafe state.ports.values where has(address, port.key) {
            port.publish(name, address)
        }
    }

    /// Tells the neighbours that `name` is gone.
    public func withdraw(_ name: MDNSName) {
        guard unsafe state.published.removeValue(forKey: name) != nil else { return }
        for port in unsafe state.ports.values { port.withdraw(name) }
    }

    /// Takes note of interfaces that have come, gone or changed.
    public func update(_ interfaces: [NetworkInterface]) {
        unsafe state.interfaces = interfaces
        let wanted = interfaces.filter { $0.isUp && !$0.isLoopback }
        var kept: Set<MDNSPort.Key> = []
        for interface in wanted {
            let link = MDNSLink(
                prefixes: zip(interface.addresses, interface.prefixLengths).map {
                    MDNSLink.Prefix($0, length: $1)
                }
            )
            for family in IPAddress.Family.allCases
            where interface.addresses.contains(where: { $0.family == family }) {
                let key = MDNSPort.Key(interface: interface.index, family: family)
                kept.insert(key)
                if let port = unsafe state.ports[key] {
                    port.update(link)
                } else {
                    open(key, link, on: interface)
                }
            }
        }
        for (key, port) in unsafe state.ports where !kept.contains(key) { close(port) }
    }

    /// Tells the neighbours goodbye for all names, and stops listening.
    ///
    /// Searches end without an answer.
    public func close() {
        for port in unsafe state.ports.values { close(port) }
        unsafe state.published = [:]
    }
}

// MARK: - Ports

extension MDNSService: LoopClient {
    public nonisolated func deadlinePassed() {}

    public nonisolated func signalled() {
        let results = unsafe state.results
        unsafe state.results = []
        for tell in results { tell() }
    }

    /// A port has found the addresses of a name, or given up.
    func note(_ resolution: Resolution, for name: MDNSName, from key: MDNSPort.Key) {
        guard unsafe state.searches[name] != nil else { return }
        switch resolution {
        case .success: finish(name, resolution)
        case .failure:
            unsafe state.searches[name]?.open.remove(key)
            if unsafe state.searches[name]?.open.isEmpty ?? true { finish(name, resolution) }
        }
    }

    private func finish(_ name: MDNSName, _ resolution: Resolution) {
        guard let search = unsafe state.searches.removeValue(forKey: name) else { return }
        for key in search.open { unsafe state.ports[key]?.cancel(name) }
        for waiter in search.waiters {
            unsafe state.results.append { waiter(resolution) }
        }
        // Told soon, and not from within somebody's call.
        if let client = unsafe state.client { loop.signal(client) }
    }

    private func open(_ key: MDNSPort.Key, _ link: MDNSLink, on interface: NetworkInterface) {
        let port = MDNSPort(key, on: loop, link, for: self)
        do throws(SystemError) {
            try port.open(on: interface)
        } catch {
            return unsafe state.lastError = error
        }
        unsafe state.ports[key] = port
        for (name, address) in unsafe state.published where has(address, key) {
            port.publish(name, address)
        }
        for name in unsafe state.searches.keys {
            unsafe state.searches[name]?.open.insert(key)
            port.resolve(name)
        }
    }

    private func close(_ port: MDNSPort) {
        port.close()
        unsafe state.ports[port.key] = nil
        for name in unsafe [MDNSName](state.searches.keys) {
            note(.failure(.noAnswer), for: name, from: port.key)
        }
    }

    /// Whether the interface of `key` has `address`.
    private func has(_ address: IPAddress, _ key: MDNSPort.Key) -> Bool {
        unsafe state.interfaces.contains {
            $0.index == key.interface && $0.addresses.contains(address)
        }
    }
}
