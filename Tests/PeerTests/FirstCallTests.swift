import NetworkSimulator
import Peer
import Testing
import Wire

/// A whole call on a simulated network.
///
/// Start reading here.
@Suite("A first call")
struct FirstCallTests {
    @Test func twoPeersConnectTalkAndHangUp() throws {
        // Two hosts on the internet, 60 ms of round trip to the network's middle and back.
        let call = try CallScene(seed: 1)

        // One offers, the other answers, candidates trickle.
        try call.negotiate()
        #expect(call.connect() == .done)

        // Each says fifty frames a second for five seconds, and hears all of the other's.
        call.talk(frames: 250)
        for host in [call.caller, call.answerer] {
            call.network.read(host) { node in
                let (sent, heard, concealed) = (
                    node.microphone.sent, node.ear.heard, node.ear.concealed
                )
                #expect(sent == 250)
                #expect(heard == Array(0 as UInt32..<250))
                #expect(concealed == 0)
            }
        }

        // One hangs up; the other knows one network delay later.
        call.hangUp(call.caller)
        _ = call.network.run(for: .milliseconds(100))
        let hasEnded = call.network.read(call.answerer) { $0.hasEnded }
        #expect(hasEnded)
    }

    @Test("the same seed gives the same packets, DTLS included")
    func repeatsExactly() throws {
        func capture(seed: UInt64) throws -> [UInt8] {
            let call = try CallScene(
                seed: seed,
                link: Link(delay: .milliseconds(30), loss: .random(0.1))
            )
            try call.negotiate()
            _ = call.connect()
            call.talk(frames: 100)
            return call.network.capture.pcap()
        }
        let first = try capture(seed: 7)
        #expect(try capture(seed: 7) == first)
        #expect(try capture(seed: 8) != first)
    }
}
