import SDP
import Testing

@Suite("Media direction, RFC 8866 §6.7")
struct MediaDirectionTests {
    @Test func namesComeBack() {
        for direction in MediaDirection.allCases {
            #expect(MediaDirection(direction.attribute) == direction)
            #expect(
                MediaDirection(sends: direction.sends, receives: direction.receives) == direction
            )
            #expect(direction.reversed.reversed == direction)
        }
    }

    @Test func aValueMakesItSomethingElse() {
        #expect(MediaDirection(SDPAttribute("sendrecv", "1")) == nil)
        #expect(MediaDirection(SDPAttribute("SENDRECV")) == nil)
    }

    @Test func theOtherSideSeesItReversed() {
        #expect(MediaDirection.sendOnly.reversed == .receiveOnly)
        #expect(MediaDirection.sendReceive.reversed == .sendReceive)
        #expect(MediaDirection.sendOnly.intersection(.receiveOnly) == .inactive)
        #expect(MediaDirection.sendReceive.intersection(.sendOnly) == .sendOnly)
    }
}
