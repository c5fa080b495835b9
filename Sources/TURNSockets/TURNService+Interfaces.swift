public import LinuxIO
import TURN
package import Wire

extension TURNService: InterfaceWatcherOwner {
    public nonisolated func interfacesChanged(_: InterfaceChange, by _: InterfaceWatcher) {
        // Without a list the earlier one is the best there is.
        assumeIsolated { service in _ = try? service.noteInterfaces() }
    }

    /// The addresses of this machine, which are nobody's peers.
    package var machineAddresses: Set<IPAddress> { server.machineAddresses }

    /// Closes the machine's own addresses to clients: those of now, and those that come.
    func watchInterfaces() throws(SystemError) {
        try noteInterfaces()
        // A sandbox may forbid to watch; a server's addresses hardly ever change.
        sockets.interfaces = try? InterfaceWatcher.start(on: loop, owner: self)
    }

    private func noteInterfaces() throws(SystemError) {
        server.machineAddresses = Set(try NetworkInterfaces.list().flatMap(\.addresses))
    }
}
