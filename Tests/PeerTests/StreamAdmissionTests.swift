import Peer
import Testing
import Wire

@Suite("Who may stay connected to a passive candidate (RFC 6544 §4.1)")
struct StreamAdmissionTests {
    private let start = Instant(nanoseconds: 0)

    private func ends(host: UInt32, port: UInt16 = 1) -> StreamAdmission.Ends {
        StreamAdmission.Ends(
            local: SocketAddress(.loopback4, port: 9),
            remote: SocketAddress(IPAddress(v4: 0x0A00_0000 + host), port: port)
        )
    }

    @Test func strangersGoWhenTheirTimeIsUpAndPeersStay() {
        var admission = StreamAdmission()
        #expect(admission.deadline == nil)
        #expect(admission.admit(ends(host: 1), at: start).isEmpty)
        let later = start.advanced(by: .seconds(1))
        #expect(admission.admit(ends(host: 2), at: later).isEmpty)
        #expect(admission.deadline == start.advanced(by: .seconds(10)))
        admission.prove(ends(host: 1))
        #expect(!admission.isStranger(ends(host: 1)) && admission.isStranger(ends(host: 2)))
        #expect(admission.deadline == start.advanced(by: .seconds(11)))
        #expect(admission.popOverdue(at: start.advanced(by: .seconds(10))) == nil)
        let end = start.advanced(by: .seconds(11))
        #expect(admission.popOverdue(at: end) == ends(host: 2))
        #expect(admission.popOverdue(at: end) == nil && admission.deadline == nil)
    }

    @Test func aCrowdMakesRoomForWhoComes() {
        var admission = StreamAdmission()
        for host in 0..<32 as Range<UInt32> {
            #expect(admission.admit(ends(host: host), at: start).isEmpty)
        }
        #expect(admission.admit(ends(host: 32), at: start) == [ends(host: 0)])
        #expect(!admission.isStranger(ends(host: 0)) && admission.isStranger(ends(host: 32)))
        // Who has proven to be the peer is not in their way, nor they in its.
        admission.prove(ends(host: 1))
        #expect(admission.admit(ends(host: 33), at: start).isEmpty)
        #expect(admission.admit(ends(host: 34), at: start) == [ends(host: 2)])
    }

    @Test func oneAddressTakesNoMoreThanItsShare() {
        var admission = StreamAdmission()
        #expect(admission.admit(ends(host: 7), at: start).isEmpty)
        for port in 1...8 as ClosedRange<UInt16> {
            #expect(admission.admit(ends(host: 1, port: port), at: start).isEmpty)
        }
        #expect(admission.admit(ends(host: 1, port: 9), at: start) == [ends(host: 1, port: 1)])
        #expect(admission.isStranger(ends(host: 7)))
    }

    @Test func peersAreFewToo() {
        var admission = StreamAdmission()
        for host in 0..<32 as Range<UInt32> {
            #expect(admission.admit(ends(host: host), at: start).isEmpty)
            admission.prove(ends(host: host))
        }
        #expect(admission.admit(ends(host: 32), at: start) == [ends(host: 32)])
        #expect(!admission.isStranger(ends(host: 32)))
        admission.remove(ends(host: 0))
        #expect(admission.admit(ends(host: 32), at: start).isEmpty)
    }
}
