import Signaling
import Testing
import Wire

@testable import Caller

@Suite("Live status line")
struct StatusLineTests {
    static func status(at elapsed: Duration, state: String = "connected") -> CallStatus {
        var status = CallStatus(elapsed: elapsed, state: state)
        status.received = 32_149
        status.sent = 31_951
        status.packetsLost = 3
        status.loss = 0.0123
        status.jitter = .microseconds(1_240)
        status.roundTripTime = .microseconds(350)
        status.level = -24
        status.path = .init(local: "127.0.0.1:4000", remote: "127.0.0.1:5000")
        return status
    }

    @Test func saysEverythingOnOneLine() {
        #expect(
            Self.status(at: .seconds(72)).line
                == "01:12  connected  [######----]  in 32.1 out 32.0 kbit/s  loss 3 (1.2 %)"
                + "  jitter 1.2 ms  rtt 0.4 ms  127.0.0.1:4000 <-> 127.0.0.1:5000"
        )
        #expect(
            CallStatus(elapsed: .zero, state: "new").line.hasPrefix("00:00  ringing  [----------]")
        )
        #expect(Self.status(at: .seconds(3_725)).line.hasPrefix("1:02:05  "))
    }

    @Test func programsGetJSON() throws {
        let text = Self.status(at: .milliseconds(1_500)).json.text
        let object = try #require(try JSONValue(parsing: text).object)
        #expect(object["event"] == "status")
        #expect(object["elapsed"] == .number("1.500"))
        #expect(object["state"] == "connected")
        #expect(object["receivedBitsPerSecond"] == .number("32149"))
        #expect(object["loss"] == .number("0.0123"))
        #expect(object["roundTripMilliseconds"] == .number("0.350"))
        #expect(object["levelDecibels"] == .number("-24.0"))
        #expect(CallStatus(elapsed: .zero, state: "new").json["remote"] == .null)
    }

    @Test("what is no number becomes null", arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func oddNumbers(value: Double) throws {
        var status = CallStatus(elapsed: .seconds(-5), state: "\"\n")
        status.received = value
        status.loss = value
        status.level = value
        #expect(status.json["receivedBitsPerSecond"] == .null)
        #expect(throws: Never.self) { try JSONValue(parsing: status.json.text) }
        #expect(status.line.contains("in - out"))
    }

    @Test(
        "decimals are rounded",
        arguments: [
            (0.0, 1, "0.0"), (0.04, 1, "0.0"), (0.05, 1, "0.1"), (-1.25, 1, "-1.3"),
            (12.345, 2, "12.35"),
            (-0.4, 0, "0"), (99.99, 1, "100.0"), (7, 0, "7"), (0.001, 3, "0.001"),
        ]
    )
    func decimals(value: Double, places: Int, text: String) {
        #expect(Decimal.text(value, places: places) == text)
    }

    @Test func aTerminalLineIsWrittenOverAndCutToTheWidth() {
        var renderer = StatusRenderer(target: .terminal(columns: 20))
        let text = renderer.show(Self.status(at: .seconds(1)))
        #expect(text == "\r00:01  connected  [\u{1B}[K")
        let report = renderer.report("hung up", [:])
        #expect(report == "\r\u{1B}[Khung up\n")
        let again = renderer.report("bye", [:])
        #expect(again == "bye\n")
        let closing = renderer.closeLine()
        #expect(closing.isEmpty)
    }

    @Test func elsewhereALineComesEveryFiveSecondsOrWithANewState() {
        var renderer = StatusRenderer(target: .plain)
        var lines: [Int] = []
        for second in 0..<12 {
            let state = second < 7 ? "checking" : "connected"
            let text = renderer.show(Self.status(at: .seconds(second), state: state))
            #expect(text.isEmpty || text.hasSuffix("\n"))
            if !text.isEmpty { lines.append(second) }
        }
        #expect(lines == [0, 5, 7])
    }

    @Test func programsGetEveryStatusAndReport() {
        var renderer = StatusRenderer(target: .json)
        let first = renderer.show(Self.status(at: .seconds(1)))
        let second = renderer.show(Self.status(at: .seconds(1)))
        #expect(first == second && first.hasSuffix("}\n"))
        let report = renderer.report("x", ["event": "ended"])
        #expect(report == "{\"event\":\"ended\"}\n")
    }
}
