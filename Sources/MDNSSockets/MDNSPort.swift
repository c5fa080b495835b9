import LinuxIO
import MDNS
import Wire

/// One interface and family: its socket, and who asks and answers there.
final class MDNSPort: Sendable {
    /// Which interface and family it is.
    struct Key: Hashable, Sendable {
        let interface: UInt32
        let family: IPAddress.Family

        var group: SocketAddress {
            switch family {
            case .v4: MDNSGroup.v4
            case .v6: MDNSGroup.v6
            }
        }
    }

    let key: Key
    private let loop: EventLoop
    // All three are touched on the loop only; apart, because both machines are changed at a time.
    private nonisolated(unsafe) var state: State
    private nonisolated(unsafe) var querier: MDNSQuerier
    private nonisolated(unsafe) var responder: MDNSResponder

    private struct State {
        weak var service: MDNSService?
        var socket: UDPSocket?
        var client: LoopClientID?
    }

    init(_ key: Key, on loop: EventLoop, _ link: MDNSLink, for service: MDNSService) {
        self.key = key
        self.loop = loop
        unsafe state = State(service: service)
        unsafe querier = MDNSQuerier(on: link)
        var configuration = MDNSResponder.Configuration()
        configuration.maximumNames = maximumNames
        unsafe responder = MDNSResponder(on: link, configuration: configuration)
    }

    func open(on interface: NetworkInterface) throws(SystemError) {
        let socket = try UDPSocket.bindMulticast(
            to: key.group,
            on: interface,
            loop: loop,
            owner: self
        )
        unsafe state.socket = socket
        unsafe state.client = loop.register(self)
    }

    /// Says goodbye and closes the socket.
    func close() {
        drive { $1.close(at: $2) }
        unsafe state.socket?.close()
        unsafe state.socket = nil
        if let client = unsafe state.client { loop.unregister(client) }
        unsafe state.client = nil
    }

    func update(_ link: MDNSLink) {
        unsafe querier.link = link
        unsafe responder.link = link
    }

    func resolve(_ name: MDNSName) { drive { querier, _, now in querier.resolve(name, at: now) } }

    func cancel(_ name: MDNSName) { unsafe querier.cancel(name) }

    func publish(_ name: MDNSName, _ address: IPAddress) {
        drive { _, responder, now in responder.publish(name, address, at: now) }
    }

    func withdraw(_ name: MDNSName) {
        drive { _, responder, now in responder.withdraw(name, at: now) }
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout MDNSQuerier, inout MDNSResponder, Instant) -> Void) {
        unsafe input(&querier, &responder, loop.now)
        let socket = unsafe state.socket
        while let output = unsafe responder.popOutput() {
            switch output {
            case .transmit(let bytes): socket?.send(bytes.span, to: key.group)
            case .reply(let bytes, let target): socket?.send(bytes.span, to: target)
            }
        }
        while let output = unsafe querier.popOutput() {
            switch output {
            case .transmit(let bytes): socket?.send(bytes.span, to: key.group)
            case .resolved(let name, let addresses):
                unsafe state.service?.note(.success(addresses), for: name, from: key)
            case .failed(let name, let failure):
                unsafe state.service?.note(.failure(failure), for: name, from: key)
            }
        }
        let deadlines = unsafe [querier.deadline, responder.deadline]
        if let client = unsafe state.client {
            loop.setDeadline(deadlines.compactMap { $0 }.min(), for: client)
        }
    }
}

extension MDNSPort: DatagramOwner, LoopClient {
    nonisolated func readable(_ socket: UDPSocket) {
        drive { querier, responder, now in
            socket.receive { datagram, source in
                querier.receive(datagram.span, from: source, at: now)
                responder.receive(datagram.span, from: source, at: now)
            }
        }
    }

    nonisolated func deadlinePassed() {
        drive { querier, responder, now in
            querier.advance(to: now)
            responder.advance(to: now)
        }
    }

    nonisolated func signalled() {}
}

/// Each connection on a loop has a name of its own for each address.
private let maximumNames = 4_096
