import ICE
import Testing
import Wire

@Suite("Interleaving of address families, RFC 8421 §4")
struct LocalPreferencesTests {
    static func addresses(_ text: String...) -> [IPAddress] { text.compactMap { IPAddress($0) } }

    /// The addresses in the order of their preferences, as 4 and 6.
    static func order(six: Int, four: Int) -> String {
        let addresses =
            (0..<four).map { IPAddress(v4: UInt32($0) + 1) }
            + (0..<six).map { IPAddress(v6High: 0x2001 << 48, low: UInt64($0)) }
        let ranks = LocalPreferences.interleaving(addresses)
        return zip(addresses, ranks).sorted { $0.1 > $1.1 }
            .map { $0.0.family == .v4 ? "4" : "6" }.joined()
    }

    @Test(
        "neither family waits for the end of the other",
        arguments: [
            (0, 0, ""), (1, 0, "6"), (0, 2, "44"), (1, 1, "64"), (2, 2, "6464"), (6, 2, "66646664"),
            (1, 3, "6444"), (2, 4, "646444"), (3, 1, "6664"),
        ]
    )
    func order(six: Int, four: Int, order: String) {
        #expect(Self.order(six: six, four: four) == order)
    }

    @Test("the system's order within a family stays, over all interfaces")
    func stable() {
        let addresses = Self.addresses("10.0.0.1", "2001:db8::1", "10.1.0.1", "2001:db8:1::1")
        let ranks = LocalPreferences.interleaving(addresses)
        #expect(ranks == [65_527, 65_535, 65_511, 65_519])
    }

    @Test("neighbours differ for TCP, too, whose preference has 13 bits")
    func tcp() {
        let ranks = LocalPreferences.interleaving(Self.addresses("10.0.0.1", "10.1.0.1"))
        let priorities = ranks.map {
            Candidate.priority(
                of: .host,
                transport: .tcp(.passive),
                localPreference: $0,
                component: 1
            )
        }
        #expect(priorities[0] > priorities[1])
    }
}
