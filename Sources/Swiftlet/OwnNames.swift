import LinuxIO
import Wire

/// The names that hide one connection's addresses.
struct OwnNames {
    private var local: LocalNames?
    private var announced: [String] = []

    /// The names of the loop, which are listened for from now on.
    mutating func needed(on loop: EventLoop) -> LocalNames {
        let names = local ?? LocalNames.shared(on: loop)
        local = names
        return names
    }

    mutating func announce(_ name: String, _ address: IPAddress, on loop: EventLoop) {
        if needed(on: loop).announce(name, address) { announced.append(name) }
    }

    mutating func withdrawAll() {
        local?.withdraw(announced)
        announced = []
        local = nil
    }
}
