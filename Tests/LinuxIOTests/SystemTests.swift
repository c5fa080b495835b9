import LinuxIO
import Testing
import Wire

@Suite("The machine's own facts", .timeLimit(.minutes(1)))
struct SystemTests {
    @Test func theLoopbackInterfaceIsListed() throws {
        let loopback = try #require(try NetworkInterfaces.list().first { $0.isLoopback })
        #expect(loopback.isUp)
        #expect(loopback.index > 0)
        #expect(loopback.addresses.contains(.loopback4))
    }

    @Test func interfacesAreListedOnce() throws {
        let names = try NetworkInterfaces.list().map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func addressesInTextResolveToThemselves() async throws {
        let v4 = try await NameResolver.resolve("192.0.2.7", port: 3_478)
        #expect(v4.map(\.description) == ["192.0.2.7:3478"])
        let v6 = try await NameResolver.resolve("2001:db8::1", port: 53)
        #expect(v6.map(\.description) == ["[2001:db8::1]:53"])
    }

    @Test func localhostResolves() async throws {
        let addresses = try await NameResolver.resolve("localhost", port: 80)
        #expect(addresses.contains { $0.address.isLoopback && $0.port == 80 })
    }

    @Test func aCancelledResolutionEndsAtOnce() async throws {
        let task = Task { () throws(NameResolutionError) in
            try await NameResolver.resolve("localhost", port: 80)
        }
        task.cancel()
        switch await task.result {
        case .success(let addresses): #expect(!addresses.isEmpty)
        case .failure(let error): #expect(error as? NameResolutionError == .cancelled)
        }
    }

    @Test func errorsHaveTheirNameAndAdvice() {
        let error = SystemError(code: 24, operation: "socket")
        #expect(error.name == "EMFILE")
        #expect(
            error.description
                == "socket: EMFILE (Too many open files). Raise the limit on open files: ulimit -n"
        )
        #expect(SystemError(code: 9_999, operation: "x").description == "x: errno 9999")
    }
}

/// What needs a process for itself.
@Suite("Descriptors and signals of a whole process", .timeLimit(.minutes(2)))
struct ProcessTests {
    @Test func tenThousandSocketsLeaveNoDescriptorBehind() async {
        await #expect(processExitsWith: .success) {
            // The runtime and its thread pool open descriptors of their own at first use.
            try await openAndClose(rounds: 4)
            let before = countDescriptors()
            try await openAndClose(rounds: 100)
            let after = countDescriptors()
            precondition(after <= before, "\(after - before) descriptors are left")
        }
    }

    @Test func aListenerWithoutDescriptorsRestsAndThenGoesOn() async {
        await #expect(processExitsWith: .success) {
            try await withLoop { loop in
                let greeter = Greeter(on: loop)
                let address = try await greeter.open()
                let client = TCPPeer(on: loop)
                // The runtime opens descriptors of its own at first use.
                try await Task.sleep(for: .milliseconds(1))
                try await client.connectWithoutDescriptorsLeft(to: address)
                var error: SystemError?
                while error == nil { error = await greeter.lastError }
                precondition(error?.name == "EMFILE")
                let before = await loop.run { loop.inspect().turns }
                try await Task.sleep(for: .milliseconds(30))
                let turns = await loop.run { loop.inspect().turns }
                precondition(turns - before < 20, "the loop spins")
                limitDescriptors(to: 1_000)
                let server = await greeter.next()
                await server?.use { $0.send([1]) }
                let bytes = await client.bytes(1)
                precondition(bytes == [1])
            }
        }
    }

    @Test func aSignalComesThroughTheStreamAndDoesNotEndTheProcess() async {
        await #expect(processExitsWith: .success) {
            try await withLoop { loop in
                let signals = try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop)
                let error = #expect(throws: SystemError.self) {
                    try ProcessSignals.stream(of: [.interrupt], on: loop)
                }
                precondition(error?.name == "EBUSY")
                raiseSignal(ProcessSignal.terminate.rawValue)
                for await signal in signals {
                    precondition(signal == .terminate)
                    break
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func withoutAStreamTheSignalEndsTheProcessAgain() async {
        await #expect(processExitsWith: .signal(ProcessSignal.terminate.rawValue)) {
            try await withLoop { loop in
                let task = Task {
                    for await _ in try ProcessSignals.stream(of: [.terminate], on: loop) {}
                }
                task.cancel()
                try await task.value
                raiseSignal(ProcessSignal.terminate.rawValue)
                // Another thread may be the one that is told: wait for the end instead of racing it.
                await forever()
            }
        }
    }
}

/// Opens and closes 100 sockets a round, UDP and TCP; every other round just drops them.
private func openAndClose(rounds: Int) async throws {
    try await withLoop { loop in
        let greeter = Greeter(on: loop)
        let address = try await greeter.open()
        for round in 0..<rounds {
            let stations = (0..<50).map { _ in Station(on: loop) }
            for station in stations { _ = try await station.open() }
            let clients = (0..<25).map { _ in TCPPeer(on: loop) }
            var servers: [TCPPeer] = []
            for client in clients {
                try await client.connect(to: address)
                if let server = await greeter.next() { servers.append(server) }
            }
            guard round.isMultiple(of: 2) else { continue }
            for station in stations { await station.close() }
            for client in clients { await client.use { $0.close() } }
            for server in servers { await server.use { $0.close() } }
        }
        await greeter.close()
        await loop.run {}
        let left = await loop.run { loop.inspect() }
        precondition(left.sources == 0, "\(left.sources) sockets are left")
        precondition(left.clients == 0, "\(left.clients) timers are left")
    }
}

/// Never returns.
private func forever() async {
    // Nobody resumes it: the process ends first.
    unsafe await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
}
