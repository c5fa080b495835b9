import COpenSSL
import NetworkSimulator
import Testing
import Wire

@Suite("OpenSSL follows the simulation")
struct SimulatedOpenSSLTests {
    /// Remembers in which of its calls OpenSSL was under simulation.
    struct Witness: SimulatedNode {
        let here: SocketAddress
        var deadline: Instant? = .zero
        var wasActive: [Bool] = []
        var outputs = Queue<Datagram>()

        mutating func receive(_ datagram: Datagram, at now: Instant) {
            wasActive.append(SimulatedOpenSSL.isActive)
        }

        mutating func advance(to now: Instant) {
            deadline = nil
            wasActive.append(SimulatedOpenSSL.isActive)
            outputs.append(Datagram(from: here, to: here, payload: [1]))
        }

        mutating func popTransmit() -> Datagram? {
            guard SimulatedOpenSSL.isActive else { return nil }
            return outputs.popFirst()
        }
    }

    @Test func inEveryCallOfANodeAndNowhereElse() {
        let network = Simulation(seed: 1)
        let host = network.addHost("witness", addresses: [Pair.here.address]) { _ in
            Witness(here: Pair.here, wasActive: [SimulatedOpenSSL.isActive])
        }
        network.at(.seconds(1)) {
            network.with(host) { witness, _ in
                witness.wasActive.append(SimulatedOpenSSL.isActive)
            }
        }
        #expect(network.run(until: { false }) == .idle)
        let wasActive = network.read(host) { $0.wasActive }
        #expect(wasActive == [true, true, true, true])
        #expect(!SimulatedOpenSSL.isActive)
    }

    @Test func whereTheTestAsksForIt() {
        let network = Simulation(seed: 1)
        let isActive = network.simulated { _ in SimulatedOpenSSL.isActive }
        #expect(isActive)
        #expect(!SimulatedOpenSSL.isActive)
    }

    /// A process makes its contexts once: whichever run comes first must be like all others.
    @Test func contextsDrawNothingFromTheSimulation() {
        func drawn(afterContext: Bool) -> [UInt8] {
            SimulatedOpenSSL.withSimulation(seed: 7) {
                if afterContext { unsafe SSL_CTX_free(SSL_CTX_new_ex(nil, nil, DTLS_method())) }
                var bytes = [UInt8](repeating: 0, count: 16)
                // Writes as many bytes as the array has.
                let isDrawn = unsafe RAND_bytes(&bytes, 16)
                return isDrawn == 1 ? bytes : []
            }
        }
        let expected = drawn(afterContext: false)
        #expect(expected.count == 16 && drawn(afterContext: true) == expected)
    }
}
