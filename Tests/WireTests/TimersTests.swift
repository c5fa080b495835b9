import Testing
import Wire

@Suite("Named timers")
struct TimersTests {
    private enum Name: Int, CaseIterable { case first, second, third }

    private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test("nothing runs at the start")
    func idle() {
        var timers = Timers<Name>()
        #expect(timers.next == nil)
        #expect(timers.deadline(of: .first) == nil)
        #expect(timers.popDue(at: at(.max)) == nil)
    }

    @Test("the earliest timer is next, whatever the order of setting")
    func earliest() {
        var timers = Timers<Name>()
        timers.set(.second, to: at(30))
        #expect(timers.next == at(30))
        timers.set(.third, to: at(10))
        timers.set(.first, to: at(20))
        #expect(timers.next == at(10))
        #expect(timers.deadline(of: .first) == at(20))
        #expect(timers.deadline(of: .second) == at(30))
        timers.set(.third, to: at(40))
        #expect(timers.next == at(20))
    }

    @Test("a timer is due at its deadline, not a nanosecond before")
    func due() {
        var timers = Timers<Name>()
        timers.set(.second, to: at(100))
        #expect(timers.popDue(at: at(99)) == nil)
        #expect(timers.next == at(100))
        #expect(timers.popDue(at: at(100)) == .second)
        #expect(timers.next == nil)
        #expect(timers.popDue(at: at(100)) == nil)
    }

    @Test("timers due together fire by deadline")
    func order() {
        var timers = Timers<Name>()
        timers.set(.first, to: at(3))
        timers.set(.second, to: at(1))
        timers.set(.third, to: at(2))
        #expect(
            [timers.popDue(at: at(9)), timers.popDue(at: at(9)), timers.popDue(at: at(9))]
                == [.second, .third, .first]
        )
    }

    @Test("ties fire in the order the cases are declared")
    func ties() {
        var timers = Timers<Name>()
        timers.set(.third, to: at(5))
        timers.set(.second, to: at(5))
        timers.set(.first, to: at(5))
        var fired: [Name] = []
        while let name = timers.popDue(at: at(5)) { fired.append(name) }
        #expect(fired == [.first, .second, .third])
    }

    @Test("a timer that was stopped does not fire")
    func cancelling() {
        var timers = Timers<Name>()
        timers.cancel(.first)
        timers.set(.first, to: at(1))
        timers.set(.second, to: at(2))
        timers.cancel(.first)
        #expect(timers.next == at(2))
        #expect(timers.popDue(at: at(9)) == .second)
        timers.set(.first, to: at(1))
        timers.set(.third, to: at(1))
        timers.cancelAll()
        #expect(timers.next == nil)
        #expect(timers.popDue(at: at(9)) == nil)
        timers.set(.third, to: at(4))
        #expect(timers.next == at(4))
    }
}
