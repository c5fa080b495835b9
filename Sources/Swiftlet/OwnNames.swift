import LinuxIO
import MDNS
import MDNSSockets
import Wire

/// The names of the local network that one connection needs: those that hide its addresses, and those
/// of its peer.
///
/// One service answers and asks for all connections of a loop; it listens on the multicast groups of
/// the machine's interfaces, and is closed with the last connection that needs it.
struct OwnNames {
    private struct Issue {
        weak var service: MDNSService?
    }

    private static let issues = Guarded<[ObjectIdentifier: Issue]>([:])

    private var service: MDNSService?
    private var announced: [MDNSName] = []

    /// Answers questions for `name` from now on, if it is one of the local network.
    mutating func announce(_ name: String, _ address: IPAddress, on loop: EventLoop) {
        guard let name = MDNSName(name) else { return }
        needed(on: loop).publish(name, address)
        announced.append(name)
    }

    /// Asks the network; `tell` hears of the first answer on the loop, or of nothing at all.
    mutating func resolve(
        _ name: String,
        on loop: EventLoop,
        _ tell: @escaping @Sendable ([IPAddress]) -> Void
    ) {
        guard let name = MDNSName(name) else { return loop.execute { tell([]) } }
        needed(on: loop).resolve(name) { resolution in
            switch resolution {
            case .success(let addresses): tell(addresses)
            case .failure: tell([])
            }
        }
    }

    /// Interfaces have come or gone.
    func update() {
        guard let service, let interfaces = try? NetworkInterfaces.list() else { return }
        service.update(interfaces)
    }

    /// Tells the neighbours that the names are gone.
    mutating func withdrawAll() {
        for name in announced { service?.withdraw(name) }
        announced = []
        service = nil
    }

    private mutating func needed(on loop: EventLoop) -> MDNSService {
        if let service { return service }
        loop.checkIsolated()
        let names = Self.issues.withLock { issues -> MDNSService in
            if let known = issues[ObjectIdentifier(loop)]?.service { return known }
            // Without a list there is nobody to ask; a change of interfaces brings the next.
            let interfaces = (try? NetworkInterfaces.list()) ?? []
            let fresh = MDNSService(on: loop, interfaces: interfaces)
            issues[ObjectIdentifier(loop)] = Issue(service: fresh)
            return fresh
        }
        service = names
        return names
    }
}
